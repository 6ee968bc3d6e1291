"""Rules between the fields of a campaign's header, which no field can know alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from outreach.adapters.campaign_files.yaml_lines import Path
from outreach.domain.journeys.campaign import Key, MessageClass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from outreach.adapters.campaign_files.model import Header

type Broken = tuple[Path, str]

_NOUNS_WITHOUT_ORDER = frozenset({"customer", "product"})


def broken_header_rules(header: Header, folder: str) -> Iterator[Broken]:
    """What does not fit together, and where to change it. `folder` is empty when it is not known."""
    if folder and header.name != folder:
        yield ("name",), f"must be the name of its folder, `{folder}`: messages are found by it"
    if header.message_class is MessageClass.TRANSACTIONAL:
        yield from _transactional(header)
    elif header.topic is None:
        yield ("class",), "marketing mail needs a `topic`, so that customers can opt out of it"
    if header.trigger in header.exit_on:
        yield ("exit_on",), "holds the campaign's own trigger: no customer could ever enter"
    if len(set(header.exit_on)) < len(header.exit_on):
        yield ("exit_on",), "names an event twice; leave one out"
    noun = header.trigger.partition(".")[0]
    if header.key is not Key.CUSTOMER and noun in _NOUNS_WITHOUT_ORDER:
        yield (
            ("key",),
            f"{header.key} needs a trigger that tells of an order, such as order.placed; use customer.id",
        )


def _transactional(header: Header) -> Iterator[Broken]:
    if header.window != "any":
        yield ("window",), "transactional mail has no hours, the customer waits for it; leave window out"
    if header.holdout:
        yield ("holdout",), "no customer may be left out of transactional mail; leave holdout out"
