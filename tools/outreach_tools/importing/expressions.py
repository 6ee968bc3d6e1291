"""Which expressions and statements of a foreign file are valid here already."""

import re
from collections.abc import Collection, Mapping

from outreach.adapters.templates.sandbox.environment import sandbox
from outreach.adapters.templates.sandbox.program import slips_in
from outreach.domain.intake.order import OrderItem
from outreach_tools.importing.blocks import Block

_LOOP = re.compile(r"for\s+(\w+)\s+in\s+(.+)", re.DOTALL)
_ITEM_FACTS = frozenset(OrderItem.__dataclass_fields__)
_OURS = frozenset({"if", "for"})

type Known = Mapping[str, Collection[str] | None]


def is_ours(expression: str, known: Known) -> bool:
    """Whether it can be shown as it is: our syntax, and known facts."""
    return _compiles(f"{{{{ {expression} }}}}", known)


def is_our_statement(code: str, known: Known) -> bool:
    """Whether a statement that stands alone is one of ours."""
    return code.startswith("set ") and _compiles(f"{{% {code} %}}", known)


def is_our_block(block: Block, known: Known) -> bool:
    """Whether the tags of a condition or loop make one of ours."""
    if block.opening.name not in _OURS or block.closing is None:
        return False
    return _compiles("".join(f"{{% {tag.code} %}}" for tag in block.tags), known)


def known_inside(block: Block, known: Known) -> Known:
    """The names that can be used inside: those around, and that of the loop."""
    if block.opening.name == "each":
        return {**known, "item": _ITEM_FACTS}
    loop = _LOOP.fullmatch(block.opening.code)
    if block.opening.name != "for" or loop is None:
        return known
    return {**known, loop[1]: _ITEM_FACTS if loop[2].strip() == "order.items" else None}


def _compiles(source: str, known: Known) -> bool:
    return not any(slips_in(source, sandbox("en", html=True), known))
