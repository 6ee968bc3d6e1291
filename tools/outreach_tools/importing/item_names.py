"""The meaning of names inside of `{{#each items}}`, where they belong to an item of the order."""

from outreach_tools.foreign.names import item_fact_for
from outreach_tools.importing.expressions import Known, is_ours


def in_item(name: str, known: Known) -> str:
    """The expression for a name; empty where it is unclear."""
    if name == "@index":
        return "loop.index0"
    if name in {"this", "."}:
        return ""
    own = name.removeprefix("this.")
    return item_fact_for(own) or (own if "." in own and is_ours(own, known) else "")
