"""Chance that is always the same for the same customer: holdouts, split variants, shards."""

from hashlib import sha256

_BITS = 53
"""As many as a float holds exactly: with more, the largest digests would round up to 1."""


def share(*names: str) -> float:
    """A number in [0, 1) that depends only on the names, evenly spread over customers."""
    digest = sha256("\x1f".join(names).encode()).digest()
    return (int.from_bytes(digest[:8]) >> (64 - _BITS)) / (1 << _BITS)


def shard_of(customer_id: str, shards: int) -> int:
    """Which of `shards` parts of the due index this customer's enrollments lie in."""
    return int(share("shard", customer_id) * shards)
