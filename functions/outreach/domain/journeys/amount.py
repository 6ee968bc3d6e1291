"""An amount of money as expressions and messages see it: its digits as they came, and its value."""

import re
from decimal import Decimal

_DECIMAL = re.compile(r"-?[0-9]{1,18}(?:\.[0-9]{1,18})?")


class Amount(str):
    """Decimal text that compares with numbers and with other amounts by its value.

    With any other text it compares as text, so an expression that was written for the text of an amount means
    what it meant. Amounts are of the shop's currency.
    """

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        value = value_of(other)
        return str.__eq__(self, other) if value is None else Decimal(self) == value

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __lt__(self, other: object) -> bool:
        value = value_of(other)
        return str.__lt__(self, other) if value is None else Decimal(self) < value  # type: ignore[operator]  # as for any text

    def __le__(self, other: object) -> bool:
        value = value_of(other)
        return str.__le__(self, other) if value is None else Decimal(self) <= value  # type: ignore[operator]  # as for any text

    def __gt__(self, other: object) -> bool:
        value = value_of(other)
        return str.__gt__(self, other) if value is None else Decimal(self) > value  # type: ignore[operator]  # as for any text

    def __ge__(self, other: object) -> bool:
        value = value_of(other)
        return str.__ge__(self, other) if value is None else Decimal(self) >= value  # type: ignore[operator]  # as for any text

    __hash__ = str.__hash__

    def lower(self) -> "Amount":
        """Itself: Jinja's sort, min and max lower every text, and would compare the digits of a plain one."""
        return self


def value_of(value: object) -> Decimal | None:
    """The number that an amount or a number is; None for everything else.

    A float is read as it is written: 59.9 is 59.9, and not the nearest binary fraction.
    """
    if isinstance(value, Amount | Decimal):
        return Decimal(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return Decimal(repr(value))


def amount_of(value: object) -> Amount | None:
    """The amount that a producer means by text or a JSON number; None when it is none.

    JSON numbers cannot end in a zero, so a fraction gets two digits at least.
    """
    if isinstance(value, Amount):
        return value
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        return None
    written = value if isinstance(value, str) else str(value)
    if isinstance(value, float) and len(written.partition(".")[2]) == 1:
        written += "0"
    return Amount(written) if _DECIMAL.fullmatch(written) else None
