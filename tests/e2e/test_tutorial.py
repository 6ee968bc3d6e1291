"""The tutorial: a series of lessons for each product line that a customer bought."""

from itertools import pairwise

import pytest

from e2e.shop import RARELY_RECONCILED, Shop, days, hours, minutes

ITS_TURN = minutes(6)
"""Messages due under a full cap are sent this long after it has room (priority 40)."""


@pytest.fixture(scope="module")
def parameters() -> dict[str, str]:
    return RARELY_RECONCILED


def test_the_lessons_of_one_line_come_on_the_first_fourth_ninth_and_sixteenth_day(shop: Shop) -> None:
    shop.hears_of("c-oven")
    began = shop.waits_for_the_clock(10)
    shop.order("delivered", "c-oven", "o-1", lines=["oven"])
    shop.waits(days(30))
    assert shop.got("c-oven") == [
        ("oven-1-first-bake", began + days(1)),
        ("oven-2-pizza", began + days(4)),
        ("oven-3-sourdough", began + days(9)),
        ("oven-4-care", began + days(16)),
    ]
    assert [run.status for run in shop.journeys("c-oven", "tutorial")] == ["SUCCEEDED"]


def test_two_lines_are_two_series_that_share_the_cap(shop: Shop) -> None:
    shop.hears_of("c-both")
    began = shop.waits_for_the_clock(10)
    shop.order("delivered", "c-both", "o-2", lines=["oven", "espresso"])
    shop.waits(days(40))
    got = shop.got("c-both")
    assert got[:2] == [
        ("espresso-1-first-shot", began + days(1)),
        ("oven-1-first-bake", began + days(2) + ITS_TURN),
    ]
    for line in ("espresso", "oven"):
        lessons = [message for message, _ in got if message.startswith(line)]
        assert [lesson.split("-")[1] for lesson in lessons] == ["1", "2", "3", "4"]
    instants = [at for _, at in got]
    assert all(later - earlier >= days(1) for earlier, later in pairwise(instants))
    assert all(fourth - first >= days(7) for first, fourth in zip(instants, instants[3:], strict=False))


def test_a_lesson_on_something_already_used_is_left_out(shop: Shop) -> None:
    shop.hears_of("c-expert")
    began = shop.waits_for_the_clock(10)
    shop.order("delivered", "c-expert", "o-3", lines=["espresso"])
    shop.waits(days(2))
    shop.tells(
        "product.feature_used", "c-expert", properties={"product_line": "espresso", "feature": "grinder"}
    )
    shop.tells(
        "product.feature_used", "c-expert", properties={"product_line": "espresso", "feature": "descale"}
    )
    shop.waits(days(30))
    assert shop.got("c-expert") == [
        ("espresso-1-first-shot", began + days(1)),
        ("espresso-3-milk", began + days(9)),
    ]


def test_what_the_tutorial_does_not_teach_enrolls_no_customer(shop: Shop) -> None:
    shop.hears_of("c-towel")
    shop.order("delivered", "c-towel", "o-4", lines=["towel"])
    assert shop.journeys("c-towel", "tutorial") == []


def test_a_second_machine_of_the_same_line_teaches_nothing_twice(shop: Shop) -> None:
    shop.hears_of("c-again")
    shop.order("delivered", "c-again", "o-5", lines=["skillet"])
    shop.waits(days(30))
    first = shop.got("c-again")
    shop.order("delivered", "c-again", "o-6", lines=["skillet"])
    shop.waits(days(30))
    assert len(first) == 4
    assert shop.got("c-again") == first


def test_no_lesson_comes_before_nine_in_the_morning(shop: Shop) -> None:
    shop.hears_of("c-early", zone="Asia/Tokyo")
    shop.waits_for_the_clock(19)  # four in the morning in Tokyo
    shop.order("delivered", "c-early", "o-7", lines=["skillet"])
    began = shop.now
    shop.waits(days(2))
    assert shop.got("c-early") == [("skillet-1-seasoning", began + days(1) + hours(5) + ITS_TURN)]
