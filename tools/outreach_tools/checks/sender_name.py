"""Whether the brand's name, which is the sender name of most shops, fits into the From of a message."""

from collections.abc import Iterator

import yaml

from outreach.adapters.ses.mime import sender_address
from outreach.adapters.templates.constants import BRAND
from outreach_tools.checks.finding import Finding

_SHORT = "a@example.com"
"""An address that is no longer than real ones."""


def sender_name_findings(text: str) -> Iterator[Finding]:
    """For the text of a `brand.yaml` that is known to be a mapping."""
    node = yaml.compose(text, yaml.CSafeLoader)
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    name = next((value for key, value in pairs if key.value == "name"), None)
    if not isinstance(name, yaml.ScalarNode):
        return
    try:
        sender_address(f"{name.value} <{_SHORT}>")
    except ValueError as problem:
        mark = name.start_mark
        yield Finding(BRAND, mark.line + 1, mark.column + 1, "sender-name", f"name: {problem}")
