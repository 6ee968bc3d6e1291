"""One mailbox under a guest checkout and an account, from sign-up to opt-out."""

from urllib.parse import urlsplit

from e2e.shop import Shop, days, minutes

GUEST, ACCOUNT = "c-guest", "c-account"


def test_an_opt_out_ends_marketing_in_the_mailbox_whichever_customer_it_was_for(new_shop: Shop) -> None:
    cloud = new_shop.cloud
    for customer_id, address in ((GUEST, "ana@example.com"), (ACCOUNT, "Ana@example.com")):
        yes = {"marketing": True, "source": "checkout", "at": "2026-03-02T08:59:00Z"}
        new_shop.tells("customer.signed_up", customer_id, customer={"email": address, "consent": yes})
    new_shop.waits(minutes(5))
    assert [mail.headers["X-Outreach-Message"] for mail in cloud.outbox] == ["welcome"]

    link = urlsplit(cloud.outbox[0].headers["List-Unsubscribe"].strip("<>")).path
    assert cloud.http("POST", link, {}, b"List-Unsubscribe=One-Click").status == 200
    new_shop.waits(days(30))
    yes = {"marketing": True, "source": "checkout", "at": "2026-03-02T08:59:00Z"}
    new_shop.tells("customer.signed_up", "c-later", customer={"email": "ana@example.com", "consent": yes})
    new_shop.waits(days(30))

    assert len(cloud.outbox) == 1
