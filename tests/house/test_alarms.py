"""What may go wrong silently has an alarm, and every alarm reaches somebody who can read what to do."""

import re
from typing import Any

import pytest

from docs.page import Page
from outreach.domain.doubt import GRACE, LAG
from stack_files import resources, template

ALARMS = resources("AWS::CloudWatch::Alarm")
QUEUES = resources("AWS::SQS::Queue")
FUNCTIONS = resources("AWS::Serverless::Function")


def watched(metric: str) -> dict[str, dict[str, Any]]:
    """By the resource that is watched: the alarms on this metric."""
    found = {}
    for alarm in ALARMS.values():
        if alarm["MetricName"] == metric:
            (dimension,) = alarm["Dimensions"]
            value = dimension["Value"]
            found[value["Ref"] if "Ref" in value else value["Fn::GetAtt"][0]] = alarm
    return found


def events(function: str, kind: str) -> list[dict[str, Any]]:
    declared = FUNCTIONS[function].get("Events", {}).values()
    return [event["Properties"] for event in declared if event["Type"] == kind]


def test_whatever_lies_in_a_dead_letter_queue_raises_an_alarm() -> None:
    dead = {name for name in QUEUES if name.endswith("DeadLetterQueue")}

    assert {alarm["Threshold"] for alarm in watched("ApproximateNumberOfMessagesVisible").values()} == {0}
    assert set(watched("ApproximateNumberOfMessagesVisible")) == dead


def test_a_queue_that_lags_behind_raises_an_alarm() -> None:
    late = watched("ApproximateAgeOfOldestMessage")

    assert set(late) == {name for name in QUEUES if "RedrivePolicy" in QUEUES[name]}
    for name, alarm in late.items():
        assert alarm["Threshold"] > QUEUES[name]["VisibilityTimeout"], "one retry is no lag"


def test_feedback_that_lags_is_told_before_a_doubt_could_be_ended_wrongly() -> None:
    assert watched("ApproximateAgeOfOldestMessage")["FeedbackQueue"]["Threshold"] < (
        (GRACE - LAG).total_seconds()
    )


def test_a_function_that_only_a_schedule_calls_tells_of_its_errors() -> None:
    scheduled = {name for name in FUNCTIONS if events(name, "ScheduleV2")}

    assert scheduled == set(watched("Errors"))


def test_the_silence_of_the_watch_is_an_alarm() -> None:
    assert ALARMS["StuckAlarm"]["TreatMissingData"] == "breaching"


def test_the_watch_may_come_late_by_a_whole_look_before_its_silence_is_an_alarm() -> None:
    """It tells its number at the end of a run, whose length varies."""
    schedule = template()["Parameters"]["WatchSchedule"]["Default"]
    (hours,) = re.findall(r"rate\((\d+) hours\)", schedule)

    assert ALARMS["StuckAlarm"]["Period"] >= 2 * int(hours) * 3600


def test_enrollments_that_a_sweep_cannot_move_are_told_long_before_the_sweep_ends() -> None:
    (alarm,) = (alarm for alarm in ALARMS.values() if alarm["MetricName"] == "SweepFailures")

    assert (alarm["Statistic"], alarm["Period"]) == ("Sum", 3600)
    assert alarm["Dimensions"] == ALARMS["MessagesFailedAlarm"]["Dimensions"]


def test_pages_that_fail_are_told_for_the_way_out_is_among_them() -> None:
    assert set(watched("5xx")) == set(resources("AWS::Serverless::HttpApi"))


def test_an_unsubscribe_request_that_the_api_refuses_raises_an_alarm() -> None:
    """API Gateway counts the requests of one route only where the stage says so."""
    (alarm,) = (alarm for alarm in ALARMS.values() if alarm["MetricName"] == "4xx")
    (api,) = resources("AWS::Serverless::HttpApi").values()
    dimensions = {each["Name"]: each["Value"] for each in alarm["Dimensions"]}

    assert set(dimensions) == {"ApiId", "Stage", "Method", "Resource"}
    assert api["RouteSettings"][f"{dimensions['Method']} {dimensions['Resource']}"]["DetailedMetricsEnabled"]
    assert (alarm["Statistic"], alarm["Threshold"]) == ("Sum", 0)


@pytest.mark.parametrize("name", [name for name in FUNCTIONS if events(name, "SQS")])
def test_no_queue_takes_all_functions_an_account_may_run(name: str) -> None:
    """Else an import would keep the way out from running."""
    for source in events(name, "SQS"):
        assert 2 <= source["ScalingConfig"]["MaximumConcurrency"] <= 50


def test_room_for_the_way_out_is_kept_only_where_the_account_has_some_to_spare() -> None:
    """AWS refuses to reserve anything of the last hundred; a new account may have ten in all."""
    reserve = FUNCTIONS["UnsubscribeFunction"]["ReservedConcurrentExecutions"]

    assert reserve == {"Fn::If": ["ReservesWayOut", {"Ref": "WayOutReserve"}, {"Ref": "AWS::NoValue"}]}
    assert template()["Parameters"]["WayOutReserve"]["Default"] == 0


def test_every_alarm_is_told_and_explained() -> None:
    explained = {name for row in Page("operations.md").table("Alarms") for name in [row[0]]}

    assert {str(alarm["AlarmActions"]) for alarm in ALARMS.values()} == {"[{'Ref': 'Alarms'}]"}
    assert explained == set(ALARMS)
