"""The id of an enrollment's key: it is part of rows, tags and inputs, so it never reveals a purchase."""

import base64
import hmac
import json
from collections.abc import Callable

from outreach.domain.journeys.campaign import Key

KEY_ID_CHARACTERS = 22
"""Of base64url, 6 bits each: 132 bits of HMAC-SHA256, which NIST SP 800-107 allows to be cut."""
KEYS_THAT_ARE_IDS = frozenset({Key.CUSTOMER, Key.ORDER})
"""Their values are opaque ids of the shop already, and stay as they are."""

type KeySecret = Callable[[], bytes]
"""Returns the stack's own key of the hash; called only when something is hashed."""


def key_id(kind: Key, value: str, customer_id: str, secret: KeySecret) -> str:
    """The id of a key: the value itself where that is an id, else a keyed hash of it.

    The customer is hashed with it, so that equal purchases of two customers have different ids.
    """
    if kind in KEYS_THAT_ARE_IDS:
        return value
    content = json.dumps([kind, customer_id, value]).encode()
    digest = hmac.digest(secret(), content, "sha256")
    return base64.urlsafe_b64encode(digest).decode()[:KEY_ID_CHARACTERS]
