"""A package of the npm registry that tests hold the product against; fetched once a checkout, workers queue for it."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt"
"""The system's: npm's own list knows no proxy of the house."""


def installed(package: str, version: str) -> Path:
    """The folder in which node finds `package`; the test fails with npm's own words when it can't be had."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.fail(f"node and npm are needed: the tests use {package}")
    folder = ROOT / "node_modules" / f".{package.replace('/', '-').strip('@')}"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "node_modules" / package / "package.json").exists():
            arguments = ["--no-save", "--no-audit", "--no-fund", "--ignore-scripts", f"{package}@{version}"]
            done = subprocess.run(
                ["npm", "install", "--prefix", str(folder), *arguments],
                env={"NODE_EXTRA_CA_CERTS": AUTHORITIES, **os.environ},
                capture_output=True,
                text=True,
                timeout=300,
            )
            if done.returncode:
                pytest.fail(f"npm can't install {package}: {done.stderr[-500:]}")
    return folder
