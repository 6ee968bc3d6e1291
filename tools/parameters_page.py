"""Write the table of docs/parameters.md anew from template.yaml: run it after a parameter has changed."""

from pathlib import Path
from typing import Any

from samtranslator.yaml_helper import yaml_parse

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "parameters.md"
HEADING = "## All of them\n\n"
HEAD = "| parameter | default | what it is |\n|---|---|---|\n"


def main() -> None:
    """Keep what stands above the table."""
    above, _, _ = PAGE.read_text("utf-8").partition(HEADING)
    declared = yaml_parse((ROOT / "template.yaml").read_text("utf-8"))["Parameters"]
    PAGE.write_text(above + HEADING + table(declared), "utf-8")


def table(declared: dict[str, dict[str, Any]]) -> str:
    """One row for each parameter, in the template's order."""
    return HEAD + "".join(
        f"| `{name}` | {default_of(it)} | {it['Description']} |\n" for name, it in declared.items()
    )


def default_of(parameter: dict[str, Any]) -> str:
    """A short text where there is none."""
    if "Default" not in parameter:
        return "none: it must be given"
    return f"`{parameter['Default']}`" if parameter["Default"] != "" else "empty"


if __name__ == "__main__":
    main()
