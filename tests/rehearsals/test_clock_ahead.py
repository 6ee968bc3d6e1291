"""Incident 10: the clock of a producer is ahead, by less than an hour and by more."""

from e2e.own_campaigns import project_of
from e2e.shop import Shop, days, hours, minutes
from rehearsals.campaigns import GREETINGS, RECEIPTS
from rehearsals.incident import incident

AHEAD = minutes(50)


def _signs_up_ahead(shop: Shop, customer: str, *, ahead: float = 50) -> None:
    at = shop.now + minutes(ahead)
    shop.tells(
        "customer.signed_up",
        customer,
        at=at,
        customer={
            "email": f"{customer}@example.com",
            "consent": {"marketing": True, "at": at.isoformat()},
        },
    )


def test_a_clock_that_is_ahead_neither_outlives_a_later_no_nor_a_later_deletion() -> None:
    with (
        project_of({"start": GREETINGS, "receipts": RECEIPTS}) as project,
        incident("clock-ahead", project=project) as it,
    ):
        for customer in ("c-no", "c-deleted", "c-stays"):
            _signs_up_ahead(it.shop, customer)
        it.shop.order("placed", "c-deleted", "o-1", at=it.shop.now + AHEAD)
        _signs_up_ahead(it.shop, "c-refused", ahead=90)
        it.waits(minutes(5))
        no = {"consent": {"marketing": False, "at": it.shop.now.isoformat()}}
        it.shop.tells("customer.updated", "c-no", customer=no)
        it.shop.tells("customer.deleted", "c-deleted")
        it.waits(minutes(10))

        assert it.rang()["EventsRefusedAlarm"] - it.since <= minutes(15)
        assert "occurred_at" in it.types("outreach redrive --dry-run --each")
        it.waits(hours(2))
        it.types("outreach redrive")
        it.waits(days(4))
        assert it.got(["c-no", "c-stays", "c-refused"]) == {
            "c-no": ["hello"],
            "c-stays": ["hello", "tips"],
            "c-refused": ["hello", "tips"],
        }
        assert sorted(it.got(["c-deleted"])["c-deleted"]) == ["hello", "receipt"], "what went before"
        assert "example.com" not in str(it.shop.stored("c-deleted"))
        assert it.cloud.refused == ()
        assert it.ringing() == set()
        assert "marketing" in it.types("outreach customers show c-no")
