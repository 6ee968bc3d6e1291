"""What is known of a customer's address, and of the other customers who have it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from outreach.domain.intake.mailbox import MOST_OTHERS, Mailbox

if TYPE_CHECKING:
    from outreach.domain.intake.customer import Customer
    from outreach.ports.feedback import Addresses
    from outreach.ports.intake import Customers


def read_shared_mailbox(
    customer: Customer, *, is_marketing: bool, addresses: Addresses, customers: Customers
) -> Mailbox | None:
    """The mailbox that bears on a message: only marketing to an address that customers share has one."""
    if not is_marketing or not customer.shares_address or customer.address_id is None:
        return None
    return read_mailbox(customer.address_id, customer.id, addresses=addresses, customers=customers)


def read_mailbox(address_id: str, customer_id: str, *, addresses: Addresses, customers: Customers) -> Mailbox:
    """The address is read first: whatever the profiles do not show yet raises its version.

    A customer whose address has changed is left out: the link is from before that.
    """
    address, holders = addresses.with_customers(address_id, MOST_OTHERS + 1)
    others = [customers.customer(holder) for holder in holders if holder != customer_id]
    here = (each for each in others if each.profile.email is not None)
    return Mailbox(
        address, tuple(each for each in here if each.address_id in {None, address_id})[:MOST_OTHERS]
    )
