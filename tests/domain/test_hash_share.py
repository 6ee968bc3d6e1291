"""Chance is the same for the same customer, permanently, and fair over many."""

from collections import Counter

import pytest

from builders import a_campaign
from outreach.domain.journeys.hash_share import shard_of, share
from outreach.domain.sending.gate import is_held_out

CUSTOMERS = [f"customer-{number}" for number in range(20_000)]


def test_the_same_names_always_draw_the_same() -> None:
    assert share("holdout", "win-back", "c-ana") == share("holdout", "win-back", "c-ana")
    assert share("holdout", "win-back", "c-ana") == pytest.approx(0.74726, abs=0.00001)


def test_a_customer_stays_in_the_same_shard_from_release_to_release() -> None:
    assert [shard_of(f"c-{number}", 16) for number in range(6)] == [13, 7, 0, 14, 3, 15]


def test_where_one_name_ends_and_the_next_begins_matters() -> None:
    assert share("ab", "c") != share("a", "bc")


def test_shares_are_even_over_customers() -> None:
    tenths = Counter(int(share("evenness", each) * 10) for each in CUSTOMERS)

    assert sorted(tenths) == list(range(10))
    assert all(1_800 < count < 2_200 for count in tenths.values())


def test_shards_are_even_and_within_their_number() -> None:
    shards = Counter(shard_of(each, 8) for each in CUSTOMERS)

    assert sorted(shards) == list(range(8))
    assert all(2_250 < count < 2_750 for count in shards.values())


def test_a_tenth_held_out_is_a_tenth_of_the_customers_and_stays_the_same_tenth() -> None:
    campaign = a_campaign("win-back", holdout=0.1)
    out = {each for each in CUSTOMERS if is_held_out(campaign, each)}

    assert 1_850 < len(out) < 2_150
    assert out == {each for each in CUSTOMERS if is_held_out(campaign, each)}
    assert out <= {each for each in CUSTOMERS if is_held_out(a_campaign("win-back", holdout=0.2), each)}


def test_two_campaigns_hold_out_different_customers() -> None:
    first, second = a_campaign("win-back", holdout=0.1), a_campaign("tutorial", holdout=0.1)
    both = [each for each in CUSTOMERS if is_held_out(first, each) and is_held_out(second, each)]

    assert 120 < len(both) < 280


def test_without_a_holdout_no_customer_is_held_out() -> None:
    assert not any(is_held_out(a_campaign(), each) for each in CUSTOMERS[:1_000])
