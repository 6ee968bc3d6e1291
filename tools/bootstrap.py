"""Make the environment in .venv with nothing but a plain python3 and the package registries.

Run by `make setup`. It fetches uv into .tools, finds or fetches Python 3.13, installs exactly what the lock
files name, and does nothing when nothing has changed since the last time.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS, VENV = ROOT / ".tools", ROOT / ".venv"
UV_LOCK = "tools/requirements-uv.txt"
PYTHON = "3.13"
INPUTS = (
    "pyproject.toml",
    "requirements-dev.txt",
    "functions/requirements.txt",
    UV_LOCK,
    "tools/bootstrap.py",
)


def main() -> None:
    """Set up, unless the stamp says that the same inputs were set up before."""
    stamp = VENV / "outreach-setup.stamp"
    wanted = hashlib.sha256(b"\0".join((ROOT / name).read_bytes() for name in INPUTS)).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print("Setting up .venv (once; a minute or so) ...", flush=True)
    uv = find_uv()
    run(uv, "venv", "--quiet", "--clear", "--python", find_python(uv), str(VENV))
    install = (uv, "pip", "install", "--quiet", "--python", str(VENV / "bin" / "python"))
    run(*install, "--require-hashes", "--no-deps", "-r", "requirements-dev.txt")
    run(*install, "--no-deps", "--no-build-isolation", "--editable", ".")
    stamp.write_text(wanted)


def find_uv() -> str:
    """Return uv of the pinned version in .tools, fetched from the package index when it is missing."""
    there = TOOLS / "bin" / "uv"
    if there.exists() and uv_version() in output(str(there), "--version").split():
        return str(there)
    install = ("-m", "pip", "install", "--quiet", "--require-hashes", "--no-deps", "-r", UV_LOCK)
    try:
        run(sys.executable, "-m", "venv", "--clear", str(TOOLS))
        run(str(TOOLS / "bin" / "python"), *install)
    except subprocess.CalledProcessError:  # a python3 without venv or ensurepip, as on bare Debian
        shutil.rmtree(TOOLS, ignore_errors=True)
        run(sys.executable, *install, "--target", str(TOOLS))
    return str(there)


def uv_version() -> str:
    """The version that the lock file pins, with the hashes of its files for every platform."""
    lines = (ROOT / UV_LOCK).read_text().splitlines()
    return next(line.removeprefix("uv==").split()[0] for line in lines if line.startswith("uv=="))


def find_python(uv: str) -> str:
    """Python 3.13: one that uv or pyenv has, or one that uv fetches."""
    known = output(uv, "python", "find", PYTHON, "--no-python-downloads")
    if known:
        return known
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    kept = sorted(pyenv.glob(f"{PYTHON}*/bin/python"))
    return str(kept[-1]) if kept else PYTHON


def run(*command: str) -> None:
    """Run in the project's folder; a failure ends the set-up."""
    subprocess.run(command, check=True, cwd=ROOT)


def output(*command: str) -> str:
    """What the command prints, or nothing when it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    return done.stdout.strip() if done.returncode == 0 else ""


if __name__ == "__main__":
    main()
