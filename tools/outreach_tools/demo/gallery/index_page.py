"""The page that lists all e-mails of a run, by customer and campaign, and shows them."""

from collections import Counter
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from jinja2 import Environment, StrictUndefined

from outreach_tools.demo.emails import NumberedEmail
from outreach_tools.demo.gallery.timeline import people, timeline
from outreach_tools.demo.plan import PlannedEvent
from outreach_tools.demo.summary import Summary


def index_page(
    emails: Sequence[NumberedEmail], events: Sequence[PlannedEvent], summary: Summary, folder: str
) -> str:
    """One file without anything from elsewhere, except the e-mails in `folder` beside it."""
    return (
        _environment()
        .from_string(_asset("page.html.j2"))
        .render(
            rows=timeline(emails, events, folder),
            people=people(events),
            emails_of=Counter(email.customer for email in emails),
            campaigns=Counter(email.campaign for email in emails),
            summary=summary,
            style=_asset("style.css"),
            script=_asset("script.js"),
        )
    )


@cache
def _environment() -> Environment:
    return Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def _asset(name: str) -> str:
    return (files(__package__) / name).read_text(encoding="utf-8")
