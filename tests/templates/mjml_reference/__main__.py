"""Writes `figures.json` again, with the MJML of `package-lock.json`: `python -m templates.mjml_reference`.

Needs Node and npm; no test does.
"""

import json
import subprocess
from collections import Counter
from pathlib import Path

from templates.mjml_reference.cases import cases, samples
from templates.mjml_reference.figures import figures

HERE = Path(__file__).parent


def main() -> None:
    """For each component its figures, and for each attribute those that it takes away and adds."""
    subprocess.run(["npm", "ci", "--ignore-scripts"], cwd=HERE, check=True)
    found = [*cases(), *samples()]
    documents = {f"{component} {attribute}": document for component, attribute, document in found}
    made = subprocess.run(
        ["node", "render.cjs"],
        cwd=HERE,
        check=True,
        input=json.dumps(documents),
        capture_output=True,
        text=True,
    )
    pages = json.loads(made.stdout)
    written: dict[str, dict[str, list[list[str]]]] = {}
    bare: Counter[str] = Counter()
    for component, attribute, _ in found:
        now = Counter(figures(pages[f"{component} {attribute}"]))
        bare = bare if attribute and component != "sample" else Counter()
        written.setdefault(component, {})[attribute] = [
            sorted((bare - now).elements()),
            sorted((now - bare).elements()),
        ]
        bare = bare if attribute else now
    lines = (
        f"{json.dumps(component)}: {{\n"
        + ",\n".join(f"  {json.dumps(name)}: {json.dumps(change)}" for name, change in changes.items())
        + "\n}"
        for component, changes in written.items()
    )
    (HERE / "figures.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
