"""What a function's package holds: the code, its dependencies, and nothing that no function uses.

`make build` slims what the SAM CLI built for arm64; `make bench` and the tests install a package for this
machine's architecture and slim it in the same way.
"""

import compileall
import py_compile
import shutil
import subprocess
import zipfile
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FUNCTIONS = ROOT / "functions"
SERVICES = frozenset({"dynamodb", "events", "s3", "scheduler", "sesv2", "sqs", "ssm", "stepfunctions"})
"""The AWS services whose models the package keeps, by botocore's names. A test holds them to the clients
that the functions build."""
FOR_EVERY_CLIENT = frozenset(
    {"_retry.json", "endpoints.json", "partitions.json", "sdk-default-configuration.json"}
)
"""The files that botocore reads for a client of any service."""


def install(target: Path) -> None:
    """Install the locked dependencies for this machine's architecture into `target`, and our code."""
    uv = ROOT / ".tools" / "bin" / "uv"
    python = ROOT / ".venv" / "bin" / "python"
    command = (uv, "pip", "install", "--quiet", "--python", python, "--target", target)
    locked = ("--require-hashes", "--no-deps", "--link-mode", "copy", "-r", FUNCTIONS / "requirements.txt")
    subprocess.run((*command, *locked), check=True, cwd=ROOT)
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(FUNCTIONS / "outreach", target / "outreach", ignore=ignored)


def slim(package: Path) -> None:
    """Remove the models of services that no function calls, and compile the rest for the runtime.

    `/var/task` is read-only, so a function without compiled files compiles every module at each cold start.
    The compiled files are of the kind that Python does not compare with the source (PEP 552, unchecked hash):
    the dates of files change on the way through a zip file.

    Raises RuntimeError if a module does not compile.
    """
    for entry in (package / "botocore" / "data").iterdir():
        if entry.name in SERVICES or entry.name in FOR_EVERY_CLIENT:
            continue
        _remove(entry)
    mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
    if not compileall.compile_dir(package, quiet=1, invalidation_mode=mode, stripdir=str(package), workers=1):
        raise RuntimeError(f"not every module below {package} compiles")


def size_of(folder: Path) -> int:
    """Bytes of all files below, unpacked."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def zipped_size_of(folder: Path) -> int:
    """Bytes of the zip file that Lambda gets."""
    zipped = BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                archive.write(file, file.relative_to(folder))
    return zipped.tell()


def _remove(entry: Path) -> None:
    if entry.is_dir():
        shutil.rmtree(entry)
    elif entry.exists():
        entry.unlink()
