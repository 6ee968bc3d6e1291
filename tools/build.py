"""Package the functions for AWS with the SAM CLI, and report how large they are. Run by `make build`.

The SAM CLI pins its own boto3, so it runs from an environment of its own. It installs every dependency whole;
`lambda_package.slim` then removes what no function uses.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from lambda_package import size_of, slim, zipped_size_of
from outreach.adapters.templates.contained import LEADS_OUTSIDE, is_contained
from outreach_tools.places import own_templates, templates_of

ROOT = Path(__file__).resolve().parent.parent
SAM = (str(ROOT / ".tools" / "bin" / "uv"), "tool", "run", "--from", "aws-sam-cli==1.170.0", "sam")
BUILT = ROOT / ".aws-sam" / "build"
TEMPLATE = ROOT / "template.yaml"
WITH_OWN_TEMPLATES = ROOT / "template.own.yaml"
"""Made here, and ignored by git: template.yaml with the shop's own folder of campaigns in its layer."""
_LAYER = "      ContentUri: templates/\n"
MIB = 1024 * 1024
LARGEST_UNPACKED = 250 * MIB
"""Bytes, function and layers together (AWS Lambda quota)."""


def main() -> None:
    """Build, then print the size of each package; exit 1 when Lambda would not accept one."""
    refuse_links()
    template = ("--template-file", str(template_to_build()))
    sam("validate", "--lint", "--region", "us-east-1", *template)
    sam("build", *template)
    layer = size_of(templates_of(ROOT))
    for package in sorted(folder for folder in BUILT.iterdir() if folder.is_dir()):
        slim(package)
        unpacked = size_of(package)
        zipped = zipped_size_of(package)
        print(f"{package.name}: {unpacked / MIB:.1f} MiB unpacked, {zipped / MIB:.1f} MiB zipped")
        if unpacked + layer > LARGEST_UNPACKED:
            sys.exit("too large: Lambda takes 250 MiB, unpacked, with layers")


def template_to_build() -> Path:
    """The project's template, or a copy of it whose layer is the shop's own folder (OUTREACH_TEMPLATES)."""
    own = own_templates()
    if own is None:
        return TEMPLATE
    text = TEMPLATE.read_text("utf-8")
    if text.count(_LAYER) != 1:
        raise RuntimeError(f"{TEMPLATE}: expected {_LAYER.strip()!r} once")
    # The SAM CLI reads paths as relative to the file that names them.
    folder = json.dumps(str(own.resolve()))
    WITH_OWN_TEMPLATES.write_text(text.replace(_LAYER, f"      ContentUri: {folder}\n"), "utf-8")
    return WITH_OWN_TEMPLATES


def refuse_links() -> None:
    """Exit 1 for a link that leads out of the templates: the SAM CLI would package its target."""
    folder = templates_of(ROOT)
    if not any(folder.glob("*/campaign.yaml")):
        sys.exit(f"{folder}: holds no campaign; a campaign is a folder with a campaign.yaml")
    links = [path for path in sorted(folder.rglob("*")) if not is_contained(folder, path)]
    if links:
        sys.exit("\n".join(f"{folder.name}/{path.relative_to(folder)}: {LEADS_OUTSIDE}" for path in links))


def sam(*arguments: str) -> None:
    """Run the SAM CLI; a failure ends the build."""
    venv_first = f"{ROOT / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": venv_first, "SAM_CLI_TELEMETRY": "0"}
    subprocess.run((*SAM, *arguments), check=True, cwd=ROOT, env=environment)


if __name__ == "__main__":
    main()
