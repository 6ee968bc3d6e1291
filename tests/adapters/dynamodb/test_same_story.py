"""The fake and the table give the same results, whatever several processes do to one customer at once."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.dynamodb.conftest import SHARDS, Memory, a_table, in_memory, in_table
from builders import NOW, a_customer, a_send, an_enrollment
from outreach.domain.errors import OutreachError
from outreach.domain.intake.customer import Customer
from outreach.domain.intake.erasure import erase
from outreach.domain.journeys.enrollment import Enrollment, EnrollmentStatus, LeaveReason
from outreach.domain.journeys.hash_share import shard_of
from outreach.domain.sending.send import SendStatus
from outreach.ports.sending import Claim
from reported import report

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

STEPS = ("welcome", "welcome", "tip")


@dataclass
class Hand:
    """A driver, a producer or feedback: it acts on what it read, however old that is."""

    memory: Memory
    enrollment: Enrollment
    customer: Customer = field(init=False)

    def __post_init__(self) -> None:
        self.read()

    def read(self) -> object:
        self.customer = self.memory.customers.customer(self.enrollment.id.customer_id)
        self.enrollment = self.memory.enrollments.of_customer(self.customer.id).get(
            self.enrollment.id, self.enrollment
        )
        return self.customer, self.enrollment

    def move(self, step: str, minutes: int) -> object:
        due = NOW + timedelta(minutes=minutes)
        moved = replace(self.enrollment.enter_step(step, NOW), due_at=due)
        self.enrollment = self.memory.save(moved)
        return self.enrollment

    def give_up(self, step: str, status: SendStatus) -> object:
        self.enrollment = self.memory.save(self.enrollment.with_send(step, a_send(status)))
        return self.enrollment

    def end(self) -> object:
        left = self.enrollment.ended(EnrollmentStatus.LEFT, LeaveReason.GOAL, NOW)
        self.memory.take_in(self.customer, changed=(left,))
        return left

    def restart(self) -> object:
        before = self.enrollment
        ended = before.ended(EnrollmentStatus.LEFT, LeaveReason.RESTARTED, NOW)
        new = an_enrollment(customer_id=self.customer.id, run=before.run + 1, version=before.version)
        self.memory.take_in(
            self.customer,
            changed=(replace(new, swept=True, due_at=NOW),),
            archived=(ended,) if before.sends else (),
        )
        return new

    def erase(self) -> object:
        self.memory.take_in(erase(self.customer, NOW))
        return None

    def claim(self, step: str, topic: str | None) -> object:
        moved = self.enrollment.with_send(step, a_send())
        mailed = () if topic is None else (*self.customer.mailed_at, NOW)
        claim = Claim(moved.send_id(step), moved, self.customer, topic, mailed)
        self.enrollment = self.memory.ledger.claim(claim)
        return self.enrollment

    def record(self, step: str, status: SendStatus) -> object:
        self.enrollment = self.memory.ledger.record(self.enrollment, step, a_send(status))
        return self.enrollment

    def report(self, step: str, status: SendStatus) -> object:
        return report(self.memory.deliveries, self.enrollment.send_id(step), status, NOW, message_id="ses-1")


fresh = st.sampled_from([True, False, True])
"""Most read first, so that most acts have an effect."""

type Act = Callable[[Hand], object]

steps, statuses = st.sampled_from(STEPS), st.sampled_from(SendStatus)
acts: st.SearchStrategy[Act] = st.one_of(
    st.builds(lambda step, after: lambda hand: hand.move(step, after), steps, st.integers(0, 2)),
    st.builds(
        lambda step, status: lambda hand: hand.give_up(step, status),
        steps,
        st.sampled_from([SendStatus.DEFERRED, SendStatus.UNKNOWN]),
    ),
    st.sampled_from([Hand.end, Hand.erase]),
    st.just(Hand.restart),
    st.builds(
        lambda step, topic: lambda hand: hand.claim(step, topic), steps, st.sampled_from(["news", None])
    ),
    st.builds(lambda step, status: lambda hand: hand.record(step, status), steps, statuses),
    st.builds(lambda step, status: lambda hand: hand.report(step, status), steps, statuses),
)


def _story(memory: Memory, history: list[tuple[int, bool, Act]]) -> list[object]:
    """The result of each act, and everything that is stored in the end."""
    memory.know(a_customer())
    first = memory.save(an_enrollment(swept=True, due_at=NOW))
    hands = [Hand(memory, first), Hand(memory, first)]
    story: list[object] = []
    for whose, is_fresh, act in history:
        if is_fresh:
            hands[whose].read()
        try:
            story.append(act(hands[whose]))
        except OutreachError as error:
            story.append(type(error))
    shard = shard_of(first.id.customer_id, SHARDS)
    due = memory.enrollments.due("onboarding", shard, NOW + timedelta(minutes=1), 10)
    return [
        *story,
        memory.customers.customer(first.id.customer_id),
        memory.enrollments.of_customer(first.id.customer_id),
        due,
    ]


@settings(max_examples=6, deadline=None, derandomize=True)
@given(history=st.lists(st.tuples(st.integers(0, 1), fresh, acts), min_size=8, max_size=20))
def test_the_fake_and_the_table_give_the_same_results(
    dynamodb: "DynamoDBClient", history: list[tuple[int, bool, Act]]
) -> None:
    with a_table(dynamodb) as name:
        result_of_table = _story(in_table(dynamodb, name), history)

    assert result_of_table == _story(in_memory(), history)
