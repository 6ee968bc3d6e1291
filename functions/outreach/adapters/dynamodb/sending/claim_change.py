"""What a claim asks of the customer at the very moment it is taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from outreach.adapters.dynamodb import keys
from outreach.adapters.dynamodb.items.attributes import number, text
from outreach.adapters.dynamodb.items.change import Change
from outreach.adapters.dynamodb.items.profile import STOPPED, mailed_text
from outreach.domain.operations.customer_stops import ALL_CAMPAIGNS

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

    from outreach.ports.sending import Claim


def still_wanted(claim: Claim, table: str) -> TransactWriteItemTypeDef:
    """Nobody is mailed who is suppressed, erased or stopped here, or at an address that is no longer theirs.

    Marketing mail also needs consent, topic and cap. Whatever else changed of the customer since they were
    judged, such as an order that was counted, costs no claim. The cap is guarded by counting claims: of
    two that both saw room for one, the second finds the count changed.

    A claim that takes its enrollment on to a wait is refused when an event came since the customer was read:
    the event saw nobody wait, and the wait was judged without the event.
    """
    change = Change()
    key = keys.profile(claim.customer.id)
    change.require(f"attribute_not_exists({change.path('suppressed')})")
    change.require(f"attribute_not_exists({change.path('erased_at')})")
    change.require(f"{change.path('email')} = {change.value(text(claim.customer.profile.email or ''))}")
    stopped = change.path(STOPPED)
    for name in (ALL_CAMPAIGNS, claim.send_id.campaign):
        change.require(f"NOT contains({stopped}, {change.value(text(name))})")
    if claim.enrollment.waiting is not None:
        change.require_version(claim.customer.version)
    if claim.topic is None:
        return {"ConditionCheck": change.check(table, key)}
    change.require(f"{change.path('marketing')} = {change.value({'BOOL': True})}")
    change.require(f"NOT contains({change.path('topics_off')}, {change.value(text(claim.topic))})")
    claims = change.path("claims")
    if claim.customer.claims == 0:
        change.require(f"attribute_not_exists({claims})")
    else:
        change.require(f"{claims} = {change.value(number(claim.customer.claims))}")
    change.set(number(claim.customer.claims + 1), "claims")
    change.set(mailed_text(claim.mailed_at), "mailed")
    return {"Update": change.update(table, key)}
