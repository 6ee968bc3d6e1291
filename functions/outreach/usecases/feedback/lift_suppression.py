"""Let an address be mailed again, because a person says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from outreach.domain.feedback.suppression import KnownAddress
    from outreach.usecases.feedback.suppress_address import SuppressAddress


def lift_suppression(address_id: str, *, suppress: SuppressAddress) -> KnownAddress:
    """From this moment on; everything heard before is history.

    Customers who have the address may get mail again. Consent that a complaint took back stays taken
    back: only the customer can give it again.
    """
    now = suppress.clock.now()
    return suppress(
        address_id,
        lambda status: status if status.suppression is None else status.lifted(now),
    )
