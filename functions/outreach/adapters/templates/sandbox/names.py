"""The one check of customers' own names, right before a message is rendered.

Single messages, pages, previews, checks and tests all render through it.
"""

from collections.abc import Mapping
from dataclasses import replace

from outreach.domain.intake.free_text import is_name
from outreach.domain.journeys.facts import CustomerFacts


def with_names_only(facts: Mapping[str, object]) -> Mapping[str, object]:
    """The facts, with an invalid name replaced by a missing one."""
    customer = facts.get("customer")
    if isinstance(customer, CustomerFacts):
        first, last = _name(customer.first_name), _name(customer.last_name)
        if (first, last) == (customer.first_name, customer.last_name):
            return facts
        return {**facts, "customer": replace(customer, first_name=first, last_name=last)}
    if isinstance(customer, Mapping):
        names = {key: _name(customer[key]) for key in ("first_name", "last_name") if key in customer}
        return {**facts, "customer": {**customer, **names}}
    return facts


def _name[Given](given: Given) -> Given | None:
    return None if isinstance(given, str) and given.strip() and not is_name(given) else given
