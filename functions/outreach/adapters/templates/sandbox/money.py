"""Amounts of money as people write them; the digits are shown as they came, never rounded or converted."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from jinja2 import Undefined

from outreach.adapters.templates.sandbox.limits import FactProblemError
from outreach.adapters.templates.sandbox.sizes import small

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_AMOUNT = re.compile(r"(-?)(\d+)(?:\.(\d+))?")
_CURRENCY = re.compile(r"[A-Z]{3}")
SYMBOLS: Mapping[str, str] = {
    "EUR": "€",
    "GBP": "£",
    "USD": "$",
    "JPY": "¥",
    "INR": "₹",
    "KRW": "₩",
    "BRL": "R$",
}
"""Only where the sign means one currency to nearly every reader."""
NO_BREAK = "\u00a0"

SEPARATORS: Mapping[str, tuple[str, str]] = {
    "en": (",", "."),
    "fr": ("\u202f", ","),
    "es": (".", ","),
    "de": (".", ","),
    "it": (".", ","),
    "nl": (".", ","),
    "pt": (".", ","),
}
"""For each language, what stands between thousands and before the fraction."""


LONGEST_AMOUNT = 40
"""Characters: more than any sum of money has."""
NO_AMOUNT = 'money wants a decimal amount such as "59.90"'


def _written(amount: object) -> str:
    """FactProblemError for anything but text or a number: the text of a list has no bound."""
    if isinstance(amount, Undefined):
        float(amount)  # its error says what is missing
    if isinstance(amount, bool) or not isinstance(amount, str | int | float | Decimal):
        raise FactProblemError(NO_AMOUNT)
    written = amount if isinstance(amount, str) else str(small(amount))
    return written if len(written) <= LONGEST_AMOUNT else ""


def money_filter(language: str) -> Callable[[object, object], str]:
    """`{{ order.total | money(order.currency) }}`: `€59.90` in English, `59,90 €` in German."""
    short = language.split("-", 1)[0].lower()
    thousands, point = SEPARATORS.get(short, SEPARATORS["en"])
    before = short not in SEPARATORS or short == "en"

    def money(amount: object, currency: object) -> str:
        """The amount with its currency; FactProblemError unless it is a decimal and an ISO 4217 code."""
        match = _AMOUNT.fullmatch(_written(amount))
        if match is None:
            raise FactProblemError(NO_AMOUNT)
        if not isinstance(currency, str) or not _CURRENCY.fullmatch(currency):
            raise FactProblemError('money wants a currency such as "EUR"')
        sign, whole, fraction = match.groups()
        digits = f"{int(whole):,}".replace(",", thousands) + (point + fraction if fraction else "")
        symbol = SYMBOLS.get(currency)
        if before and symbol:
            return f"{sign}{symbol}{digits}"
        return f"{sign}{digits}{NO_BREAK}{symbol or currency}"

    return money
