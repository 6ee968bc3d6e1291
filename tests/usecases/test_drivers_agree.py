"""Whatever happens to a date that runs wait for, both drivers send the same messages at the same moments."""

from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from builders import NOW, a_campaign, a_customer, an_event
from outreach.domain.intake.event import SIGNED_UP, CustomerMention, Event
from outreach.domain.journeys.campaign import ALWAYS, Driver, MessageClass, WaitForStep, WaitStep
from outreach.domain.journeys.enrollment import Enrollment, EnrollmentId
from outreach.domain.journeys.hash_share import shard_of
from outreach.domain.journeys.progress import Over, Parks, Waits
from usecases.shop import SHARDS, Shop
from usecases.steps import send, wait

HOUR = timedelta(hours=1)
DATE = "customer.attributes.date"
ANA = EnrollmentId("c-ana", "onboarding", "c-ana")
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
    """In the order of arrival: dates that move, come late or twice, and answers."""
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


class World:
    """One shop under one driver; time goes from due moment to due moment."""

    def __init__(self, driver: Driver, date: str) -> None:
        campaign = a_campaign(driver=driver, steps=STEPS, message_class=MessageClass.TRANSACTIONAL)
        self.campaign, self.driver = campaign, driver
        self.shop = Shop(campaign, answers={DATE: _date_of})
        self.shop.table.know(a_customer())
        self.sent: list[tuple[str, datetime]] = []
        self.wakes_at: datetime | None = NOW
        self.token = 0
        self.tell(an_event(SIGNED_UP, id="evt-in", customer=CustomerMention("c-ana", {}, {"date": date})))

    @property
    def row(self) -> Enrollment:
        return self.shop.row(ANA)

    def tell(self, event: Event) -> None:
        self.shop.take_in(event)
        self.move()

    def pass_time(self, until: datetime) -> None:
        while (due := self._due()) is not None and due <= until:
            self.shop.clock.set(max(due, self.shop.clock.now()))
            self.move()
        self.shop.clock.set(max(until, self.shop.clock.now()))

    def move(self) -> None:
        """All that is due now."""
        while (due := self._due()) is not None and due <= self.shop.clock.now():
            before = len(self.shop.mails)
            if self.driver is Driver.SWEEP:
                self.shop.sweep(self.campaign, shard_of("c-ana", SHARDS))
            else:
                self._advance()
            self.sent += [(name, self.shop.clock.now()) for name in self.shop.mails[before:]]
            self.shop.listen()

    def _due(self) -> datetime | None:
        if not self.row.is_active:
            return None
        if self.driver is Driver.SWEEP:
            return self.row.due_at
        is_woken = f"token-{self.token}" in self.shop.workflows.woken
        return self.shop.clock.now() if is_woken else self.wakes_at

    def _advance(self) -> None:
        """As the journey machine: a token that is answered, or a timeout, leads back here."""
        self.shop.workflows.parked.clear()
        self.token += 1
        match self.shop.advance(ANA, 1):
            case Waits(until):
                self.wakes_at = until
            case Parks(deadline=deadline):
                self.wakes_at = deadline
                self.shop.workflows.parked.add(f"token-{self.token}")
                self.shop.park(ANA, 1, f"token-{self.token}")
            case Over():
                self.wakes_at = None


def _date_of(facts: dict[str, object]) -> object:
    return facts["customer"].attributes.get("date")  # type: ignore[attr-defined]  # CustomerFacts


@settings(max_examples=60, deadline=None)
@given(dates, happenings())
def test_both_drivers_send_the_same_messages_at_the_same_moments(date: str, happened: list[Event]) -> None:
    worlds = [World(driver, date) for driver in Driver]

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
