"""The colours of `brand.yaml`, in light and in dark: every pair that the layout puts on top of each other."""

from collections.abc import Iterator, Mapping

import yaml

from outreach.adapters.templates.constants import BRAND
from outreach_tools.checks.contrast import AA, colour_of, contrast
from outreach_tools.checks.finding import Finding

PAIRS = (
    ("ink", "page"),
    ("ink", "card"),
    ("ink", "tint"),
    ("soft", "page"),
    ("soft", "card"),
    ("accent", "page"),
    ("accent", "card"),
    ("accent", "tint"),
    ("on_accent", "accent"),
)
"""The text colour, and its background."""
MODES = ("light", "dark")


def brand_colour_findings(text: str) -> Iterator[Finding]:
    """For the text of a `brand.yaml` that is known to be a mapping."""
    node = yaml.compose(text, yaml.CSafeLoader)
    for mode in MODES:
        colours = _scalars(_inside(node, mode))
        for words, ground in PAIRS:
            if words not in colours or ground not in colours:
                continue
            yield from _pair(mode, words, ground, colours)


def _pair(mode: str, words: str, ground: str, colours: Mapping[str, yaml.ScalarNode]) -> Iterator[Finding]:
    above, below = colour_of(colours[words].value), colour_of(colours[ground].value)
    mark = colours[words].start_mark
    if above is None or below is None:
        wrong = words if above is None else ground
        mark = colours[wrong].start_mark
        rule, what = "colour", f"{mode}.{wrong} is no colour; write six digits, such as '#2f5d46'"
    elif contrast(above, below) < AA:
        found = f"{mode}.{words} on {mode}.{ground} has a contrast of {contrast(above, below):.1f} to 1"
        rule, what = "colour-contrast", f"{found}; {AA} is needed"
    else:
        return
    yield Finding(BRAND, mark.line + 1, mark.column + 1, rule, what)


def _inside(node: yaml.Node | None, name: str) -> yaml.Node | None:
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    return next((value for key, value in pairs if key.value == name), None)


def _scalars(node: yaml.Node | None) -> dict[str, yaml.ScalarNode]:
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    return {key.value: value for key, value in pairs if isinstance(value, yaml.ScalarNode)}
