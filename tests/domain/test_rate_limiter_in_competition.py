"""Many functions, one account, and a service that lets no second hold more than its rate."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import NOW
from domain.strict_ses import Sender, compete
from outreach.domain.sending.rate import chunk_size
from outreach.domain.sending.rate_limiter import AHEAD

SECONDS = 20
TRANSACTIONAL = Sender(sends=(1,), marketing=False, every=timedelta(seconds=2))


@pytest.mark.parametrize("functions", range(1, 9))
@pytest.mark.parametrize("rate", [1, 14, 100, 500])
def test_the_rate_is_used_and_never_refused(rate: int, functions: int) -> None:
    outcome = compete([Sender()] * functions, rate=rate, seconds=SECONDS, seed=functions)

    assert outcome.ses.refused == 0
    assert outcome.share(SECONDS) >= 0.95
    assert outcome.longest_delay <= AHEAD


@pytest.mark.parametrize("rate", [14, 100, 500])
def test_single_messages_use_the_rate_as_well_as_bulk_does(rate: int) -> None:
    outcome = compete([Sender((1,))] * 40, rate=rate, seconds=SECONDS)

    assert outcome.ses.refused == 0
    assert outcome.share(SECONDS) >= 0.95


@pytest.mark.parametrize("rate", [*range(2, 60), 99, 101, 149, 206, 499, 501, 999])
def test_any_rate_is_used(rate: int) -> None:
    outcome = compete([Sender()] * 6, rate=rate, seconds=SECONDS)

    assert outcome.ses.refused == 0
    assert outcome.share(SECONDS) >= 0.95


SIZES = st.lists(st.integers(1, 60), min_size=1, max_size=5).map(tuple)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 600), st.lists(SIZES, min_size=1, max_size=8), st.integers(0, 1000))
def test_no_mixture_of_calls_is_ever_refused(rate: int, sizes: list[tuple[int, ...]], seed: int) -> None:
    outcome = compete([Sender(each) for each in sizes], rate=rate, seconds=10, seed=seed, late=0)

    assert outcome.ses.refused == 0
    assert outcome.ses.accepted > 0


@settings(max_examples=30, deadline=None)
@given(st.integers(5, 600), st.lists(SIZES, min_size=4, max_size=8), st.integers(0, 1000))
def test_calls_of_any_size_still_use_most_of_the_rate(
    rate: int, sizes: list[tuple[int, ...]], seed: int
) -> None:
    senders = [Sender(each) for each in sizes for _ in range(1 + rate // 50)]
    outcome = compete(senders, rate=rate, seconds=20, seed=seed, late=0)

    assert outcome.share(20) >= 0.6


@pytest.mark.parametrize("rate", [14, 100, 500])
def test_beside_transactional_mail_marketing_leaves_room(rate: int) -> None:
    quiet = compete([TRANSACTIONAL], rate=rate, seconds=1).pace
    assert quiet.transactional_at > NOW

    outcome = compete([Sender()] * 4 + [TRANSACTIONAL], rate=rate, seconds=SECONDS, pace=quiet)

    assert outcome.ses.refused == 0
    assert 0.8 < outcome.share(SECONDS) < 0.92


@pytest.mark.parametrize("rate", [14, 100, 500])
def test_a_rate_that_was_overestimated_is_found(rate: int) -> None:
    """Another sender uses the same account: the service refuses long before its own figure."""
    wrong = compete([Sender()] * 4, rate=rate, seconds=120, told=2 * rate)

    assert wrong.share(120) > 0.5
    assert wrong.ses.refused < wrong.ses.accepted / 4


def test_thousands_who_wait_come_back_one_by_one() -> None:
    outcome = compete([Sender((1,))] * 1000, rate=14, seconds=SECONDS)

    assert outcome.ses.refused == 0
    assert outcome.share(SECONDS) >= 0.95
    assert outcome.asked < 1000 + 3 * outcome.taken


@pytest.mark.parametrize(
    ("rate", "size"), [(0.5, 1), (1, 1), (13, 13), (14, 14), (51, 50), (52, 26), (100, 50), (500, 50)]
)
def test_a_call_is_as_large_as_the_rate_allows(rate: float, size: int) -> None:
    assert chunk_size(rate) == size


@given(st.integers(1, 5000))
def test_whole_calls_fill_a_second_and_never_overfill_it(rate: int) -> None:
    size = chunk_size(rate)

    assert 1 <= size <= 50
    assert 0.98 * rate <= size * (rate // size) <= rate


@given(st.floats(0.01, 5000))
def test_some_size_fits_every_rate(rate: float) -> None:
    assert 1 <= chunk_size(rate) <= max(1, rate)


def test_what_is_remembered_stays_small() -> None:
    outcome = compete([Sender((1,))] * 60, rate=1000, seconds=3)

    assert len(outcome.pace.marketing.recent) < 70
