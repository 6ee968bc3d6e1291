"""Which addresses a bounce or a complaint counts against."""

from collections.abc import Collection


def bounced_addresses(named: Collection[str], own: str | None) -> frozenset[str]:
    """SES is certain of each address that it names in a bounce; the message's own address bounced with them.

    All addresses are ids, so that two spellings of one address are one. `own` is where the message was
    sent, None when that is not known.
    """
    return frozenset(named) if own is None else frozenset({*named, own})


def complaining_addresses(named: Collection[str], own: str | None) -> frozenset[str]:
    """The address that the message was sent to, and the only other one that SES names instead of it.

    `named` are the addresses that might have complained, which SES looks up in the original message (AWS,
    contents of event notifications). A message to one address makes the complaint certain, whatever the list
    holds. Without such an address, several named ones are ambiguous: then none.
    """
    known = frozenset(named)
    if own is None:
        return known if len(known) == 1 else frozenset()
    return known | {own} if own not in known and len(known) == 1 else frozenset({own})
