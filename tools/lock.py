"""Resolve the dependencies anew: what is deployed, and what development needs. Run by `make lock`.

The files carry hashes and no index address, so they hold wherever packages come from.
"""

import subprocess
from pathlib import Path

from bootstrap import UV_LOCK, uv_version

ROOT = Path(__file__).resolve().parent.parent
COMPILE = (
    str(ROOT / ".tools" / "bin" / "uv"),
    "pip", "compile", "--quiet", "--generate-hashes", "--no-emit-index-url", "--no-annotate",
    "--custom-compile-command", "make lock",
)  # fmt: skip
OURS = ("--upgrade", "--python-version", "3.13", "pyproject.toml")
OLDEST_PYTHON = "3.9"
"""Of the plain python3 that fetches uv."""


def main() -> None:
    """Development's first; what is deployed is then the same versions, so that what was tested runs."""
    lock("requirements-dev.txt", *OURS, "--universal", "--extra", "tools", "--group", "dev")
    platform = ("--python-platform", "aarch64-manylinux_2_34")
    lock("functions/requirements.txt", *OURS, *platform, "-c", "requirements-dev.txt")
    lock_uv()


def lock_uv() -> None:
    """Lock uv itself, in the version that its lock file names: change it there, and lock anew."""
    only = f"uv=={uv_version()}\n"
    lock(UV_LOCK, "--universal", "--python-version", OLDEST_PYTHON, "-", given=only)


def lock(target: str, *options: str, given: str | None = None) -> None:
    """Write one lock file; `given` is what `-` reads."""
    command = (*COMPILE, *options, "--output-file", target)
    subprocess.run(command, check=True, cwd=ROOT, input=given, text=True)


if __name__ == "__main__":
    main()
