"""Incident 12: the reconciler of a stack does not run, and another stack of the account is well."""

from datetime import timedelta

from e2e.own_campaigns import project_of
from e2e.shop import hours, minutes
from rehearsals.campaigns import GREETINGS
from rehearsals.incident import Incident, incident


def _other_stack_reports(it: Incident, span: timedelta) -> None:
    """It has our namespace and our metrics, and its own name."""
    metrics = [
        {"MetricName": name, "Value": value, "Dimensions": [{"Name": "service", "Value": "outreach-2"}]}
        for name, value in (("Stuck", 0), ("SendingPaused", 1), ("TransactionalFailed", 3))
    ]
    for _ in range(int(span / hours(1))):
        it.cloud.client("cloudwatch").put_metric_data(Namespace="Outreach", MetricData=metrics)
        it.waits(hours(1))


def test_another_stack_neither_hides_a_dead_reconciler_nor_raises_an_alarm_here() -> None:
    with project_of({"start": GREETINGS}) as project, incident("two-stacks", project=project) as it:
        scheduler = it.cloud.client("scheduler")
        (ours,) = [
            scheduler.get_schedule(Name=each["Name"])
            for each in scheduler.list_schedules()["Schedules"]
            if "Reconciler" in each["Name"]
        ]
        scheduler.delete_schedule(Name=ours["Name"])
        stopped_at = it.shop.now

        it.shop.signs_up("c-1")
        it.waits(minutes(5))
        (hello,) = it.shop.inbox("c-1")
        before = it.shop.stored("c-1")
        # The other stack's message to a customer of the same id: our tags, and a message id that is not ours.
        it.cloud.ses_event("Email Opened", hello.message_id, mail={"messageId": "0100-of-the-other-stack"})
        it.waits(minutes(1))
        assert it.shop.stored("c-1") == before

        _other_stack_reports(it, hours(14))
        assert it.ringing() == {"StuckAlarm"}
        assert it.rang()["StuckAlarm"] - stopped_at <= hours(14)
        it.types("outreach journeys check")
        wanted = ("Name", "ScheduleExpression", "FlexibleTimeWindow", "Target")
        scheduler.create_schedule(**{name: ours[name] for name in wanted})
        it.types("outreach journeys check --begin-again")
        _other_stack_reports(it, hours(20))
        assert it.ringing() == set()
        assert it.twice() == []
