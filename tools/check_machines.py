"""Have an independent validator check the state machines. Run by `make check`.

asl-validator comes from npm; without npm, this says so and leaves the rest to `tests/house`.
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VALIDATOR = "asl-validator@4.0.0"
FILLED_IN = "arn:aws:lambda:us-east-1:123456789012:function:any"


def main() -> None:
    """Exit 1 when the validator finds a problem in any machine."""
    npx = shutil.which("npx")
    if npx is None:
        print("npm is not installed: the state machines were not read by asl-validator", file=sys.stderr)
        return
    with tempfile.TemporaryDirectory() as folder:
        machines = sorted((ROOT / "statemachines").glob("*.asl.json"))
        files = [substituted(file, Path(folder)) for file in machines]
        options = [option for file in files for option in ("--json-path", str(file))]
        command = [npx, "--yes", VALIDATOR, "--silent", *options]
        sys.exit(subprocess.run(command, check=False, cwd=folder).returncode)


def substituted(file: Path, folder: Path) -> Path:
    """The machine as it is deployed, with placeholders for what the template fills in."""
    text = file.read_text().replace("${Partition}", "aws")
    filled = folder / file.name
    filled.write_text(json.dumps(json.loads(re.sub(r"\$\{\w+\}", FILLED_IN, text))))
    return filled


if __name__ == "__main__":
    main()
