"""Put the uv command into DIR/bin without touching the system: `python3 .ci/uv.py DIR`.

A uv on PATH is used as it is; else the system's pip installs one into DIR. Debian ships python3 without pip: the
message then names the packages.
"""

import pathlib
import shutil
import subprocess
import sys

PIP = [sys.executable, "-m", "pip"]


def main() -> int:
    home = pathlib.Path(sys.argv[1]).resolve()
    link = home / "bin" / "uv"
    link.parent.mkdir(parents=True, exist_ok=True)
    found = shutil.which("uv")
    if found and subprocess.run([found, "--version"], capture_output=True).returncode == 0:
        link.symlink_to(found)
    elif installed(home / "lib"):
        link.symlink_to(home / "lib" / "bin" / "uv")
    else:
        print("uv is missing and pip can't fetch it: apt-get install python3-pip, then run make again", file=sys.stderr)
        return 2
    return 0


def installed(target: pathlib.Path) -> bool:
    """Whether pip could put uv into `target`; pip warns about root and about Debian's own packages for nothing."""
    listed = subprocess.run([*PIP, "install", "--help"], capture_output=True, text=True)
    apart = ["--break-system-packages"] if "--break-system-packages" in listed.stdout else []
    quiet = ["-q", "--root-user-action=ignore"] if "--root-user-action" in listed.stdout else ["-q"]
    command = [*PIP, "install", *quiet, *apart, "--target", str(target), "uv>=0.9,<1"]
    return listed.returncode == 0 and subprocess.run(command).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
