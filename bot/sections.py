"""One typed model per table of config.toml; keys and defaults are interfaces.md §Configuration."""

from __future__ import annotations

import base64
import binascii
import ipaddress
import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


def seconds(value: Any) -> float:
    """Seconds of "500ms", "5s", "10m", "4h", "1d" or of a plain number; ValueError says how to write one."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)?", str(value).strip())
    if not found:
        raise ValueError('write a duration such as "5s", "10m" or "4h"')
    return float(found[1]) * _UNITS[found[2] or "s"]


def is_loopback(host: str) -> bool:
    """Whether `host` (a name or an address) can only be this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def on_loopback(url: str) -> bool:
    """Whether the URL's host can only be this machine."""
    return is_loopback(urlsplit(url).hostname or "")


def _web_url(value: str) -> str:
    parts = urlsplit(value)
    if value and (parts.scheme not in {"http", "https"} or not parts.hostname):
        raise ValueError('write a full address such as "https://duban.example.gov.cn"')
    return value.rstrip("/")


def _api_url(value: str) -> str:
    value = _web_url(value)
    if value.startswith("http://") and not on_loopback(value):
        raise ValueError("http:// is accepted on loopback only; write https://")
    return value


def _database_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"sqlite", "postgres", "postgresql"}:
        raise ValueError('write "sqlite://duban.db" or "postgres://user:password@host:5432/duban"')
    if parts.scheme != "sqlite" and not parts.path.strip("/"):
        raise ValueError("name the database after the host: postgres://user:password@host:5432/duban")
    return value


def _listen(value: str) -> str:
    host, _, port = value.rpartition(":")
    if value and not (host and port.isdigit() and int(port) < 65536):
        raise ValueError('write host:port such as "127.0.0.1:8714", or "" to turn it off')
    return value


def _aes_key(value: SecretStr) -> SecretStr:
    text = value.get_secret_value()
    try:
        good = not text or (len(text) == 43 and len(base64.b64decode(text + "=", validate=True)) == 32)
    except binascii.Error:
        good = False
    if not good:
        raise ValueError("the EncodingAESKey is 43 letters and digits; copy it again from the app's page")
    return value


def _long(value: SecretStr) -> SecretStr:
    if 0 < len(value.get_secret_value().encode()) < 32:
        raise ValueError('write at least 32 bytes, or "" to have one made and kept in keys.toml')
    return value


def _instant(value: str) -> str:
    if value:
        try:
            datetime.fromisoformat(value)
        except ValueError:
            raise ValueError('write an instant such as "2026-03-02T09:00:00+08:00"') from None
    return value


Seconds = Annotated[float, BeforeValidator(seconds), Field(gt=0)]
WebUrl = Annotated[str, AfterValidator(_web_url)]
ApiUrl = Annotated[str, Field(min_length=1), AfterValidator(_api_url)]
GatewayUrl = Annotated[str, AfterValidator(_api_url)]
ControlUrl = Annotated[GatewayUrl, AfterValidator(lambda url: url.removesuffix("/clock"))]
NoticeKind = Literal["initiate", "remind", "urge", "supervise", "accountability_proposal"]


class Section(BaseModel):
    """A table of the file: unknown keys are refused, values never change, inputs never show in errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Server(Section):
    """Where the bot listens; `public_url` begins links, `admin_listen` ("" = off) carries metrics.

    `messages_per_minute`: the most that are taken from one person, see `handlers/crowd.py`."""

    host: Annotated[str, Field(min_length=1)] = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8713
    public_url: WebUrl = ""
    sandbox: bool = False
    admin_listen: Annotated[str, AfterValidator(_listen)] = "127.0.0.1:8714"
    messages_per_minute: Annotated[int, Field(ge=10)] = 120


def kept(value: Any) -> float | None:
    """Seconds of "90d", None of "forever"; ValueError for less than a month: until then a message may come again."""
    if value is None or value == "forever":
        return None
    found = seconds(value)
    if found < 30 * 86400:
        raise ValueError('keep at least "30d", or "forever"')
    return found


Kept = Annotated[float | None, BeforeValidator(kept)]


class Database(Section):
    """`url` may carry a password: it is kept out of every repr.

    `keep_messages`: how long (seconds, None = for ever) what came in, replies and digests stay before they are
    archived; `keep_closed`: the bodies and tries of a closed matter's notices.
    """

    url: Annotated[str, AfterValidator(_database_url), Field(repr=False)] = "sqlite://duban.db"
    pgbouncer: bool = False
    keep_messages: Kept = 180 * 86400.0
    keep_closed: Kept = 730 * 86400.0


class Wecom(Section):
    """One self-built app of WeCom."""

    enabled: bool = False
    corp_id: str = ""
    agent_id: Annotated[int, Field(ge=0)] = 0
    secret: SecretStr = SecretStr("")
    token: SecretStr = SecretStr("")
    aes_key: Annotated[SecretStr, AfterValidator(_aes_key)] = SecretStr("")
    api_base: ApiUrl = "https://qyapi.weixin.qq.com"


class Dingtalk(Section):
    """One internal app of DingTalk with its robot."""

    enabled: bool = False
    client_id: str = ""
    client_secret: SecretStr = SecretStr("")
    robot_code: str = ""
    corp_id: str = ""
    mode: Literal["stream", "http"] = "stream"
    api_base: ApiUrl = "https://api.dingtalk.com"
    oapi_base: ApiUrl = "https://oapi.dingtalk.com"
    card_template_id: str = ""


class CmccMas(Section):
    """The 云MAS gateway of China Mobile."""

    base_url: GatewayUrl = ""
    ec_name: str = ""
    ap_id: str = ""
    secret_key: SecretStr = SecretStr("")
    sign: str = ""
    add_serial: str = ""
    send_secret: SecretStr = SecretStr("")


class Aliyun(Section):
    """Aliyun SMS."""

    access_key_id: str = ""
    access_key_secret: SecretStr = SecretStr("")
    sign_name: str = ""
    template_code: str = ""
    endpoint: str = ""


class Tencent(Section):
    """Tencent Cloud SMS."""

    secret_id: str = ""
    secret_key: SecretStr = SecretStr("")
    app_id: str = ""
    sign_name: str = ""
    template_id: str = ""
    region: str = ""
    endpoint: str = ""


class Sms(Section):
    """The second lane: its driver, and when it is used (A44). `after` is in seconds, `sign` heads each text (A73).

    `per_person_day` and `per_day`: the most that leave on a day, to one person and to all; the office hears of it at
    four fifths. `sink`: where the driver `log` hands its texts, a sandbox's phones on loopback."""

    driver: Literal["log", "cmcc_mas", "aliyun", "tencent"] = "log"
    mode: Literal["fallback", "always", "off"] = "fallback"
    after: Seconds = 600.0
    always: tuple[NoticeKind, ...] = ("initiate", "supervise")
    sign: Annotated[str, Field(min_length=1, max_length=10)] = "督办"
    per_person_day: Annotated[int, Field(ge=1)] = 100
    per_day: Annotated[int, Field(ge=1)] = 5000
    sink: GatewayUrl = ""
    cmcc_mas: CmccMas = CmccMas()
    aliyun: Aliyun = Aliyun()
    tencent: Tencent = Tencent()


class Web(Section):
    """What signs sessions and links; `previous_secret` is still accepted while secrets rotate."""

    secret: Annotated[SecretStr, AfterValidator(_long)] = SecretStr("")
    previous_secret: Annotated[SecretStr, AfterValidator(_long)] = SecretStr("")


class Ledger(Section):
    """The key of the ledger chain's HMAC, kept outside the database."""

    key: Annotated[SecretStr, AfterValidator(_long)] = SecretStr("")


class Storage(Section):
    """The folders of uploads and media, and of what is archived from the database."""

    path: Annotated[str, Field(min_length=1)] = "files"
    archive: Annotated[str, Field(min_length=1)] = "archive"


class Engine(Section):
    """`tick` seconds between looks at the due rows, `batch` rows a transaction, `workers` sends at once."""

    tick: Seconds = 5.0
    batch: Annotated[int, Field(ge=1, le=10_000)] = 500
    workers: Annotated[int, Field(ge=1, le=64)] = 8


class Clock(Section):
    """Accelerated time, in a sandbox only: an own start and speed, or the `url` of the sandbox's control API (as
    `duban sandbox --json` prints it; its /clock is meant too) whose clock is followed."""

    start: Annotated[str, AfterValidator(_instant)] = ""
    speed: Annotated[float, Field(ge=0, le=1_000_000)] = 1.0
    url: ControlUrl = ""

    @property
    def start_at(self) -> datetime | None:
        """The virtual instant of the first start, in UTC; without an offset `start` is Asia/Shanghai."""
        if not self.start:
            return None
        at = datetime.fromisoformat(self.start)
        return (at if at.tzinfo else at.replace(tzinfo=timezone(timedelta(hours=8)))).astimezone(UTC)
