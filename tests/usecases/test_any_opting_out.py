"""Whatever customers say, and in whatever order: consent agrees with a model that fits on a page."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from hypothesis import given, settings
from hypothesis import strategies as st

from builders import NOW, a_campaign, an_event
from outreach.domain.intake.customer import Consent
from outreach.domain.intake.event import DELETED, SIGNED_UP, CustomerMention, Event
from usecases.door import door
from usecases.shop import Shop

CUSTOMERS = ("c-1", "c-2", "c-3")
ADDRESSES = ("x@example.com", "y@example.com")

type Said = Literal["nothing", "yes", "yes without a date", "an old yes"]


@dataclass(frozen=True)
class Says:
    """An event of the customer, with an address or without one."""

    customer: str
    said: Said
    address: str | None = None
    name: str = SIGNED_UP


@dataclass(frozen=True)
class Presses:
    """The button in a message to the customer."""

    customer: str


@dataclass(frozen=True)
class IsErased:
    customer: str


type Step = Says | Presses | IsErased

customers = st.sampled_from(CUSTOMERS)
said: st.SearchStrategy[Said] = st.sampled_from(("nothing", "yes", "yes without a date", "an old yes"))
steps = st.one_of(
    st.builds(Says, customers, said, st.sampled_from(ADDRESSES)),
    st.builds(Says, customers, said, st.sampled_from((*ADDRESSES, None)), st.just("customer.updated")),
    st.builds(Says, customers, said, st.none(), st.just("order.placed")),
    st.builds(Presses, customers),
    st.builds(IsErased, customers),
)


@dataclass
class Person:
    """`word`: the last consent that counts, with its time; None for a yes without a time."""

    address: str | None = None
    word: tuple[bool, datetime | None] | None = None
    erased: bool = False


@dataclass
class Model:
    people: dict[str, Person] = field(default_factory=lambda: {each: Person() for each in CUSTOMERS})
    marks: dict[str, datetime] = field(default_factory=dict)

    @property
    def wanting(self) -> set[str]:
        return {each for each, person in self.people.items() if person.word is not None and person.word[0]}

    def holders(self, address: str) -> set[str]:
        return {each for each, person in self.people.items() if person.address == address}

    def step(self, step: Step, now: datetime) -> None:
        person = self.people[step.customer]
        match step:
            case Says():
                self._says(person, step, now)
            case Presses() if not person.erased:
                person.word = (False, now)
                if person.address is not None:
                    self.marks[person.address] = now
                    for holder in self.holders(person.address):
                        self.people[holder].word = (False, now)
            case IsErased():
                self.people[step.customer] = Person(erased=True)

    def _says(self, person: Person, step: Says, now: datetime) -> None:
        if person.erased and step.name != SIGNED_UP:
            return
        person.erased = False
        undated = person.word is None or person.word[1] is None
        if step.said == "yes":
            person.word = (True, now)
        elif step.said == "an old yes" and undated:
            person.word = (True, NOW)
        elif step.said == "yes without a date" and person.word is None:
            person.word = (True, None)
        if step.address is not None:
            person.address = step.address
        mark = self.marks.get(person.address or "")
        if mark is not None and (person.word is None or person.word[1] is None or person.word[1] < mark):
            person.word = (False, mark)


def event_of(step: Says | IsErased, number: int, now: datetime) -> Event:
    if isinstance(step, IsErased):
        return an_event(DELETED, id=f"e-{number}", customer_id=step.customer, occurred_at=now)
    consents = {
        "nothing": None,
        "yes": Consent(True, now, "checkout"),
        "yes without a date": Consent(True, now, "checkout", dated=False),
        "an old yes": Consent(True, NOW, "import"),
    }
    fields = {} if step.address is None else {"email": step.address}
    mention = CustomerMention(step.customer, fields, consent=consents[step.said])
    return an_event(step.name, id=f"e-{number}", customer_id=step.customer, customer=mention, occurred_at=now)


def take(shop: Shop, step: Step, number: int) -> datetime:
    """One step, a minute after the one before; returns when."""
    now = shop.clock.advance(minutes=1)
    if isinstance(step, Presses):
        door(shop)(step.customer)
    else:
        shop.take_in(event_of(step, number, now))
    return now


@settings(max_examples=300, deadline=None)
@given(st.lists(steps, max_size=14))
def test_who_is_in_agrees_with_the_model_after_every_step(story: list[Step]) -> None:
    shop, model = Shop(a_campaign()), Model()
    for number, step in enumerate(story):
        model.step(step, take(shop, step, number))

        rows = {each: shop.table.customer(each) for each in CUSTOMERS}
        assert {each for each, row in rows.items() if row.wants_marketing} == model.wanting
        for address in ADDRESSES:
            holders = model.holders(address)
            assert set(shop.table.addresses.customers(f"id of {address}")) == holders
            if len(holders) > 1:
                assert all(rows[each].shares_address for each in holders)
                assert {rows[each].address_id for each in holders} == {f"id of {address}"}


HOMES = {"c-1": ADDRESSES[0], "c-2": ADDRESSES[0], "c-3": ADDRESSES[1]}
"""For customers who stay where they are."""
at_home = st.one_of(
    st.builds(lambda who, said: Says(who, said, HOMES[who]), customers, said),
    st.builds(Says, customers, said, st.none(), st.just("order.placed")),
    st.builds(Presses, customers),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(at_home, max_size=12))
def test_a_mailbox_gets_its_one_welcome_once_and_none_after_its_no(story: list[Step]) -> None:
    shop, model = Shop(a_campaign()), Model()
    for number, step in enumerate(story):
        before = len(shop.mailer.sent)
        model.step(step, take(shop, step, number))
        for each in list(shop.table.enrollments):
            shop.advance(each)

        assert {mail.send_id.customer_id for mail in shop.mailer.sent[before:]} <= model.wanting
    to = [mail.to for mail in shop.mailer.sent]
    assert len(to) == len(set(to))
