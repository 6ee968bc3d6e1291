"""Rate and quota end to end: SES is never pushed over either, and every message is sent."""

from datetime import timedelta
from itertools import pairwise

from e2e.shop import PROJECT, START, Shop, days, hours, minutes
from local_cloud import LocalCloud, SesAccount


def refusals(cloud: LocalCloud) -> list[str]:
    return [call.error for call in cloud.calls if call.operation == "SendEmail" and call.error]


def test_at_one_a_second_every_customer_is_welcomed_one_by_one() -> None:
    with LocalCloud(start=START, project=PROJECT, ses=SesAccount(max_send_rate=1)) as cloud:
        shop = Shop(cloud)
        for number in range(75):
            shop.signs_up(f"c-{number}")
        shop.waits(minutes(3))

        welcomed = sorted(mail.sent_at for mail in cloud.outbox)
        assert len(welcomed) == len({mail.to for mail in cloud.outbox}) == 75
        assert refusals(cloud) == []
        gaps = [later - earlier for earlier, later in pairwise(welcomed)]
        asked = [call.time for call in cloud.calls if call.operation == "GetAccount"]
        assert len(asked) > 1
        assert all(later - earlier >= minutes(1) for earlier, later in pairwise(asked))
        assert min(gaps) >= timedelta(seconds=1)
        assert welcomed[-1] - welcomed[0] < timedelta(seconds=85)


def test_what_the_quota_does_not_let_through_today_goes_tomorrow() -> None:
    account = SesAccount(max_send_rate=14, max_24_hour_send=8)
    with LocalCloud(start=START, project=PROJECT, ses=account) as cloud:
        shop = Shop(cloud)

        def welcomed() -> int:
            return sum(mail.headers["X-Outreach-Message"] == "welcome" for mail in cloud.outbox)

        for number in range(10):
            shop.waits(hours(12) if number == 7 else minutes(0))
            shop.signs_up(f"c-{number}", profile_complete=True)  # so there is no second mail for days
        shop.waits(hours(11))
        assert welcomed() == 7  # the rest of the quota is kept for transactional mail

        shop.order("placed", "c-9", "o-1", promised_at=shop.now + days(1))
        shop.order("delayed", "c-9", "o-1", promised_at=shop.now + days(2), reason="strike")
        assert [message for message, _ in shop.got("c-9")] == ["delayed"]

        shop.waits(hours(12))
        assert welcomed() == 10
        assert refusals(cloud) == []
