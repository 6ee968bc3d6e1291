"""A caller that lost a race waits, and rivals do not wait for the same time."""

from datetime import timedelta

from outreach.domain.back_off import pause_after


def test_the_longer_it_goes_on_the_longer_one_may_wait_but_never_more_than_two_seconds() -> None:
    names = [f"evt-{number}" for number in range(500)]
    longest = [max(pause_after(lost, name) for name in names) for lost in range(1, 12)]

    assert longest == sorted(longest[:5]) + longest[5:]
    assert timedelta(milliseconds=90) < longest[0] <= timedelta(milliseconds=100)
    assert max(longest) <= timedelta(seconds=2)


def test_of_two_hundred_rivals_hardly_any_two_come_back_together() -> None:
    pauses = {pause_after(3, f"evt-{number}") // timedelta(milliseconds=1) for number in range(200)}

    assert len(pauses) > 120
