"""The breaker: when too much bounces, marketing is paused until an operator resumes it."""

import json

from typer.testing import CliRunner, Result

from e2e.shop import Shop, days, hours, minutes
from outreach_tools.cli.app import app


def _outreach(shop: Shop, *arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), obj=shop.cloud, catch_exceptions=False)


def test_too_many_bounces_pause_marketing_but_not_what_customers_wait_for(new_shop: Shop) -> None:
    for number in range(100):
        new_shop.signs_up(f"c-{number}")
    new_shop.waits(minutes(5))
    for number in range(5):
        (welcome,) = new_shop.inbox(f"c-{number}")
        new_shop.cloud.ses_event("Email Bounced", welcome.message_id)
    new_shop.waits(minutes(1))

    new_shop.signs_up("c-late")
    new_shop.order("placed", "c-late", "o-late", promised_at=new_shop.now + days(3))
    new_shop.order("delayed", "c-late", "o-late", promised_at=new_shop.now + days(9), reason="mud")
    new_shop.waits(minutes(5))

    assert [message for message, _ in new_shop.got("c-late")] == ["delayed"]
    status = json.loads(_outreach(new_shop, "sending", "status", "--json").stdout)
    assert (status["marketing"], status["transactional"]) == ("paused", "on")
    assert status["breaker"]["opened"]["reason"] == "bounces"

    _outreach(new_shop, "sending", "resume")
    new_shop.waits(hours(1))
    assert [message for message, _ in new_shop.got("c-late")] == ["delayed", "welcome"]
