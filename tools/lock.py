"""Resolve the dependencies anew: what is deployed, and what development needs. Run by `make lock`.

The files carry hashes and no index address, so they hold wherever packages come from.
"""

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMPILE = (
    str(ROOT / ".tools" / "bin" / "uv"),
    "pip", "compile", "--quiet", "--upgrade", "--generate-hashes", "--no-emit-index-url", "--no-annotate",
    "--custom-compile-command", "make lock", "--python-version", "3.13", "pyproject.toml",
)  # fmt: skip


def main() -> None:
    """Development's first; what is deployed is then the same versions, so that what was tested runs."""
    lock("requirements-dev.txt", "--universal", "--extra", "tools", "--group", "dev")
    platform = ("--python-platform", "aarch64-manylinux_2_34")
    lock("functions/requirements.txt", *platform, "-c", "requirements-dev.txt")


def lock(target: str, *options: str) -> None:
    """Write one lock file."""
    subprocess.run((*COMPILE, *options, "--output-file", target), check=True, cwd=ROOT)  # noqa: S603


if __name__ == "__main__":
    main()
