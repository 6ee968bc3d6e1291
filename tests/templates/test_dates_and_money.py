"""Dates and amounts read as people write them."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from outreach.adapters.templates import TemplateBundle


@pytest.fixture
def shown(bundle: Callable[..., TemplateBundle], facts: dict[str, object]) -> Callable[..., str]:
    """What a tag shows in a language, with some facts changed."""

    def show(tag: str, language: str = "en", **changed: object) -> str:
        body = f"---\nsubject: a\npreheader: b\n---\n<o-card><mj-text>{tag}</mj-text></o-card>"
        made = bundle(files={f"c/m.{language}.mjml": body})
        return made.render("c", "m", {**facts, **changed}, locale=language).text.strip()

    return show


@pytest.mark.parametrize(
    ("language", "date"),
    [
        ("en", "Tuesday, 10 March"),
        ("fr", "mardi 10 mars"),
        ("es", "martes, 10 de marzo"),
        ("de", "Dienstag, 10. März"),
        ("it", "martedì 10 marzo"),
        ("nl", "dinsdag 10 maart"),
        ("pt", "terça-feira, 10 de março"),
        ("fi", "Tuesday, 10 March"),
    ],
)
def test_a_date_is_written_in_the_language_of_the_message(
    shown: Callable[..., str], language: str, date: str
) -> None:
    assert shown("{{ order.promised_at | date }}", language) == date


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Pacific/Kiritimati", "Wednesday, 11 March"),
        ("America/Los_Angeles", "Tuesday, 10 March"),
        ("UTC", "Tuesday, 10 March"),
        (None, "Tuesday, 10 March"),
        ("No/Such", "Tuesday, 10 March"),
        ("../etc/passwd", "Tuesday, 10 March"),
    ],
)
def test_a_date_is_the_day_in_the_customers_zone(
    shown: Callable[..., str], zone: str | None, day: str
) -> None:
    moment = datetime(2026, 3, 10, 20, tzinfo=UTC)
    assert (
        shown("{{ order.promised_at | date }}", customer={"time_zone": zone}, order={"promised_at": moment})
        == day
    )


def test_the_year_is_shown_when_it_is_not_this_one(shown: Callable[..., str]) -> None:
    order = {"promised_at": datetime(2027, 1, 4, 9, tzinfo=UTC)}
    assert shown("{{ order.promised_at | date }}", order=order) == "Monday, 4 January 2027"
    assert shown("{{ order.promised_at | date }}", "de", order=order) == "Montag, 4. Januar 2027"


@pytest.mark.parametrize(
    ("amount", "currency", "language", "text"),
    [
        ("59.90", "EUR", "en", "€59.90"),
        ("59.90", "EUR", "de", "59,90\u00a0€"),
        ("1249.00", "USD", "en", "$1,249.00"),
        ("1249.00", "USD", "fr", "1\u202f249,00\u00a0$"),
        ("98000", "JPY", "en", "¥98,000"),
        ("5.00", "CHF", "en", "5.00\u00a0CHF"),
        ("-3.50", "GBP", "en", "-£3.50"),
        ("1234567.891", "KWD", "es", "1.234.567,891\u00a0KWD"),
    ],
)
def test_money_is_written_in_the_language_of_the_message(
    shown: Callable[..., str], amount: str, currency: str, language: str, text: str
) -> None:
    order = {"total": amount, "currency": currency}
    shown_text = shown("{{ order.total | money(order.currency) }}", language, order=order)
    assert shown_text.split() == text.split()
