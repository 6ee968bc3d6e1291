"""What goes wrong raises its alarm, as long as it lasts, and nothing else does."""

from collections.abc import Callable

import pytest
from typer.testing import CliRunner

from e2e.shop import PROJECT, START, Shop, days
from local_cloud import AlarmState, LocalCloud, SesAccount
from outreach_tools.cli.app import app

type Type = Callable[..., None]


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch, new_shop: Shop) -> Type:
    """Types a command for the stack."""
    monkeypatch.chdir(PROJECT)

    def typed(*arguments: str) -> None:
        answer = CliRunner().invoke(app, list(arguments), obj=new_shop.cloud)
        assert answer.exit_code == 0, answer.output

    return typed


def delay_order(shop: Shop, customer: str) -> None:
    shop.order("placed", customer, f"o-{customer}", promised_at=shop.now + days(9))
    shop.order("delayed", customer, f"o-{customer}", promised_at=shop.now + days(12), reason="fog")


def ringing(cloud: LocalCloud) -> set[str]:
    return {name for name, alarm in cloud.alarms.items() if alarm.state is AlarmState.ALARM}


def test_a_quiet_day_raises_no_alarm(new_shop: Shop) -> None:
    new_shop.signs_up("ana")
    new_shop.hears_of("ben")
    delay_order(new_shop, "ben")
    new_shop.waits(days(1))

    assert len(new_shop.cloud.outbox) > 1
    assert ringing(new_shop.cloud) == set()
    rang = {name for name, alarm in new_shop.cloud.alarms.items() if alarm.rang}
    assert rang == {"StuckAlarm"}, "until its first run the reconciler has reported nothing"


def test_messages_that_the_quota_holds_raise_alarms() -> None:
    with LocalCloud(START, project=PROJECT, ses=SesAccount(max_24_hour_send=20)) as cloud:
        shop = Shop(cloud)
        for number in range(30):
            shop.signs_up(f"c-{number}")
        cloud.advance(hours=2)
        for number in range(3):
            delay_order(shop, f"c-{number}")
        cloud.advance(minutes=10)

        assert {"TransactionalNotSentAlarm", "QuotaAlarm"} <= ringing(cloud)
        cloud.advance(days=2)
        assert cloud.alarms["MarketingExpiredAlarm"].rang


def test_a_forgotten_pause_keeps_its_alarm_on_until_it_is_resumed(new_shop: Shop, typed: Type) -> None:
    typed("sending", "pause", "--reason", "a look")
    new_shop.cloud.advance(hours=7)
    assert "SendingPausedAlarm" in ringing(new_shop.cloud)
    new_shop.waits(days(3))
    assert len(new_shop.cloud.alarms["SendingPausedAlarm"].rang) == 1
    assert "SendingPausedAlarm" in ringing(new_shop.cloud)
    typed("sending", "resume")
    new_shop.cloud.advance(hours=13)
    assert "SendingPausedAlarm" not in ringing(new_shop.cloud)


def test_messages_in_the_dead_letter_queue_do_not_keep_the_alarm_from_being_raised_again(
    new_shop: Shop,
) -> None:
    for _ in range(3):
        new_shop.tells("customer.signed_up", "ana", customer={"email": 7}, wrong=True)
        new_shop.waits(days(1))
    assert len(new_shop.refused()) == 3
    assert len(new_shop.cloud.alarms["EventsRefusedAlarm"].rang) == 3
    new_shop.waits(days(8))
    assert "EventsRefusedAlarm" in ringing(new_shop.cloud), "the first of them will be deleted soon"


def test_a_reconciler_that_does_not_run_is_an_alarm_after_twelve_hours() -> None:
    with LocalCloud(START, project=PROJECT) as cloud:
        cloud.advance(hours=6, minutes=5)
        assert "StuckAlarm" not in ringing(cloud)
        for schedule in cloud.client("scheduler").list_schedules()["Schedules"]:
            cloud.client("scheduler").delete_schedule(Name=schedule["Name"])
        cloud.advance(hours=11)
        assert "StuckAlarm" not in ringing(cloud)
        cloud.advance(hours=2)
        assert "StuckAlarm" in ringing(cloud)
