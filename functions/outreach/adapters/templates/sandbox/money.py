"""Amounts of money as people write them; the digits are shown as they came, never rounded or converted."""

import re
from collections.abc import Callable, Mapping

from outreach.adapters.templates.sandbox.limits import FactProblem

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
"""Only where the sign means one currency to nearly everybody who reads it."""
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


def money_filter(language: str) -> Callable[[object, object], str]:
    """`{{ order.total | money(order.currency) }}`: `€59.90` in English, `59,90 €` in German."""
    short = language.split("-", 1)[0].lower()
    thousands, point = SEPARATORS.get(short, SEPARATORS["en"])
    before = short not in SEPARATORS or short == "en"

    def money(amount: object, currency: object) -> str:
        """The amount with its currency; FactProblem unless it is a decimal string and an ISO 4217 code."""
        match = _AMOUNT.fullmatch(str(amount))
        if match is None:
            raise FactProblem('money wants a decimal amount such as "59.90"')
        if not isinstance(currency, str) or not _CURRENCY.fullmatch(currency):
            raise FactProblem('money wants a currency such as "EUR"')
        sign, whole, fraction = match.groups()
        digits = f"{int(whole):,}".replace(",", thousands) + (point + fraction if fraction else "")
        symbol = SYMBOLS.get(currency)
        if before and symbol:
            return f"{sign}{symbol}{digits}"
        return f"{sign}{digits}{NO_BREAK}{symbol or currency}"

    return money
