"""Put the uv command into DIR/bin without touching the system: `python3 .ci/uv.py DIR`.

Tries, in turn: a uv on PATH, a venv's own pip, and pip's zipapp-free `--target` install. A bare Debian ships
python3 without ensurepip; the message then names the one package to install.
"""

import pathlib
import shutil
import subprocess
import sys


def main() -> int:
    home = pathlib.Path(sys.argv[1]).resolve()
    link = home / "bin" / "uv"
    link.parent.mkdir(parents=True, exist_ok=True)
    found = shutil.which("uv")
    if found and subprocess.run([found, "--version"], capture_output=True).returncode == 0:
        link.symlink_to(found)
        return 0
    for base in ([sys.executable, "-m", "pip"],):
        if subprocess.run([*base, "--version"], capture_output=True).returncode:
            continue
        target = home / "lib"
        command = [*base, "install", "-q", "--target", str(target), "uv>=0.9,<1"]
        extra = ["--break-system-packages"] if "break-system" in help_of(base) else []
        if subprocess.run([*command, *extra]).returncode == 0:
            link.symlink_to(target / "bin" / "uv")
            return 0
    print("uv is missing and pip cannot fetch it: install it (apt-get install python3-pip python3-venv), then run make again",
          file=sys.stderr)
    return 2


def help_of(base: list[str]) -> str:
    return subprocess.run([*base, "install", "--help"], capture_output=True, text=True).stdout


if __name__ == "__main__":
    sys.exit(main())
