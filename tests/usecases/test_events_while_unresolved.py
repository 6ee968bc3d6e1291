"""An event that arrives while a claim is unresolved is not used up by a wait after it."""

from datetime import timedelta

import pytest

from builders import NOW, a_campaign, a_customer, an_event
from outreach.domain.journeys.campaign import Driver, MessageClass, Step
from outreach.domain.journeys.hash_share import shard_of
from usecases.seams import CrashError, Phase, crash
from usecases.shop import SHARDS, Shop
from usecases.steps import end, send, wait, wait_for

ACTIVATED = "customer.activated"
UNTIL_ACTIVATED = wait_for(ACTIVATED, days=5, on_timeout="nudge")


@pytest.mark.parametrize(
    "following", [(), (wait(hours=2),), (wait(days=9),)], ids=["send", "short wait", "long wait"]
)
def test_after_it_is_known_that_the_message_did_not_go_the_event_counts_all_the_same(
    following: tuple[Step, ...],
) -> None:
    campaign = a_campaign(
        "letters",
        driver=Driver.SWEEP,
        message_class=MessageClass.TRANSACTIONAL,
        steps=(send("letter"), UNTIL_ACTIVATED, *following, send("thanks"), end(), send("nudge")),
    )
    shop = Shop(campaign)
    ana = shop.enroll(campaign, a_customer())
    shop.seams.at_next("send_all", Phase.BEFORE, crash)
    with pytest.raises(CrashError):
        shop.sweep(campaign, shard_of("c-ana", SHARDS))
    shop.clock.advance(minutes=1)
    shop.take_in(an_event(ACTIVATED, id="evt-2", occurred_at=shop.clock.now()))

    shop.clock.advance(minutes=1)
    shop.sweep(campaign, shard_of("c-ana", SHARDS))
    shop.sweep_days(20)

    assert shop.mails == ["letter", "thanks"]
    assert shop.row(ana).consumed == {ACTIVATED: NOW + timedelta(minutes=1)}
