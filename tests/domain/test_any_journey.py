"""Whatever the campaign and whatever happens: the promises that hold for every customer in every run."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builders import NOW, a_campaign, a_customer, an_event
from domain.small_world import SmallWorld
from outreach.domain.intake.customer import Consent
from outreach.domain.intake.event import CustomerMention, Event, OrderMention
from outreach.domain.journeys.campaign import (
    ALWAYS,
    END,
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
    Step,
    WaitForStep,
    WaitStep,
)
from outreach.domain.sending.cap import DEFAULT_CAPS
from outreach.domain.sending.delivery_hours import ANY_TIME, DeliveryHours

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ZONES = [
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
    "Europe/Madrid",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
]
NAMES = ["customer.signed_up", "order.placed", "order.delayed", "order.shipped", "customer.activated"]

expressions = st.none() | st.sampled_from(["vip", "promised"])
conditions = st.just(ALWAYS) | st.builds(Condition, expressions, expressions)
spans = st.integers(1, 20 * 24).map(lambda hours: hours * HOUR)
names = st.sampled_from(NAMES)
hours = st.builds(
    DeliveryHours,
    st.integers(0, 23).map(time),
    st.integers(0, 23).map(lambda hour: time(hour, 30)),
    st.frozensets(st.integers(0, 6), min_size=1),
)
windows = st.just(ANY_TIME) | hours


type Steps = st.SearchStrategy[Step]


def any_step(label: str, later: st.SearchStrategy[str]) -> dict[type[Step], Steps]:
    """Any step of each kind; its jumps lead to one of the later labels."""
    given = st.just(label), conditions
    return {
        SendStep: st.builds(
            SendStep,
            st.just(label),
            st.just(f"m-{label}"),
            conditions,
            st.none() | windows,
            st.none() | spans,
        ),
        WaitStep: st.builds(WaitStep, *given, duration=spans)
        | st.builds(WaitStep, *given, until=st.just("promised")),
        WaitForStep: st.builds(
            WaitForStep,
            *given,
            names,
            st.none() | spans,
            st.none() | st.just("promised"),
            st.none() | later,
        ),
        BranchStep: st.builds(
            BranchStep,
            *given,
            st.lists(st.builds(Arm, later, expressions), min_size=1, max_size=3).map(tuple),
        ),
        SplitStep: st.builds(SplitStep, *given, st.dictionaries(later, st.integers(1, 9), min_size=1)),
        NotifyStep: st.builds(NotifyStep, *given, st.just("team.told")),
        EndStep: st.builds(EndStep, *given),
    }


@st.composite
def steps(draw: st.DrawFn) -> tuple[Step, ...]:
    """Any steps at all, with jumps that lead forward: what the campaign file lets through."""
    count = draw(st.integers(1, 7))
    made: list[Step] = []
    for place in range(count):
        later = st.sampled_from([*(f"s{after}" for after in range(place + 1, count)), END])
        made.append(draw(st.one_of(*any_step(f"s{place}", later).values())))
    return tuple(made)


def test_a_journey_may_hold_every_kind_of_step() -> None:
    assert any_step("s0", st.just(END)).keys() == set(get_args(Step.__value__))


campaigns = st.builds(
    a_campaign,
    message_class=st.sampled_from(MessageClass),
    trigger=st.sampled_from(["customer.signed_up", "order.placed"]),
    key=st.sampled_from([Key.CUSTOMER, Key.ORDER]),
    reentry=st.sampled_from(Reentry),
    reentry_after=spans,
    driver=st.sampled_from(Driver),
    steps=steps(),
    window=windows,
    priority=st.integers(0, 100),
    goal=st.none() | st.builds(Goal, names, spans),
    exit_on=st.lists(names, max_size=2).map(tuple),
    holdout=st.sampled_from([0.0, 0.5]),
)


@st.composite
def happenings(draw: st.DrawFn) -> list[tuple[timedelta, Event]]:
    """Events with the time of their arrival: late, out of order, repeated, from several orders."""
    happened: list[tuple[timedelta, Event]] = []
    for number in range(draw(st.integers(1, 8))):
        name = draw(names)
        occurred = draw(st.integers(0, 60 * 24)) * HOUR
        arrives = occurred + draw(st.sampled_from([timedelta(0), timedelta(0), HOUR, 9 * DAY]))
        said = Consent(draw(st.booleans()), NOW + occurred) if draw(st.integers(0, 5)) == 0 else None
        order = OrderMention(draw(st.sampled_from(["o-1", "o-2"])), {"promised_at": NOW + 2 * occurred})
        event = replace(
            an_event(name, id=f"evt-{number}", occurred_at=NOW + occurred),
            customer=CustomerMention("c-ana", {}, {"vip": draw(st.booleans())}, said),
            order=order if name.startswith("order.") else None,
        )
        happened += [(arrives, event)] * draw(st.sampled_from([1, 1, 2]))
    return sorted(happened, key=lambda each: each[0])


def evaluate(expression: str, facts: Mapping[str, object]) -> object:
    if expression == "vip":
        return facts["customer"].attributes.get("vip")  # type: ignore[attr-defined]  # CustomerFacts
    order = facts["order"]
    return order and order.promised_at  # type: ignore[attr-defined]  # OrderFacts


def open_by_the_wall(window: DeliveryHours, instant: datetime, zone: ZoneInfo) -> bool:
    wall = instant.astimezone(zone)
    if window.opens == window.closes:
        return wall.weekday() in window.days
    since = (wall.hour * 60 + wall.minute - window.opens.hour * 60 - window.opens.minute) % 1440
    length = (
        window.closes.hour * 60 + window.closes.minute - window.opens.hour * 60 - window.opens.minute
    ) % 1440
    day = wall.weekday() if wall.time() >= window.opens else (wall.weekday() - 1) % 7
    return since < length and day in window.days


def watched(world: SmallWorld, act: Callable[[], None]) -> None:
    """Do something, and check whether marketing that was sent meanwhile was wanted."""
    before = len(world.sent)
    act()
    marketing = {each.name for each in world.campaigns if each.is_marketing}
    went = [each for each in world.sent[before:] if each.campaign in marketing]
    assert not went or world.customers["c-ana"].wants_marketing, "marketing without consent"


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(campaigns, min_size=1, max_size=3), happenings(), st.sampled_from(ZONES))
def test_the_promises_hold(
    some_campaigns: list[Campaign], happened: list[tuple[timedelta, Event]], zone_name: str
) -> None:
    named = tuple(replace(each, name=f"campaign-{n}") for n, each in enumerate(some_campaigns))
    world = SmallWorld(named, NOW, evaluate)
    world.customers["c-ana"] = a_customer(time_zone=zone_name)
    left: dict[tuple[str, str, int], datetime] = {}
    for arrives, event in happened:
        watched(world, lambda until=arrives: world.pass_time(until=max(world.now, NOW + until)))
        watched(world, lambda told=event: world.tell(told))
        for each in (*world.enrollments.values(), *world.archived):
            if not each.is_active and each.ended_at is not None:
                left.setdefault((each.id.campaign, each.id.key, each.run), each.ended_at)
    watched(world, lambda: world.pass_time(days=720))

    zone = ZoneInfo(zone_name)
    by_name = {each.name: each for each in named}
    steps_sent = [(each.campaign, each.key, each.run, each.step) for each in world.sent]
    assert len(steps_sent) == len(set(steps_sent)), "a step was sent twice"
    assert not any(each.is_active for each in world.enrollments.values()), "an enrollment never ended"
    mailed: list[datetime] = []
    last_of: dict[tuple[str, str, int], datetime] = defaultdict(lambda: NOW)
    for sent in world.sent:
        campaign = by_name[sent.campaign]
        step = campaign.step(sent.step)
        assert isinstance(step, SendStep)
        run = (sent.campaign, sent.key, sent.run)
        assert sent.at <= left.get(run, sent.at), "something went to somebody who had left"
        assert sent.at >= last_of[run], "a run went back in time"
        last_of[run] = sent.at
        if campaign.is_marketing:
            mailed.append(sent.at)
            assert open_by_the_wall(step.window or campaign.window, sent.at, zone), "outside the window"
    for cap in DEFAULT_CAPS:
        for at in mailed:
            assert sum(at - cap.span < other <= at for other in mailed) <= cap.sends, "over the cap"
