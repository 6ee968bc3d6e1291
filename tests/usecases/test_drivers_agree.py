"""Whatever happens to a date that runs wait for, both drivers send the same messages at the same times."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from builders import NOW, a_campaign, an_event
from outreach.domain.intake.event import SIGNED_UP, CustomerMention, Event
from outreach.domain.journeys.campaign import ALWAYS, Driver, MessageClass, WaitForStep, WaitStep
from usecases.driven_world import DrivenWorld
from usecases.steps import send, wait

HOUR = timedelta(hours=1)
DATE = "customer.attributes.date"
STEPS = (
    WaitStep("first", ALWAYS, until=DATE),
    send("on-the-day"),
    wait("pause", days=2),
    WaitForStep("answer", ALWAYS, "survey.answered", timedelta(days=9), until=DATE),
    send("after-it"),
    WaitStep("second", ALWAYS, until=DATE),
    send("at-last"),
)

dates = st.one_of(
    st.integers(-72, 600).map(lambda hours: (NOW + hours * HOUR).isoformat()),
    st.integers(-3, 25).map(lambda days: (NOW + timedelta(days=days)).date().isoformat()),
    st.sampled_from(["soon", "2026-02-29", "2026-03-09T09:00:00"]),
)


@st.composite
def happenings(draw: st.DrawFn) -> list[Event]:
    """In the order of arrival: dates that move, arrive late or twice, and answers."""
    happened: list[Event] = []
    for number in range(draw(st.integers(0, 6))):
        attributes = {"date": draw(dates)}
        event = an_event(
            draw(st.sampled_from(["customer.updated", "customer.updated", "survey.answered"])),
            id=f"evt-{number}",
            customer=CustomerMention("c-ana", {}, attributes if draw(st.booleans()) else {}),
            occurred_at=NOW + draw(st.integers(1, 500)) * HOUR + timedelta(minutes=number),
        )
        happened += [event] * draw(st.sampled_from([1, 1, 2]))
    return draw(st.permutations(happened)) if draw(st.booleans()) else happened


def a_world(driver: Driver, date: str) -> DrivenWorld:
    campaign = a_campaign(driver=driver, steps=STEPS, message_class=MessageClass.TRANSACTIONAL)
    first = an_event(SIGNED_UP, id="evt-in", customer=CustomerMention("c-ana", {}, {"date": date}))
    return DrivenWorld(campaign, first, {DATE: _date_of})


def _date_of(facts: dict[str, object]) -> object:
    return facts["customer"].attributes.get("date")  # type: ignore[attr-defined]  # CustomerFacts


@settings(max_examples=60, deadline=None)
@given(dates, happenings())
def test_both_drivers_send_the_same_messages_at_the_same_instants(date: str, happened: list[Event]) -> None:
    worlds = [a_world(driver, date) for driver in Driver]

    for world in worlds:
        arrives = NOW
        for event in happened:
            arrives = max(arrives, event.occurred_at)
            world.pass_time(arrives)
            world.tell(event)
        world.pass_time(NOW + timedelta(days=400))

    first, second = worlds
    assert first.sent == second.sent
    assert (first.row.status, first.row.reason) == (second.row.status, second.row.reason)
    assert not first.row.is_active
