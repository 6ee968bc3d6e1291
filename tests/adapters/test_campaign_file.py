"""A campaign file becomes a campaign, or every problem in it is reported at once with its line."""

import subprocess
import sys
from datetime import time, timedelta
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from outreach.adapters.campaign_files.campaign_file import load
from outreach.adapters.templates import TemplateFolder
from outreach.domain.errors import InvalidCampaignError, Problem
from outreach.domain.journeys.campaign import (
    ALWAYS,
    Arm,
    BranchStep,
    Campaign,
    Condition,
    Driver,
    EndStep,
    Goal,
    Key,
    MessageClass,
    NotifyStep,
    Reentry,
    SendStep,
    SplitStep,
    WaitForStep,
    WaitStep,
)
from outreach.domain.sending.delivery_hours import ANY_TIME, DeliveryHours

ROOT = Path(__file__).parents[2]
TEMPLATES = TemplateFolder(ROOT / "templates")
SHIPPED = sorted((ROOT / "templates").glob("*/campaign.yaml"))
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

EVERYTHING = """\
name: everything
title: All there is
class: marketing
topic: tips
trigger: order.placed
key: order.id
reentry: after 30d
driver: sweep
only_if: customer.orders > 1
window: {from: 08:00, to: "24:00", days: mon-fri}
priority: 70
goal: {event: order.delivered, within: 2w}
exit_on: [order.cancelled]
holdout: 12.5%
values: {coupon_code: 007, percent: 15, share: 0.5, open: yes, shown: true}
steps:
  - send: hello
    window: any
    valid_for: 1d12h
    if: customer.first_name
    unless: customer.attributes.vip
  - wait: 3d
  - wait: {until: order.promised_at}
  - label: late
    wait_for: order.delayed
    up_to: 10d
    until: order.promised_at
    on_timeout: end
  - branch: [{if: order.delays > 1, goto: sorry}, {goto: test}]
  - label: sorry
    notify: order.delayed_twice
  - label: test
    split: {short: 50, long: 50}
  - send: short
    window: {days: [sat, sun]}
  - end
  - send: long
"""


def read(text: str, file: str = "campaign.yaml") -> Campaign:
    return load(text, file=file, version="v7", check_expression=TEMPLATES.check_expression)


def problems(text: str, file: str = "campaign.yaml") -> list[str]:
    with pytest.raises(InvalidCampaignError) as caught:
        read(text, file)
    return [str(each) for each in caught.value.problems]


def changed(old: str, new: str) -> str:
    assert EVERYTHING.count(old) == 1, old
    return EVERYTHING.replace(old, new)


def test_everything_in_a_file_arrives_in_the_campaign() -> None:
    assert read(EVERYTHING) == Campaign(
        name="everything",
        title="All there is",
        message_class=MessageClass.MARKETING,
        topic="tips",
        trigger="order.placed",
        key=Key.ORDER,
        reentry=Reentry.AFTER,
        reentry_after=30 * DAY,
        driver=Driver.SWEEP,
        version="v7",
        only_if="customer.orders > 1",
        window=DeliveryHours(time(8), time(0), frozenset(range(5))),
        priority=70,
        goal=Goal("order.delivered", 14 * DAY),
        exit_on=("order.cancelled",),
        holdout=0.125,
        values={"coupon_code": "007", "percent": 15, "share": 0.5, "open": "yes", "shown": True},
        steps=(
            SendStep(
                "hello",
                "hello",
                Condition("customer.first_name", "customer.attributes.vip"),
                ANY_TIME,
                36 * HOUR,
            ),
            WaitStep("wait-3d", ALWAYS, 3 * DAY),
            WaitStep("wait-until-order-promised-at", ALWAYS, until="order.promised_at"),
            WaitForStep("late", ALWAYS, "order.delayed", 10 * DAY, "order.promised_at", "end"),
            BranchStep("branch-sorry-test", ALWAYS, (Arm("sorry", "order.delays > 1"), Arm("test"))),
            NotifyStep("sorry", ALWAYS, "order.delayed_twice"),
            SplitStep("test", ALWAYS, {"short": 50, "long": 50}),
            SendStep("short", "short", ALWAYS, DeliveryHours(time(0), time(0), frozenset({5, 6}))),
            EndStep("end-after-short", ALWAYS),
            SendStep("long", "long", ALWAYS),
        ),
    )


def test_what_may_be_left_out_has_its_default() -> None:
    campaign = read(
        "name: n\ntitle: t\nclass: transactional\ntrigger: order.placed\nreentry: never\nsteps: [send: hi]"
    )

    assert (campaign.key, campaign.driver, campaign.window) == (Key.CUSTOMER, Driver.WORKFLOW, ANY_TIME)
    assert (campaign.topic, campaign.priority, campaign.holdout) == ("service", 50, 0)
    assert (campaign.goal, campaign.exit_on, campaign.values) == (None, (), {})


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.parent.name)
def test_the_campaigns_that_are_shipped_load(file: Path) -> None:
    campaign = read(file.read_text("utf-8"), str(file))

    assert campaign.name == file.parent.name


LONG_ROAD = "  - wait: 120d\n  - wait: 30w\n  - wait: 21d\n"
WRONG = [
    # the text in the file, its replacement, the line, and a part of the answer
    ("trigger: order.placed", "tirgger: order.placed", 5, "is not known here; did you mean `trigger`?"),
    ("reentry: after 30d\n", "", 1, "`reentry`: is missing: What a second trigger does"),
    ("after 30d", "always", 7, "one of never, after_exit, restart, or after and a duration"),
    ("after 30d", "after a while", 7, "such as after 30d"),
    ("class: marketing", "class: marketting", 3, "marketing, transactional; did you mean `marketing`?"),
    ("key: order.id", "key: order", 6, "did you mean `order.id`?"),
    ("topic: tips\n", "", 3, "marketing mail needs a `topic`"),
    ("title: All there is", "title:", 2, "`title`: has no value; give it one or leave the line out"),
    ("title: All there is", "title: 2026", 2, "`title`: must be text (in quotes"),
    ("name: everything", "name: Every Thing", 1, "lowercase letters and digits with single hyphens"),
    ("name: everything", f"name: {'x' * 41}", 1, "40 characters at most"),
    ("trigger: order.placed", "trigger: placed", 5, "must be an event's name: noun.verb_in_past"),
    ("priority: 70", "priority: 101", 11, "must be 100 or less"),
    ("priority: 70", "priority: high", 11, "must be a whole number"),
    ("holdout: 12.5%", "holdout: 12.5", 14, "must be a share such as 10% or 0.1"),
    ("holdout: 12.5%", "holdout: 100%", 14, "90% is the most"),
    ("from: 08:00", "from: 8 o'clock", 10, '`window.from`: must be an hour of the day as "HH:MM"'),
    ('to: "24:00"', "to: 08:00", 10, "opens and closes at the same hour"),
    ('to: "24:00", ', "", 10, "needs both from and to"),
    ("days: mon-fri", "days: weekdays", 10, "such as mon-fri, or [mon, wed, sat], or any"),
    ("days: mon-fri", "days: fri,sat", 10, "inside {} a comma ends a value; write days as a list"),
    ("window: any", "window: never", 18, "step 1, `window`: must be hours such as"),
    ("within: 2w", "within: 2 weeks", 12, "not a duration; write a number and a unit"),
    ("within: 2w", "wihtin: 2w", 12, "did you mean `within`?"),
    ("[order.cancelled]", "order.cancelled", 13, "`exit_on`: must be a list"),
    ("[order.cancelled]", "[order.cancelled, order.placed]", 13, "own trigger: no customer could ever enter"),
    ("[order.cancelled]", "[order.cancelled, order.cancelled]", 13, "names an event twice"),
    ("[order.cancelled]", "[order.delayed]", 25, "the run ends before the wait can see it"),
    ("percent: 15", "Percent: 15", 15, "lowercase letters, digits and underscores"),
    ("percent: 15", "percent: [15]", 15, "`values.percent`"),
    ("  - wait: 3d", "  - wiat: 3d", 22, "step 2, `wiat`: does not say what to do; did you mean `wait`?"),
    ("  - wait: 3d", "  - wait: 3", 22, "step 2, `wait`: must be a number and a unit"),
    ("  - wait: 3d", "  - wait: 3d\n    send: x", 22, "step 2: does 2 things (wait, send)"),
    ("  - wait: 3d", "  - edn", 22, "step 2: is not a step"),
    ("  - wait: 3d", "  - if: customer.orders", 22, "does not say what to do; add one of send"),
    ("  - wait: 3d", "  - wait: {untill: now}", 22, "did you mean `until`?"),
    ("  - wait: 3d", "  - wait: {until: '09:00'}", 22, "`window: {from:"),
    ("  - wait: 3d", "  - wait: {until: customer.attributes.ends_at - 3d}", 22, "let the shop send the date"),
    ("  - wait: 3d", "  - wait: {until: order.promised_at + 2 days}", 22, "dates cannot be reckoned with"),
    ("  - wait: 3d", "  - wait: 3d\n    valid_for: 1d", 23, "`valid_for`: is not known here"),
    ("  - wait: 3d", "  - wait: 3d\n    if:", 23, "step 2, `if`: has no value"),
    ("  - wait: 3d", LONG_ROAD, 24, "more than 350 days"),
    ("on_timeout: end", "on_timeout: ends", 28, "no step has the label `ends`; did you mean `end`?"),
    ("on_timeout: end", "on_timeout: hello", 28, "`hello` is not below this step; jumps lead forward only"),
    ("on_timeout: end", "on_timeout: late", 28, "jumps lead forward only"),
    ("    up_to: 10d\n    until: order.promised_at\n", "", 24, "needs `up_to: 3d` or `until: ...`"),
    ("goto: sorry", "goto: sory", 29, "did you mean `sorry`?"),
    ("{if: order.delays > 1, goto: sorry}", "{goto: sorry}", 29, "only the last way may be without `if`"),
    ("{if: order.delays > 1, goto: sorry}, {goto: test}", "", 29, "`branch`: must not be empty"),
    ("{short: 50, long: 50}", "{short: 0, long: 0}", 33, "needs a weight above 0"),
    ("{short: 50, long: 50}", "{short: 50}", 33, "needs 2 at least"),
    ("{short: 50, long: 50}", "{short: 50, long: half}", 33, "`split.long`: must be a whole number"),
    ("notify: order.delayed_twice", "notify: order.shipped", 31, "is a name that shops use"),
    ("notify: order.delayed_twice", "notify: Help", 31, "noun.verb_in_past"),
    ("label: test", "label: sorry", 32, "step 6 already has the label `sorry`; choose another"),
    ("label: test", "label: end", 32, "`end` is the name of what comes after the last step"),
    ("send: long", "send: short", 37, "give this step a `label:` of its own"),
    ("  - end\n", "  - end\n  - send: more\n", 37, "step 10: can never be reached"),
    ("if: customer.first_name", "if: customer.first_name ==", 20, "step 1, `if`"),
    ("if: customer.first_name", "if: true", 20, "must be an expression as text"),
    ("only_if: customer.orders > 1", "only_if: custommer.orders", 9, "`only_if`"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line", "words"), WRONG, ids=[f"{w[1]} ({w[2]})" for w in WRONG])
def test_a_mistake_is_reported_with_its_line_and_what_would_be_right(
    old: str, new: str, line: int, words: str
) -> None:
    told = problems(changed(old, new))

    assert any(each.startswith(f"campaign.yaml:{line}:") and words in each for each in told), told


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("class: marketing", "class: transactional", "transactional mail has no hours"),
        ("class: marketing", "class: transactional", "no customer may be left out of transactional mail"),
        ("trigger: order.placed", "trigger: customer.signed_up", "needs a trigger that tells of an order"),
    ],
)
def test_fields_that_do_not_fit_together_are_reported(old: str, new: str, words: str) -> None:
    assert any(words in each for each in problems(changed(old, new)))


def test_every_problem_is_reported_at_once_in_the_order_of_lines() -> None:
    text = (
        changed("priority: 70", "priority: 700")
        .replace("wait: 3d", "wait: 3x")
        .replace("goto: sorry", "goto: sory")
        .replace("order.delays > 1", "order.delays >")
        .replace("class: marketing", "clas: marketing")
    )

    lines = [int(each.split(":")[1]) for each in problems(text)]

    assert lines == [1, 3, 11, 22, 29, 29]


def test_a_step_that_is_wrong_does_not_make_jumps_to_it_wrong() -> None:
    text = changed("  - label: sorry\n", "  - label: sorry\n    unles: x\n")

    assert len(problems(text)) == 1


def test_a_campaign_must_be_named_as_its_folder() -> None:
    assert read(EVERYTHING, "templates/everything/campaign.yaml").name == "everything"
    [told] = problems(EVERYTHING, "templates/nothing/campaign.yaml")
    assert told == (
        "templates/nothing/campaign.yaml:1:1: `name`: must be the name of its folder, `nothing`: "
        "messages are found by it"
    )


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "holds no campaign"),
        ("- send: x", 1, "holds no campaign"),
        ("name: a\nname: b", 2, "`name` stands here a second time (first on line 1)"),
        ("name: a\n  title: b", 2, "quote the whole value when it holds a colon"),
        ("name: [a", 1, "is not valid YAML"),
        ("name: a\n\ttitle: b", 2, "indent with spaces, not tabs"),
        ("steps:\n  - if: 'a' in b", 2, "when a value begins with a quote, quote the whole of it"),
        ("name: &n a\ntitle: *n", 1, "an alias (`*name`) is not supported"),
        ("name: !!python/object:os.system {}", 1, "a tag (`!name`) is not supported"),
        ("a: &a [*a]", 1, "an alias"),
        ("{[1]: 2}", 1, "a name must be one word"),
        ("---\na: 1\n---\nb: 2", 3, "one file is one campaign"),
        ("name: \x00", 1, "holds characters that YAML does not allow"),
        ("[" * 3_000 + "]" * 3_000, 1, "nested too deeply"),
        ("a: " + "x" * 100_001, 1, "is longer than 100,000 characters"),
        ("steps: {}", 1, "`steps`: must be a list of what happens"),
        ("<b>: 1", 1, "`<b>`: is not known here"),
    ],
)
def test_bad_yaml_is_reported_with_its_line_and_a_hint(text: str, line: int, words: str) -> None:
    told = problems(text)

    assert any(words in each for each in told), told
    assert any(each.startswith(f"campaign.yaml:{line}:") for each in told), told


def test_made_labels_come_from_what_a_step_does_and_never_from_where_it_stands() -> None:
    def labels(steps: str) -> list[str]:
        head = EVERYTHING[: EVERYTHING.index("steps:")]
        return [step.label for step in read(f"{head}steps: [{steps}]").steps]

    assert labels("send: a, wait: 1d, send: b, wait: 1d") == ["a", "wait-1d", "b", "wait-1d-2"]
    assert labels("send: new, send: a, wait: 1d, send: b, wait: 1d") == [
        "new",
        "a",
        "wait-1d",
        "b",
        "wait-1d-2",
    ]
    assert labels("wait: 24h, {wait: 1d, label: wait-1d}") == ["wait-1d-2", "wait-1d"]
    [long] = labels("{wait: {until: customer.attributes.the_day_after_the_first_day_of_use}}")
    assert len(long) <= 40
    assert long.startswith("wait-until-customer-attributes-")


words = st.sampled_from(
    [
        "name",
        "steps",
        "send",
        "wait",
        "wait_for",
        "branch",
        "split",
        "end",
        "if",
        "goto",
        "label",
        "1d",
        "order.placed",
    ]
)
leaves = st.none() | st.booleans() | st.integers(-5, 5) | words | st.text(max_size=5)
anything = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(words | st.text(max_size=3), inner, max_size=4)
    ),
    max_leaves=20,
)


@settings(deadline=None)
@given(st.text(max_size=200) | anything.map(repr))
@example("{<}")
def test_whatever_the_text_there_are_only_problems_and_no_crash(text: str) -> None:
    assert problems(text)


@settings(deadline=None)
@given(st.sampled_from(EVERYTHING.splitlines()), anything)
def test_whatever_one_line_becomes_it_is_a_campaign_or_a_list_of_problems(line: str, value: object) -> None:
    name, _, _ = line.partition(": ")
    told: tuple[Problem, ...] = ()
    try:
        read(EVERYTHING.replace(line, f"{name}: {value!r}"))
    except InvalidCampaignError as error:
        told = error.problems

    assert all(each.where.startswith("campaign.yaml:") and each.what for each in told)


def test_importing_the_door_costs_neither_yaml_nor_pydantic() -> None:
    doors = "outreach.adapters.campaign_files.campaign_file, outreach.adapters.events.event_envelope"
    code = f"import sys, {doors}; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT / "functions", capture_output=True, text=True, check=True
    ).stdout.split()

    assert not {"yaml", "pydantic", "jinja2"} & set(loaded)
