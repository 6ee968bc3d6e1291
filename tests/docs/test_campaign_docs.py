"""docs/campaigns.md is true: its examples load, and the behaviour is as described."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import jsonschema
import pytest

from builders import a_customer, an_event
from docs.page import DOCS, Example, Page
from docs.whole_file import whole
from domain.small_world import SmallWorld
from outreach.adapters.campaign_files.campaign_file import campaign_schema, load
from outreach.adapters.campaign_files.model import Header
from outreach.adapters.campaign_files.yaml_lines import read_yaml
from outreach.adapters.templates import TemplateFolder
from outreach.domain.errors import InvalidCampaignError
from outreach.domain.intake.customer import Consent
from outreach.domain.intake.event import CustomerMention, Event, OrderMention
from outreach.domain.intake.order import OrderItem
from outreach.domain.journeys.campaign import Campaign, Reentry
from outreach.domain.journeys.enrollment import HoldReason, LeaveReason, SkipReason
from outreach.domain.journeys.next_action import LONGEST_RUN
from outreach.domain.sending.cap import DEFAULT_CAPS
from outreach.domain.sending.gate import Rules

PAGE = Page("campaigns.md")
TEMPLATES = TemplateFolder(DOCS.parent / "templates")
EXAMPLES = PAGE.examples("yaml")
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def campaign(heading: str, number: int = 0) -> Campaign:
    texts = [each.text for each in EXAMPLES if each.heading == heading]
    return load(whole(texts[number]), file="example")


def a_world(*campaigns: Campaign, capped: bool = False, **customer: Any) -> SmallWorld:
    rules = Rules() if capped else Rules(caps=())
    world = SmallWorld(campaigns, MONDAY, TEMPLATES.evaluate, rules, default_zone="UTC")
    world.customers["c-ana"] = a_customer(**{"time_zone": "UTC", "country": None, **customer})
    return world


def ordered(
    name: str = "order.placed", order_id: str = "o-1", after: timedelta = timedelta(0), **said: Any
) -> Event:
    items = said.pop("items", ())
    customer = said.pop("customer", CustomerMention("c-ana"))
    event = an_event(name, id=f"{name}-{order_id}-{after}", occurred_at=MONDAY + after, customer=customer)
    return Event(event.id, name, event.occurred_at, customer, OrderMention(order_id, said, items))


def at(world: SmallWorld) -> list[tuple[str, timedelta]]:
    return [(each.message, each.at - MONDAY) for each in world.sent]


@pytest.mark.parametrize("example", EXAMPLES, ids=[f"{e.heading} {n}" for n, e in enumerate(EXAMPLES)])
def test_every_example_loads_and_fits_the_schema(example: Example) -> None:
    text = whole(example.text)

    assert load(text, file="example", check_expression=TEMPLATES.check_expression).steps
    jsonschema.validate(read_yaml(text).data, campaign_schema())


def test_the_whole_file_does_what_is_said_about_it() -> None:
    example = campaign("A whole file")
    evening = a_world(example)
    evening.now = MONDAY + 13 * HOUR
    evening.tell(ordered(after=13 * HOUR))
    evening.pass_time(days=10)

    # Three days after Monday night is Thursday night: the window opens on Friday at eight.
    friday_morning = 4 * DAY - HOUR + timedelta(minutes=5)
    assert at(evening) == [("thank-you", 13 * HOUR), ("how-to-begin", friday_morning)]


@pytest.mark.parametrize(
    "news",
    [ordered("order.placed", "o-2", DAY), ordered("order.cancelled", "o-1", DAY)],
    ids=["goal", "exit"],
)
def test_the_whole_file_ends_at_its_goal_and_at_its_exit(news: Event) -> None:
    world = a_world(campaign("A whole file"))
    world.tell(ordered())
    world.pass_time(days=1)
    world.tell(news)
    world.pass_time(days=30)

    assert world.messages() == ["thank-you"]


def test_the_whole_file_is_for_first_orders_and_incomplete_profiles() -> None:
    complete = CustomerMention("c-ana", attributes={"profile_complete": True})
    world = a_world(campaign("A whole file"))
    world.tell(ordered(customer=complete))
    world.pass_time(days=10)

    assert world.messages() == ["thank-you"]
    assert world.enrollment("first-order").skips["how-to-begin"].reason is SkipReason.CONDITION


def test_the_table_of_the_head_holds_every_field() -> None:
    rows = PAGE.table("The head")
    required = {row[0] for row in rows if row[1]}

    fields = {field.alias or name: field for name, field in Header.model_fields.items()}
    assert [row[0] for row in rows] == [*fields, "steps"]
    assert required == {name for name, field in fields.items() if field.is_required()} | {"topic", "steps"}


def test_the_table_of_reentry_holds_every_way() -> None:
    words = {row[0].partition(" ")[0] for row in PAGE.table("Reentry")}

    assert words == {each.value for each in Reentry}


def test_a_key_per_product_line_enrolls_once_for_each_line_that_is_wanted() -> None:
    lines = ("oven", "skillet", "kettle")
    items = tuple(OrderItem(f"x-{line}", line, product_line=line) for line in lines)
    world = a_world(campaign("Key"))
    world.tell(ordered("order.delivered", items=items))

    assert sorted(each.key_value for each in world.enrollments.values()) == ["oven", "skillet"]


def test_the_night_window_is_open_into_sunday() -> None:
    night, zone = campaign("Window").window, ZoneInfo("UTC")

    hours = [hour for hour in range(168) if night.is_open(MONDAY.replace(hour=0) + hour * HOUR, zone)]

    friday, saturday = 4 * 24, 5 * 24
    assert hours == [friday + h for h in (22, 23, 24, 25)] + [saturday + h for h in (22, 23, 24, 25)]


@pytest.mark.parametrize(("days", "reached"), [(14, True), (15, False)])
def test_a_goal_counts_within_its_time_from_the_newest_message(days: int, *, reached: bool) -> None:
    world = a_world(campaign("Goal"))
    world.tell(ordered())
    world.pass_time(days=days)
    bought = an_event("order.placed", id="second", occurred_at=world.now)
    world.tell(bought)

    assert (world.enrollment("example").goal_at is not None) is reached


def test_an_exit_takes_effect_inside_a_wait_and_before_its_trigger() -> None:
    waiting = load(
        whole("exit_on: [order.cancelled]").replace("[send: hello]", "[wait: 5d, send: hello]"), file="x"
    )
    world = a_world(waiting)
    world.tell(ordered())
    world.pass_time(days=1)
    world.tell(ordered("order.cancelled", after=DAY))
    overtaken = a_world(waiting)
    overtaken.tell(ordered("order.cancelled", after=DAY), ordered())
    for each in (world, overtaken):
        each.pass_time(days=30)

    assert (world.messages(), overtaken.messages()) == ([], [])
    assert not overtaken.enrollments


def test_taking_back_the_consent_ends_a_marketing_run() -> None:
    world = a_world(load(whole("- wait: 5d\n- send: hello"), file="x"))
    world.tell(ordered())
    no = Consent(marketing=False, at=MONDAY + HOUR)
    world.tell(an_event("customer.updated", id="no", customer=CustomerMention("c-ana", consent=no)))

    assert world.enrollment("example").reason == "unsubscribed"


def test_a_tenth_runs_through_without_mail() -> None:
    tenth = campaign("Holdout")
    world = a_world(tenth)
    for number in range(1_000):
        customer_id = f"c-{number}"
        world.customers[customer_id] = a_customer(customer_id, time_zone="UTC")
        world.tell(ordered(order_id=customer_id, customer=CustomerMention(customer_id)))

    held_out = [each for each in world.enrollments.values() if not each.sends]
    assert 70 < len(held_out) < 130
    assert {skip.reason for each in held_out for skip in each.skips.values()} == {SkipReason.HOLDOUT}


def test_plain_words_in_values_are_text_as_they_stand() -> None:
    assert campaign("Values").values == {"coupon_code": "007", "discount": "15%"}


def test_send_does_what_is_said_about_it() -> None:
    world = a_world(campaign("send"))
    world.tell(ordered())
    world.tell(ordered())
    world.pass_time(days=3)

    assert world.messages() == ["welcome", "tips"]
    late = a_world(campaign("send"))
    late.now = MONDAY + 2 * DAY
    late.tell(ordered())
    assert late.messages() == ["tips"]
    assert late.enrollment("example").skips["welcome"].reason is SkipReason.EXPIRED


def test_wait_does_what_is_said_about_it() -> None:
    promised = MONDAY + 9 * DAY
    world = a_world(campaign("wait"))
    world.tell(ordered(promised_at=promised))
    world.pass_time(days=30)
    nothing_promised = a_world(campaign("wait"))
    nothing_promised.tell(ordered())
    nothing_promised.pass_time(days=30)

    assert at(world) == [("hello", 36 * HOUR), ("arriving", 9 * DAY)]
    assert at(nothing_promised) == [("hello", 36 * HOUR)]
    assert nothing_promised.enrollment("example").reason == LeaveReason.NO_INSTANT


def test_an_event_that_moves_the_date_moves_the_wait() -> None:
    nearer, away = a_world(campaign("wait")), a_world(campaign("wait"))
    for world, days in ((nearer, 5), (away, 20)):
        world.tell(ordered(promised_at=MONDAY + 9 * DAY))
        world.pass_time(days=3)
        world.tell(ordered("order.confirmed", after=3 * DAY, promised_at=MONDAY + days * DAY))
        world.pass_time(days=30)

    assert at(nearer)[1:] == [("arriving", 5 * DAY)]
    assert at(away)[1:] == [("arriving", 20 * DAY)]


def test_the_limits_that_wait_names_are_the_limits() -> None:
    assert f"after {LONGEST_RUN.days} days is ended as `expired`" in " ".join(PAGE.section("wait").split())
    with pytest.raises(InvalidCampaignError, match="350 days"):
        load(whole("- wait: 350d\n- wait: 1m\n- send: hello"), file="x")
    assert load(whole("- wait: 350d\n- send: hello"), file="x")


def test_wait_for_does_what_is_said_about_it() -> None:
    active, idle = a_world(campaign("wait_for")), a_world(campaign("wait_for"))
    for world in (active, idle):
        world.tell(ordered())
        world.pass_time(days=2)
    active.tell(an_event("customer.activated", id="a", occurred_at=MONDAY + 2 * DAY))
    idle.pass_time(days=9)

    assert at(active) == [("well-done", 2 * DAY)]
    assert at(idle) == [("need-a-hand", 3 * DAY)]


def test_a_second_wait_needs_a_second_event() -> None:
    example = campaign("wait_for", 1)
    once, twice = a_world(example), a_world(example)
    for world in (once, twice):
        world.tell(ordered(), ordered("order.delayed", after=HOUR))
    twice.tell(ordered("order.delayed", after=2 * HOUR))
    for world in (once, twice):
        world.pass_time(days=200)

    assert once.messages() == ["delayed"]
    assert twice.messages() == ["delayed", "delayed-again"]


@pytest.mark.parametrize(("orders", "messages"), [(12, ["thank-you"]), (3, ["come-again"])])
def test_branch_takes_the_first_way_that_is_true(orders: int, messages: list[str]) -> None:
    world = a_world()
    for number in range(orders - 1):
        world.tell(ordered(order_id=f"old-{number}"))
    world.campaigns = (campaign("branch"),)
    world.tell(ordered())

    assert world.messages() == messages


def test_split_sends_four_in_five_one_way_and_always_the_same() -> None:
    example = campaign("split")
    drawn: list[dict[str, str]] = []
    for _ in range(2):
        world = a_world(example)
        for number in range(1_000):
            customer_id = f"c-{number}"
            world.customers[customer_id] = a_customer(customer_id, time_zone="UTC")
            world.tell(ordered(order_id=customer_id, customer=CustomerMention(customer_id)))
        drawn.append({each.to: each.message for each in world.sent})

    assert drawn[0] == drawn[1]
    counts = Counter(drawn[0].values())
    assert counts["short-letter"] + counts["long-letter"] == 1_000
    assert 760 < counts["short-letter"] < 840


def test_notify_puts_its_event_on_the_bus() -> None:
    world = a_world(campaign("notify"))
    world.tell(ordered(), ordered("order.delayed", after=HOUR))

    assert [name for _, name in world.notified] == ["order.delayed_at_last"]
    with pytest.raises(InvalidCampaignError, match="name that shops use"):
        load(whole("- notify: order.shipped"), file="x")


@pytest.mark.parametrize(("delays", "messages"), [(0, ["thank-you"]), (2, ["apology"])])
def test_end_keeps_two_ways_apart(delays: int, messages: list[str]) -> None:
    world = a_world()
    world.tell(*[ordered("order.delayed", after=n * HOUR) for n in range(delays)])
    world.campaigns = (campaign("end"),)
    world.tell(ordered())

    assert world.messages() == messages


def test_what_is_not_known_counts_as_false() -> None:
    world = a_world(campaign("Expressions"))
    world.tell(ordered())
    past = a_world(campaign("Expressions"))
    past.tell(ordered(promised_at=MONDAY - DAY))

    assert world.messages() == ["two"]
    assert past.messages() == ["one", "two"]


def test_the_table_of_reasons_holds_every_reason_in_the_order_of_the_gate() -> None:
    rows = PAGE.table("Why a message waits, and why it is skipped")
    skipped = [row[2] for row in rows if row[1] == "skipped"]
    held = [reason for row in rows if row[1] == "held" for reason in row[2].split(", ")]

    elsewhere = {SkipReason.CONDITION, SkipReason.NO_INSTANT, SkipReason.EXPRESSION_FAILED}
    assert skipped == [each for each in SkipReason if each not in elsewhere]
    assert held == list(HoldReason)
    section = PAGE.section("Why a message waits, and why it is skipped")
    assert all(f"`{each}`" in section for each in elsewhere)


def test_the_cap_is_what_the_page_says() -> None:
    said = " ".join(PAGE.section("Why a message waits, and why it is skipped").split())

    assert "one marketing message in 24 hours and three in seven days" in said
    assert [(cap.sends, cap.span) for cap in DEFAULT_CAPS] == [(1, DAY), (3, 7 * DAY)]


def test_the_highest_priority_goes_first_when_a_window_opens_for_two() -> None:
    head = 'window: {from: "10:00", to: "20:00"}\npriority: '
    low, high = (
        load(whole(f"{head}{priority}").replace("name: example", f"name: p-{priority}"), file="x")
        for priority in (20, 80)
    )
    world = a_world(low, high, capped=True)
    world.tell(ordered())
    world.pass_time(days=3)

    assert [each.campaign for each in world.sent] == ["p-80", "p-20"]
    assert world.sent[1].at - world.sent[0].at >= DAY


def test_labels_are_as_the_page_says() -> None:
    assert [step.label for step in campaign("Labels").steps] == ["hello", "first-pause", "hello-again"]
    made = load(whole("- wait: 3d\n- send: a\n- wait: 3d\n- send: b"), file="x")
    assert [step.label for step in made.steps] == ["wait-3d", "a", "wait-3d-2", "b"]


def test_the_mistakes_that_the_page_shows_are_reported_as_it_says() -> None:
    [shown] = PAGE.examples("text")
    text = EXAMPLES[0].text.replace("trigger:", "tirgger:").replace("wait: 3d", "wait: 3days")
    with pytest.raises(InvalidCampaignError) as caught:
        load(text, file="first-order/campaign.yaml")

    told = {str(each) for each in caught.value.problems}
    assert set(shown.text.strip().splitlines()) <= told
