"""The Jinja for a condition or loop of another language whose meaning is certain."""

import re

from outreach_tools.foreign.names import condition_for, list_for
from outreach_tools.importing.blocks import Block
from outreach_tools.importing.expressions import Known, is_our_block, is_ours
from outreach_tools.importing.item_names import in_item
from outreach_tools.importing.tags import Tag

_ASKED = re.compile(r"[#]?(?:if|unless|each|else\s+if)\s+([\w.\[\]@/-]+)")
_CONDITIONS = frozenset({"if", "unless"})


def statements_for(block: Block, known: Known, *, is_item: bool) -> list[tuple[str, str]]:
    """For each tag of the block its Jinja, and its notes; empty where any of it is unclear."""
    match block.opening.language:
        case "jinja":
            is_kept = is_our_block(block, known)
            return [(tag.code, "") for tag in block.tags] if is_kept else []
        case "handlebars":
            return _handlebars(block, known, is_item=is_item)
        case _:
            return _mailchimp(block, known)


def _handlebars(block: Block, known: Known, *, is_item: bool) -> list[tuple[str, str]]:
    name = block.opening.name
    asked = _ASKED.fullmatch(block.opening.code)
    if asked is None or not block.opening.code.startswith("#"):
        return []
    if name == "each":
        over = list_for(asked[1]) or (asked[1] if asked[1] == "order.items" else "")
        if not over or block.middles or is_item:
            return []
        return [(f"for item in {over}", f"a loop over {over}"), ("endfor", "")]
    if name not in _CONDITIONS:
        return []
    return _condition(block, asked[1], known, is_item=is_item, negated=name == "unless")


def _mailchimp(block: Block, known: Known) -> list[tuple[str, str]]:
    keyword, _, name = block.opening.code.partition(":")
    if keyword.upper() not in {"IF", "IFNOT"}:
        return []
    return _condition(block, name.strip(), known, is_item=False, negated=keyword.upper() == "IFNOT")


def _condition(
    block: Block, name: str, known: Known, *, is_item: bool, negated: bool
) -> list[tuple[str, str]]:
    asked = _asked(name, known, is_item=is_item)
    first = f"if not {asked}" if negated else f"if {asked}"
    found = [(first, first)] if asked else []
    for middle in block.middles:
        code = _middle(middle, known, is_item=is_item)
        found += [(code, "" if code == "else" else code)] if code else []
    is_whole = len(found) == len(block.middles) + 1
    return [*found, ("endif", "")] if is_whole else []


def _middle(tag: Tag, known: Known, *, is_item: bool) -> str:
    if tag.code.strip().rstrip(":").lower() in {"else", "^"}:
        return "else"
    other = _ASKED.fullmatch(tag.code)
    asked = _asked(other[1], known, is_item=is_item) if other else ""
    return f"elif {asked}" if asked else ""


def _asked(name: str, known: Known, *, is_item: bool) -> str:
    if is_item and not name.startswith("../"):
        return f"loop.{name[1:]}" if name in {"@first", "@last"} else in_item(name, known)
    name = name.removeprefix("../")
    return condition_for(name) or (name if "." in name and is_ours(name, known) else "")
