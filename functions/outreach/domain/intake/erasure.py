"""Customer erasure: what is deleted, what stays, and how a customer may sign up again."""

from dataclasses import replace
from datetime import UTC, datetime

from outreach.domain.intake.customer import Customer, Profile, Purchases
from outreach.domain.intake.event import ORDER_DELAYED, SIGNED_UP, Event
from outreach.domain.intake.order import Order
from outreach.domain.journeys.enrollment import Enrollment, EnrollmentStatus, LeaveReason

ERASED = "forgotten"
"""In a customer's `as_of`: up to when everything was erased, kept after they signed up again."""
_NEVER = datetime.min.replace(tzinfo=UTC)
_FOR_EVER = datetime.max.replace(tzinfo=UTC)
_PROFILE_FIELDS = ("email", "first_name", "last_name", "locale", "country", "time_zone")
_ORDER_FIELDS = (
    "status", "placed_at", "promised_at", "first_promised_at", "total", "currency", "delay_reason", "url",
    "items",
)  # fmt: skip


def erase(customer: Customer, at: datetime) -> Customer:
    """Nothing personal is left; the opaque id stays, so that the erasure is known.

    A customer who signed up again since keeps what was said since: an erasure that arrives late does not undo
    newer facts.
    """
    returned = customer.seen.get(SIGNED_UP)
    if returned is None or returned <= at:
        return Customer(
            id=customer.id,
            suppression=customer.suppression,
            erased_at=at,
            stops=customer.stops,
            version=customer.version,
            claims=customer.claims,
        )
    since = {name: told for name, told in customer.as_of.items() if told > at}
    profile, consent = customer.profile, customer.consent
    fields = {name: getattr(profile, name) for name in _PROFILE_FIELDS if name in since}
    attributes = {name: said for name, said in profile.attributes.items() if f"attributes.{name}" in since}
    return replace(
        customer,
        profile=Profile(**fields, attributes=attributes),
        as_of={**since, ERASED: at},
        consent=consent if consent is not None and consent.at > at else None,
        purchases=Purchases(),
        features_used={},
        seen={name: last for name, last in customer.seen.items() if last > at},
        seen_without_order={name: last for name, last in customer.seen_without_order.items() if last > at},
    )


def is_erased(customer: Customer, event: Event) -> bool:
    """Whether the event is about a time, or a customer, that was erased.

    An erased customer may sign up again; nothing else brings them back, and what happened before the erasure
    stays erased even then.
    """
    if customer.erased_at is not None:
        return event.name != SIGNED_UP or event.occurred_at <= customer.erased_at
    erased = customer.as_of.get(ERASED)
    return erased is not None and event.occurred_at <= erased


def returned(customer: Customer) -> Customer:
    """The customer who signed up again, with the time up to which everything is erased."""
    if customer.erased_at is None:
        return customer
    return replace(customer, erased_at=None, as_of={**customer.as_of, ERASED: customer.erased_at})


def erased_until(customer: Customer) -> datetime:
    """Everything up to this instant is erased; of a customer who did not sign up again, all there is."""
    if customer.erased_at is not None:
        return _FOR_EVER
    return customer.as_of.get(ERASED, _NEVER)


def order_since(order: Order, until: datetime) -> Order | None:
    """What was said of an order later; None when nothing was."""
    seen = {name: last for name, last in order.seen.items() if last > until}
    as_of = {name: told for name, told in order.as_of.items() if told > until}
    if not seen:
        return None
    if (seen, as_of) == (order.seen, order.as_of):
        return order
    fields = {name: getattr(order, name) for name in _ORDER_FIELDS if name in as_of}
    if order.placed_at is not None and order.placed_at > until:
        fields["placed_at"] = order.placed_at  # else it is when the event occurred
    return Order(
        order.id,
        **fields,
        delays=order.delays if ORDER_DELAYED in seen else 0,
        as_of=as_of,
        seen=seen,
        counted=order.counted,
        version=order.version,
    )


def run_since(enrollment: Enrollment, until: datetime, now: datetime, *, by: str) -> Enrollment:
    """The run, ended if it began before; the value of its key and its trigger's data are erased.

    Ids and times stay, and so does whether properties lie apart: that row is still to be deleted.
    """
    if enrollment.trigger.occurred_at > until:
        return enrollment
    if enrollment.trigger.properties:
        enrollment = replace(enrollment, trigger=replace(enrollment.trigger, properties={}))
    if enrollment.hidden_key:
        enrollment = replace(enrollment, hidden_key="")
    if enrollment.is_active:
        enrollment = enrollment.ended(EnrollmentStatus.LEFT, LeaveReason.ERASED, now, by=by)
    return enrollment
