"""The drawing of a campaign: when each step is due, and which jumps lead around steps."""

from pathlib import Path

import pytest

from outreach.adapters.campaign_files.campaign_file import load
from outreach.domain.journeys.campaign import Campaign
from outreach_tools.preview.timeline import send_times, timeline

TEMPLATES = Path(__file__).parents[2] / "templates"
HEAD = """\
name: news
title: News
class: marketing
topic: news
trigger: customer.signed_up
reentry: never
steps:
"""


def campaign(steps: str) -> Campaign:
    return load(HEAD + steps, file="news/campaign.yaml")


def when(drawn: Campaign) -> dict[str, str]:
    return {row.label: row.when for row in timeline(drawn).rows}


def test_time_adds_up_and_a_wait_for_an_event_opens_a_span() -> None:
    text = (TEMPLATES / "onboarding/campaign.yaml").read_text()
    onboarding = load(text, file="onboarding/campaign.yaml")

    assert send_times(onboarding, "welcome") == [("welcome", "at once")]
    assert send_times(onboarding, "make-the-most") == [("make-the-most", "day 1 to day 4")]
    assert send_times(onboarding, "need-a-hand") == [("nudge", "day 4")]
    assert send_times(onboarding, "how-is-it-going") == [
        ("how-is-it-going", "day 7 to day 10"),
        ("how-is-it-going-after-a-nudge", "day 10"),
    ]


def test_a_wait_that_may_be_skipped_opens_a_span_too() -> None:
    drawn = campaign("  - wait: 12h\n    if: customer.orders > 3\n  - send: hello\n")

    assert when(drawn)["hello"] == "at once to after 12 hours"


def test_an_instant_that_depends_on_facts_is_not_guessed() -> None:
    drawn = campaign("  - wait: {until: order.promised_at}\n  - send: hello\n  - wait: 2d\n  - send: more\n")

    assert when(drawn)["hello"] == "it depends"
    assert when(drawn)["more"] == "from day 2 on"


def test_a_wait_that_an_expression_may_end_sooner_is_not_taken_for_the_longest() -> None:
    text = (TEMPLATES / "delay-notification/campaign.yaml").read_text()
    drawn = load(text, file="delay-notification/campaign.yaml")

    assert when(drawn)["overdue"].startswith("at once to ")


def test_the_line_breaks_where_only_a_jump_leads_on() -> None:
    text = (TEMPLATES / "onboarding/campaign.yaml").read_text()
    drawn = timeline(load(text, file="onboarding/campaign.yaml"))

    assert [row.verb for row in drawn.rows if not row.goes_on] == ["end", "end"]
    assert [way.words for way in drawn.ways] == ["if it does not happen"]


@pytest.mark.parametrize("name", ["delay-notification", "onboarding", "tutorial", "win-back"])
def test_every_shipped_campaign_can_be_drawn(name: str) -> None:
    drawn = load((TEMPLATES / name / "campaign.yaml").read_text(), file=f"{name}/campaign.yaml")
    rows = timeline(drawn).rows

    assert [row.label for row in rows] == [*(step.label for step in drawn.steps), "end"]
    assert all(row.when != "never" for row in rows)
    assert [row.top for row in rows] == sorted({row.top for row in rows})
