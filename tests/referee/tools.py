"""Fetches the two programs into .tools/referee, in exactly the versions of the lock files."""

import hashlib
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
FOLDER = ROOT / ".tools" / "referee"
_INPUTS = ("requirements.txt", "package.json", "package-lock.json")
_PATIENCE = 600
"""Seconds that an installation may take."""


class NotRunError(Exception):
    """One of the programs cannot be installed here; the text says which, and why."""


@dataclass(frozen=True, slots=True)
class Tools:
    """How the programs are started."""

    ministack: tuple[str, ...]
    mail_reader: tuple[str, ...]


def fetch() -> Tools:
    """Install what is not there yet. Raises NotRunError."""
    node, npm = (_found(program) for program in ("node", "npm"))
    stamp = FOLDER / "stamp"
    wanted = hashlib.sha256(b"\0".join((HERE / name).read_bytes() for name in _INPUTS)).hexdigest()
    if not stamp.is_file() or stamp.read_text() != wanted:
        shutil.rmtree(FOLDER, ignore_errors=True)
        FOLDER.mkdir(parents=True)
        _install_ministack()
        _install_mail_reader(npm)
        stamp.write_text(wanted)
    return Tools(
        (str(FOLDER / "venv" / "bin" / "python"), "-m", "ministack"),
        (node, str(FOLDER / "node_modules" / "aws-ses-v2-local" / "dist" / "cli.js")),
    )


def _install_ministack() -> None:
    uv, python = ROOT / ".tools" / "bin" / "uv", ROOT / ".venv" / "bin" / "python"
    venv = FOLDER / "venv"
    _run("ministack", uv, "venv", "--quiet", "--python", python, venv)
    install = ("pip", "install", "--quiet", "--python", venv / "bin" / "python")
    _run("ministack", uv, *install, "--require-hashes", "--no-deps", "-r", HERE / "requirements.txt")


def _install_mail_reader(npm: str) -> None:
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, FOLDER / name)
    _run("aws-ses-v2-local", npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", FOLDER)


def _found(program: str) -> str:
    path = shutil.which(program)
    if path is None:
        words = f"aws-ses-v2-local needs {program}, which is not on the PATH: install Node.js 20 or later"
        raise NotRunError(words)
    return path


def _run(what: str, *command: str | Path) -> None:
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, cwd=FOLDER, timeout=_PATIENCE
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotRunError(f"{what} could not be installed: {error}") from None
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip() or "no output").splitlines()[-1]
        raise NotRunError(f"{what} could not be installed: {last}")
