"""Package the functions for AWS with the SAM CLI, and report how large they are. Run by `make build`.

The SAM CLI pins its own boto3, so it runs from an environment of its own. It installs every dependency whole;
`lambda_package.slim` then removes what no function uses.
"""

import os
import subprocess
import sys
from pathlib import Path

from lambda_package import size_of, slim, zipped_size_of
from outreach.adapters.contained import LEADS_OUTSIDE, is_contained

ROOT = Path(__file__).resolve().parent.parent
SAM = (str(ROOT / ".tools" / "bin" / "uv"), "tool", "run", "--from", "aws-sam-cli==1.170.0", "sam")
BUILT = ROOT / ".aws-sam" / "build"
MIB = 1024 * 1024
LARGEST_UNPACKED = 250 * MIB
"""Bytes, function and layers together (AWS Lambda quota)."""


def main() -> None:
    """Build, then print the size of each package; exit 1 when Lambda would not accept one."""
    refuse_links()
    sam("validate", "--lint", "--region", "us-east-1")
    sam("build")
    layer = size_of(ROOT / "templates")
    for package in sorted(folder for folder in BUILT.iterdir() if folder.is_dir()):
        slim(package)
        unpacked = size_of(package)
        zipped = zipped_size_of(package)
        print(f"{package.name}: {unpacked / MIB:.1f} MiB unpacked, {zipped / MIB:.1f} MiB zipped")
        if unpacked + layer > LARGEST_UNPACKED:
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


if __name__ == "__main__":
    main()
