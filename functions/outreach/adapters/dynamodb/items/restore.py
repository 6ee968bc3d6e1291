"""The row of a restore of the table, and how far that is."""

from outreach.adapters.dynamodb import keys
from outreach.adapters.dynamodb.items.attributes import (
    Attribute,
    Item,
    facts,
    instant,
    milliseconds,
    optional_instant,
    optional_milliseconds,
    read_facts,
)
from outreach.domain.sending.sending_state import Restore


def restore_item(restore: Restore) -> dict[str, Attribute]:
    """Present only during a restore."""
    values = {
        "to": milliseconds(restore.to),
        "begun": milliseconds(restore.begun_at),
        "by": restore.by,
        "source": restore.source,
        "copied": optional_milliseconds(restore.copied_at),
        "replays": list(restore.replays),
        "replayed": optional_milliseconds(restore.replayed_at),
    }
    return {**keys.restore(), "facts": facts(values)}


def read_restore(item: Item) -> Restore | None:
    known = read_facts(item)
    if not known:
        return None
    return Restore(
        instant(known["to"]),
        instant(known["begun"]),
        known["by"],
        known["source"],
        optional_instant(known.get("copied")),
        tuple(known.get("replays", ())),
        optional_instant(known.get("replayed")),
    )
