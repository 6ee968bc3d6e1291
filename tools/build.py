"""Package the functions for AWS with the SAM CLI, and report how large they are. Run by `make build`.

The SAM CLI pins its own boto3, so it runs from an environment of its own.
"""

import os
import subprocess
import sys
from pathlib import Path

from outreach.adapters.contained import LEADS_OUTSIDE, is_contained

ROOT = Path(__file__).resolve().parent.parent
SAM = (str(ROOT / ".tools" / "bin" / "uv"), "tool", "run", "--from", "aws-sam-cli==1.170.0", "sam")
BUILT = ROOT / ".aws-sam" / "build"
LARGEST_UNPACKED = 250 * 1024 * 1024
"""Bytes, function and layers together (AWS Lambda quota)."""


def main() -> None:
    """Build, then say the size; exit 1 when Lambda would not take it."""
    refuse_links()
    sam("validate", "--lint", "--region", "us-east-1")
    sam("build")
    sizes = {folder.name: size_of(folder) for folder in sorted(BUILT.iterdir()) if folder.is_dir()}
    for name, size in sizes.items():
        print(f"{name}: {size / 1024 / 1024:.1f} MiB unpacked")
    if max(sizes.values()) + sizes.get("TemplatesLayer", 0) > LARGEST_UNPACKED:
        sys.exit("too large: Lambda takes 250 MiB, unpacked, with layers")


def refuse_links() -> None:
    """Exit 1 for a link that leads out of templates/: the SAM CLI would package what it leads to."""
    folder = ROOT / "templates"
    links = [path for path in sorted(folder.rglob("*")) if not is_contained(folder, path)]
    if links:
        sys.exit("\n".join(f"{path.relative_to(ROOT)}: {LEADS_OUTSIDE}" for path in links))


def sam(*arguments: str) -> None:
    """Run the SAM CLI; a failure ends the build."""
    venv_first = f"{ROOT / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": venv_first, "SAM_CLI_TELEMETRY": "0"}
    subprocess.run((*SAM, *arguments), check=True, cwd=ROOT, env=environment)  # noqa: S603


def size_of(folder: Path) -> int:
    """Bytes of all files below."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


if __name__ == "__main__":
    main()
