"""When too large a share of a message's sends fails."""

import pytest

from outreach.domain.sending.failure_shares import FailureShares


@pytest.mark.parametrize(
    ("sends", "expected"),
    [
        ("x", False),
        ("xx", False),
        ("xxx", True),
        ("xxx.", False),
        (".x.x.x", True),
        ("." * 15 + "x" * 15, True),
        ("." * 27 + "xxx", False),
        ("." * 26 + "xxx", True),
        ("x" * 50 + "." * 100 + "xx", False),
    ],
    ids=["1of1", "2of2", "3of3", "then-sent", "3of6", "15of30", "10-percent", "over-10-percent", "old-ones"],
)
def test_more_than_a_tenth_of_the_newest_sends_and_three_at_least(sends: str, expected: bool) -> None:
    shares = FailureShares()
    told = [shares.add("welcome", "hello", failed=send == "x") for send in sends]
    assert told[-1] is expected


def test_each_message_has_a_share_of_its_own() -> None:
    shares = FailureShares()
    for _ in range(100):
        shares.add("welcome", "hello", failed=False)
    assert [shares.add("welcome", "second", failed=True) for _ in range(3)] == [False, False, True]
