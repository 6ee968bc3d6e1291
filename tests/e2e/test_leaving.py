"""Leaving takes effect at once: an erased or opted-out customer gets no mail."""

import pytest

from e2e.shop import RARELY_RECONCILED, Shop, days, hours


@pytest.fixture(scope="module")
def parameters() -> dict[str, str]:
    return RARELY_RECONCILED


PERSONAL = ("example.com", "Ana", "Oven", "Madrid", "a present")


def test_who_is_deleted_gets_nothing_more_and_nothing_personal_is_kept(shop: Shop) -> None:
    shop.signs_up("c-gone", zone="Europe/Madrid")
    shop.order("placed", "c-gone", "o-gone", promised_at=shop.now + days(5), lines=["oven"])
    shop.order("delayed", "c-gone", "o-gone", promised_at=shop.now + days(9), reason="Ana was away")
    shop.tells("order.placed", "c-gone", order={"id": "o-late"}, properties={"note": "a present"})
    shop.waits(hours(3))
    assert all(word in str(shop.stored("c-gone")) for word in PERSONAL)
    before = shop.got("c-gone")
    shop.tells("customer.deleted", "c-gone")
    for campaign in ("onboarding", "delay-notification"):
        assert {run.status for run in shop.journeys("c-gone", campaign)} == {"ABORTED"}
    shop.waits(days(120))
    assert shop.got("c-gone") == before
    kept = str(shop.stored("c-gone"))
    assert [word for word in PERSONAL if word in kept] == []
    kinds = {row["SK"]["S"].partition("#")[0] for row in shop.stored("c-gone")}
    assert kinds == {"PROFILE", "ENROLLMENT", "EVENT"}


def test_what_arrives_of_a_deleted_customer_is_not_kept(shop: Shop) -> None:
    shop.signs_up("c-forgotten")
    shop.waits(hours(1))
    shop.tells("customer.deleted", "c-forgotten")
    rows = len(shop.stored("c-forgotten"))
    shop.order("placed", "c-forgotten", "o-forgotten", promised_at=shop.now + days(5))
    shop.waits(days(10))
    assert len(shop.stored("c-forgotten")) == rows
    assert shop.refused() == []


def test_who_signs_up_again_after_that_is_a_customer_again(shop: Shop) -> None:
    shop.signs_up("c-back")
    shop.waits(hours(1))
    shop.tells("customer.deleted", "c-back")
    shop.waits(days(2))
    shop.signs_up("c-back")
    shop.order("placed", "c-back", "o-back", promised_at=shop.now + days(5))
    shop.order("delayed", "c-back", "o-back", promised_at=shop.now + days(9), reason="mud")
    assert [message for message, _ in shop.got("c-back")] == ["welcome", "delayed"]


def test_taking_back_consent_ends_marketing_at_once_and_only_marketing(shop: Shop) -> None:
    shop.signs_up("c-enough")
    shop.order("placed", "c-enough", "o-enough", promised_at=shop.now + days(5))
    shop.waits(hours(3))
    consent = {"marketing": False, "source": "account", "at": shop.now.isoformat()}
    shop.tells("customer.updated", "c-enough", customer={"consent": consent})
    assert [run.status for run in shop.journeys("c-enough", "onboarding")] == ["ABORTED"]
    shop.waits(days(30))
    assert [message for message, _ in shop.got("c-enough")] == ["welcome", "overdue"]
