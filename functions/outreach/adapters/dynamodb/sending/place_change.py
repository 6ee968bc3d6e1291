"""How a place under the cap is freed: the send is taken out of what the cap counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from outreach.adapters.dynamodb.items.attributes import milliseconds, number, text
from outreach.adapters.dynamodb.items.change import Change

if TYPE_CHECKING:
    from datetime import datetime

    from outreach.adapters.dynamodb.items.attributes import Item


def without_place(profile: Item, at: datetime) -> Change | None:
    """The profile without the send that was claimed at that moment; None when the cap does not count it.

    It counts as a claim: whoever judged by the memory that it changes must judge anew.
    """
    mailed = profile["mailed"]["S"].split() if "mailed" in profile else []
    if str(milliseconds(at)) not in mailed:
        return None
    mailed.remove(str(milliseconds(at)))
    claims = int(profile["claims"]["N"])
    change = Change()
    change.require(f"{change.path('claims')} = {change.value(number(claims))}")
    change.set(number(claims + 1), "claims")
    change.set(text(" ".join(mailed)), "mailed")
    return change
