"""The same seed is the same run, to the byte of the outbox."""

import pytest

from e2e.shop import PROJECT, RARELY_RECONCILED, START, Shop, days, hours
from local_cloud import LocalCloud

type Told = tuple[str, list[bytes]]
"""The trace of a run, and its outbox."""


def some_days(seed: int) -> Told:
    with LocalCloud(START, seed, project=PROJECT, parameters=RARELY_RECONCILED) as cloud:
        shop = Shop(cloud)
        for number in range(3):
            shop.signs_up(f"c-{number}")
            shop.waits(hours(7))
            shop.order("placed", f"c-{number}", f"o-{number}", promised_at=shop.now + days(5), lines=["oven"])
            shop.waits(hours(20))
            shop.order("delivered", f"c-{number}", f"o-{number}")
        shop.waits(days(9))
        return cloud.trace, [mail.raw for mail in cloud.outbox]


@pytest.fixture(scope="module")
def first() -> Told:
    return some_days(seed=7)


def test_the_same_seed_is_the_same_run_to_the_byte(first: Told) -> None:
    assert len(first[1]) > 8
    assert first == some_days(seed=7)


def test_another_seed_is_another_run_with_the_same_mail(first: Told) -> None:
    second = some_days(seed=8)
    assert first[0] != second[0]
    assert len(first[1]) == len(second[1])
