"""The database's URL turned into Tortoise's configuration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from bot import errors
from models import MODELS

ABANDONED = "60s"
"""A machine that vanishes or freezes inside a transaction leaves its locks on the matters: after this time PostgreSQL
takes them back. Without it an officer's answer would wait for TCP to notice, two hours by default."""


def config(url: str, *, pgbouncer: bool = False, pool: int = 20, **pragmas: object) -> dict[str, Any]:
    """Tortoise's configuration for `sqlite://path` or `postgres://user:pass@host:port/db?host=/socketdir`.

    The connection is named by its dialect, because Tortoise caches INSERT statements by connection name.
    """
    if url.startswith("sqlite://"):
        name, connection = "sqlite", _sqlite(url, pragmas)
    elif url.startswith(("postgres://", "postgresql://")):
        name, connection = "postgres", _postgres(url, pgbouncer, pool)
    else:
        raise errors.ConfigError(f"database.url: write sqlite://FILE or postgres://…, not {url.split(':')[0]!r}")
    app = {"models": list(MODELS), "default_connection": name, "migrations": "models.migrations"}
    return {"connections": {name: connection}, "apps": {"models": app}, "use_tz": True, "timezone": "UTC"}


def _sqlite(url: str, pragmas: Mapping[str, object]) -> dict[str, Any]:
    path = unquote(url.removeprefix("sqlite://"))
    if not path or path.startswith(":memory:"):
        raise errors.ConfigError("database.url: name a file, as in sqlite://duban.db")
    chosen = {"busy_timeout": 5000, "synchronous": "FULL", "foreign_keys": "ON", **pragmas}
    return {"engine": "models.sqlite", "credentials": {"file_path": path, **chosen}}


def _postgres(url: str, pgbouncer: bool, pool: int) -> dict[str, Any]:
    parts = urlsplit(url)
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    credentials: dict[str, Any] = {
        "host": query.get("host") or parts.hostname or "127.0.0.1",
        "port": parts.port or 5432,
        "user": unquote(parts.username or "postgres"),
        "password": unquote(parts.password) if parts.password else None,
        "database": unquote(parts.path.lstrip("/")),
        "minsize": 1,
        "maxsize": pool,
    }
    if "sslmode" in query:
        credentials["ssl"] = query["sslmode"]
    # a transaction pooler gives every statement another server: nothing may be prepared by name, no setting lasts
    own = {"application_name": "duban", "server_settings": {"idle_in_transaction_session_timeout": ABANDONED}}
    credentials |= {"statement_cache_size": 0} if pgbouncer else own
    return {"engine": "models.postgres", "credentials": credentials}
