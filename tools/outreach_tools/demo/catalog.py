"""What the demo's shop sells: the orders file knows quantities and totals, not things."""

from collections.abc import Mapping, Sequence
from decimal import ROUND_DOWN, Decimal

from outreach_tools.demo.dice import Dice

LINES: Mapping[str, tuple[str, ...]] = {
    "espresso": ("Presto espresso machine", "Presto Duo espresso machine"),
    "oven": ("Hearth bread & pizza oven", "Hearth Mini pizza oven"),
    "skillet": ("Ember 26 cm skillet", "Ember 30 cm skillet"),
}
"""Product lines and the products in each."""
MOST_LINES = 2
"""An order holds one line, sometimes two."""


def items_for(quantity: int, total: Decimal, dice: Dice) -> Sequence[Mapping[str, object]]:
    """The lines of an order whose pieces add up to `quantity` and whose prices stay within `total`."""
    lines = [dice.pick("line", tuple(LINES))]
    if quantity >= MOST_LINES and dice.happens("second line", 0.25):
        lines.append(dice.pick("which second line", [line for line in LINES if line not in lines]))
    each = (total / quantity).quantize(Decimal("0.01"), ROUND_DOWN)
    split = [quantity] if len(lines) == 1 else [quantity - quantity // 2, quantity // 2]
    return [_item(line, count, each, dice) for line, count in zip(lines, split, strict=True)]


def _item(line: str, count: int, price: Decimal, dice: Dice) -> Mapping[str, object]:
    names = LINES[line]
    number = int(dice.share(f"which {line}") * len(names))
    return {
        "sku": f"{line}-{number + 1}",
        "name": names[number],
        "product_line": line,
        "quantity": count,
        "price": str(price),
    }
