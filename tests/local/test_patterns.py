"""Event patterns, as EventBridge matches them."""

from typing import Any

import pytest

from local_cloud.errors import AwsError
from local_cloud.messaging.patterns import Pattern

EVENT = {
    "source": "shop",
    "detail-type": "order.placed",
    "detail": {
        "total": 59.9,
        "first": True,
        "note": None,
        "tags": ["new", "gift"],
        "items": [{"sku": "a", "size": "S"}, {"sku": "b", "size": "L"}],
        "address": {"ip": "10.0.0.7"},
    },
}

CASES: list[tuple[dict[str, Any], bool]] = [
    ({"source": ["shop"]}, True),
    ({"source": ["other", "shop"]}, True),
    ({"source": ["other"]}, False),
    ({"source": ["shop"], "detail-type": ["order.delayed"]}, False),
    ({"detail-type": [{"prefix": "order."}]}, True),
    ({"detail-type": [{"suffix": ".placed"}]}, True),
    ({"detail-type": [{"prefix": {"equals-ignore-case": "ORDER"}}]}, True),
    ({"detail-type": [{"equals-ignore-case": "Order.Placed"}]}, True),
    ({"detail-type": [{"wildcard": "order.*d"}]}, True),
    ({"detail-type": [{"wildcard": "order.?laced"}]}, False),
    ({"source": [{"anything-but": "shop"}]}, False),
    ({"source": [{"anything-but": ["a", "b"]}]}, True),
    ({"source": [{"anything-but": {"prefix": "sh"}}]}, False),
    ({"detail": {"total": [{"numeric": [">", 50, "<=", 60]}]}}, True),
    ({"detail": {"total": [{"numeric": ["=", 50]}]}}, False),
    ({"detail": {"total": [59.9]}}, True),
    ({"detail": {"first": [True]}}, True),
    ({"detail": {"first": [1]}}, False),
    ({"detail": {"note": [None]}}, True),
    ({"detail": {"note": [{"exists": True}]}}, True),
    ({"detail": {"coupon": [{"exists": False}]}}, True),
    ({"detail": {"coupon": [{"exists": True}]}}, False),
    ({"detail": {"coupon": [{"anything-but": "x"}]}}, False),
    ({"detail": {"tags": ["gift"]}}, True),
    ({"detail": {"items": {"sku": ["b"], "size": ["L"]}}}, True),
    ({"detail": {"items": {"sku": ["b"], "size": ["S"]}}}, False),
    ({"detail": {"address": {"ip": [{"cidr": "10.0.0.0/24"}]}}}, True),
    ({"detail": {"address": {"ip": [{"cidr": "10.0.1.0/24"}]}}}, False),
    ({"$or": [{"source": ["other"]}, {"detail-type": ["order.placed"]}]}, True),
    ({"source": ["shop"], "$or": [{"detail": {"total": [1]}}, {"detail": {"first": [False]}}]}, False),
]


@pytest.mark.parametrize(("pattern", "expected"), CASES)
def test_a_pattern_matches_as_on_aws(pattern: dict[str, Any], expected: bool) -> None:
    assert Pattern(pattern).matches(EVENT) is expected


@pytest.mark.parametrize(
    "pattern",
    [
        '{"source": "shop"}',
        '{"source": [{"begins-with": "s"}]}',
        "[]",
        "{",
        '{"a": [{"prefix": "a", "suffix": "b"}]}',
    ],
)
def test_a_pattern_that_could_never_work_is_refused(pattern: str) -> None:
    with pytest.raises(AwsError, match="InvalidEventPatternException"):
        Pattern(pattern)
