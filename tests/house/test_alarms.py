"""What may go wrong silently has an alarm, and every alarm reaches a person who can read what to do."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from typer.testing import CliRunner

from docs.page import Page
from local_cloud import LocalCloud
from outreach.domain.sending.unresolved_claim import GRACE, LAG
from outreach.telemetry import Metric
from outreach_tools.cli.app import app
from some import some
from stack_files import ROOT, resources, template

ALARMS = resources("AWS::CloudWatch::Alarm")
QUEUES = resources("AWS::SQS::Queue")
FUNCTIONS = resources("AWS::Serverless::Function")


MOST = 20
"""Metrics, and alarms: each is billed every month."""


def metrics_of(alarm: dict[str, Any]) -> list[dict[str, Any]]:
    """The metrics that an alarm reads, alone or for an expression."""
    queries = alarm.get("Metrics")
    return [alarm] if queries is None else [q["MetricStat"]["Metric"] for q in queries if "MetricStat" in q]


def alarm_on(metric: str) -> dict[str, Any]:
    (found,) = (
        alarm for alarm in ALARMS.values() if metric in {each["MetricName"] for each in metrics_of(alarm)}
    )
    return dict(found)


def period_of(alarm: dict[str, Any]) -> int:
    (period,) = {alarm.get("Period")} - {None} or {
        q["MetricStat"]["Period"] for q in alarm["Metrics"] if "MetricStat" in q
    }
    return int(period)


def expression_of(alarm: dict[str, Any]) -> str:
    (expression,) = (query["Expression"] for query in alarm["Metrics"] if "Expression" in query)
    return str(expression)


def watched(metric: str) -> dict[str, dict[str, Any]]:
    """By the resource: the alarms on this metric."""
    found = {}
    for alarm in ALARMS.values():
        for each in metrics_of(alarm):
            if each["MetricName"] == metric:
                (dimension,) = each["Dimensions"]
                value = dimension["Value"]
                found[value["Ref"] if "Ref" in value else value["Fn::GetAtt"][0]] = alarm
    return found


def events(function: str, kind: str) -> list[dict[str, Any]]:
    declared = FUNCTIONS[function].get("Events", {}).values()
    return [event["Properties"] for event in declared if event["Type"] == kind]


def test_what_is_new_in_a_dead_letter_queue_raises_an_alarm_and_so_does_what_soon_will_be_deleted() -> None:
    """What is there already must not keep the alarm on: it could not be raised again."""
    dead = {name for name in QUEUES if name.endswith("DeadLetterQueue")}
    alarms = watched("ApproximateNumberOfMessagesVisible")

    assert set(alarms) == dead
    for name, alarm in some(alarms.items()):
        (age,) = re.findall(r"FILL\(age, 0\) > (\d+)", expression_of(alarm))
        assert "DIFF(FILL(visible, 0)) > 0" in expression_of(alarm)
        assert int(age) == 10 * 86_400
        assert QUEUES[name]["MessageRetentionPeriod"] == 14 * 86_400


def test_a_queue_that_lags_behind_raises_an_alarm() -> None:
    late = {
        name: alarm
        for name, alarm in watched("ApproximateAgeOfOldestMessage").items()
        if not name.endswith("DeadLetterQueue")
    }

    assert set(late) == {name for name in QUEUES if "RedrivePolicy" in QUEUES[name]}
    for name, alarm in late.items():
        assert alarm["Threshold"] > QUEUES[name]["VisibilityTimeout"], "one retry is no lag"


def test_feedback_that_lags_is_reported_before_a_claim_could_be_resolved_wrongly() -> None:
    assert watched("ApproximateAgeOfOldestMessage")["FeedbackQueue"]["Threshold"] < (
        (GRACE - LAG).total_seconds()
    )


def test_a_function_that_only_a_schedule_calls_reports_its_errors() -> None:
    scheduled = {name for name in FUNCTIONS if events(name, "ScheduleV2")}

    assert scheduled | {"AdvanceEnrollmentFunction"} == set(watched("Errors"))


def test_journeys_that_cannot_be_advanced_are_reported_long_before_their_executions_fail() -> None:
    alarm = watched("Errors")["AdvanceEnrollmentFunction"]

    assert alarm is ALARMS["JourneysFailedAlarm"]
    assert "FILL(errors, 0) > 4" in expression_of(alarm)
    assert period_of(alarm) == 3600


def test_a_silent_reconciler_is_an_alarm() -> None:
    assert ALARMS["StuckAlarm"]["TreatMissingData"] == "breaching"
    assert expression_of(ALARMS["StuckAlarm"]) == "FILL(stuck, 1)"


def test_the_reconciler_may_be_late_by_a_whole_run_before_its_silence_is_an_alarm() -> None:
    """It writes its number at the end of a run, whose length varies."""
    schedule = template()["Parameters"]["ReconcilerSchedule"]["Default"]
    (hours,) = re.findall(r"rate\((\d+) hours\)", schedule)

    for name in ("StuckAlarm", "BreakerOpenAlarm", "SendingPausedAlarm", "FeedbackSourceSilentAlarm"):
        assert period_of(ALARMS[name]) >= 2 * int(hours) * 3600


def test_enrollments_that_a_sweep_cannot_move_are_reported_long_before_the_sweep_ends() -> None:
    assert period_of(alarm_on("SweepFailures")) == 3600


def test_failing_pages_raise_an_alarm_because_unsubscribing_is_among_them() -> None:
    assert set(watched("5xx")) == set(resources("AWS::Serverless::HttpApi"))


def test_an_unsubscribe_request_that_the_api_refuses_raises_an_alarm() -> None:
    """API Gateway counts the requests of one route only where the stage says so."""
    alarm = alarm_on("4xx")
    (api,) = resources("AWS::Serverless::HttpApi").values()
    dimensions = {each["Name"]: each["Value"] for each in alarm["Dimensions"]}

    assert set(dimensions) == {"ApiId", "Stage", "Method", "Resource"}
    assert api["RouteSettings"][f"{dimensions['Method']} {dimensions['Resource']}"]["DetailedMetricsEnabled"]
    assert (alarm["Statistic"], alarm["Threshold"]) == ("Sum", 0)


@pytest.mark.parametrize("name", [name for name in FUNCTIONS if events(name, "SQS")])
def test_no_queue_takes_all_functions_an_account_may_run(name: str) -> None:
    """Otherwise an import would keep unsubscribing from running."""
    for source in events(name, "SQS"):
        assert 2 <= source["ScalingConfig"]["MaximumConcurrency"] <= 50


def test_concurrency_for_unsubscribing_is_reserved_only_where_the_account_has_some_to_spare() -> None:
    """AWS refuses to reserve anything of the last hundred; a new account may have ten in all."""
    reserve = FUNCTIONS["UnsubscribeFunction"]["ReservedConcurrentExecutions"]

    assert reserve == {
        "Fn::If": ["ReservesUnsubscribe", {"Ref": "UnsubscribeReservedConcurrency"}, {"Ref": "AWS::NoValue"}]
    }
    assert template()["Parameters"]["UnsubscribeReservedConcurrency"]["Default"] == 0


def test_metrics_and_alarms_are_few_for_each_is_billed_every_month() -> None:
    assert len(Metric) <= MOST
    assert len(ALARMS) <= MOST
    assert resources("AWS::CloudWatch::CompositeAlarm") == {}


def test_the_page_of_costs_states_what_the_alarms_of_the_template_cost_idle() -> None:
    """$0.10 a month for each metric that an alarm reads, and $0.30 for `Stuck`, which is always written."""
    alarms = 0.10 * sum(len(metrics_of(alarm)) for alarm in ALARMS.values())
    text = " ".join(Page("costs.md").text.split())

    assert f"alarms cost ${alarms:.2f} a month" in text
    assert f"together ${alarms + 0.30:.2f} a month" in text


def test_an_alarm_on_a_metric_of_ours_reads_one_that_the_code_counts_and_that_of_its_own_stack() -> None:
    for name, alarm in ALARMS.items():
        for each in metrics_of(alarm):
            if each["Namespace"] == "Outreach":
                assert each["MetricName"] in set(Metric), name
                assert each["Dimensions"] == [{"Name": "service", "Value": {"Ref": "AWS::StackName"}}], name
    variables = template()["Globals"]["Function"]["Environment"]["Variables"]
    assert variables["POWERTOOLS_SERVICE_NAME"] == {"Ref": "AWS::StackName"}


def test_what_one_stack_names_has_its_name() -> None:
    named = {
        **{name: alarm["AlarmName"] for name, alarm in ALARMS.items()},
        **{name: query["Name"] for name, query in resources("AWS::Logs::QueryDefinition").items()},
        **{name: group["LogGroupName"] for name, group in resources("AWS::Logs::LogGroup").items()},
        **{name: each["Name"] for name, each in resources("AWS::SES::ConfigurationSet").items()},
    }
    assert [name for name, value in named.items() if "${AWS::StackName}" not in value["Fn::Sub"]] == []


def test_an_alarm_says_what_the_page_says() -> None:
    page = {name: (when, what) for name, when, what in Page("operations.md").table("Alarms")}

    assert {str(alarm["AlarmActions"]) for alarm in ALARMS.values()} == {"[{'Ref': 'Alarms'}]"}
    assert set(page) == set(ALARMS)
    for name, alarm in ALARMS.items():
        when, what = (text[0].upper() + text[1:].replace('"', "'") for text in page[name])
        assert alarm["AlarmDescription"].replace("`", "") == f"{when}. {what}."


def test_an_alarm_names_sections_and_saved_queries_that_exist() -> None:
    page, queries = Page("operations.md"), resources("AWS::Logs::QueryDefinition").values()
    names = {query["Name"]["Fn::Sub"].partition("/")[2] for query in queries}
    for alarm in ALARMS.values():
        text = alarm["AlarmDescription"]
        for section in re.findall(r"see ([A-Z][a-zA-Z ]+?)(?:, and|[.;,]|$)", text):
            assert page.section(section), section
        for query in re.findall(r"saved query '([^']+)'", text):
            assert query in names


_COMMAND = re.compile(r"`(outreach [^`]+)`")
COMMANDS = sorted({each for alarm in ALARMS.values() for each in _COMMAND.findall(alarm["AlarmDescription"])})
WITHOUT_DRY_RUN = {
    "outreach sending status",
    "outreach sending limits",
    "outreach journeys check",
    "outreach journeys check --begin-again",
    "outreach sweeps start",
}


@pytest.fixture(scope="module")
def cloud() -> Iterator[LocalCloud]:
    with LocalCloud(project=ROOT) as running:
        yield running


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_that_an_alarm_prints_runs(
    command: str, cloud: LocalCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    arguments = command.replace("NAME", "win-back").split()[1:]
    if command not in WITHOUT_DRY_RUN and "--dry-run" not in arguments:
        arguments.append("--dry-run")

    result = CliRunner().invoke(app, arguments, obj=cloud, catch_exceptions=False)

    assert result.exit_code == 0, result.output
