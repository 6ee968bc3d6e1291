"""A shipped message, rendered for a customer as the product renders it."""

from functools import cache
from pathlib import Path

from outreach.adapters.templates import TemplateFolder

TEMPLATES = Path(__file__).parents[1] / "templates"


@cache
def folder() -> TemplateFolder:
    return TemplateFolder(TEMPLATES)


@cache
def _facts() -> dict[str, object]:
    people = folder().samples("win-back")
    return dict(people[next(iter(people))])


def campaign_message(customer_id: str) -> tuple[str, str, str]:
    """Subject, HTML and text of the first win-back message."""
    facts = {**_facts(), "message": {"name": "we-miss-you"}, "now": _facts().get("now")}
    del customer_id
    email = folder().render("win-back", "we-miss-you", facts)
    return email.subject, email.html, email.text
