"""What 1,000 messages cost beyond SES, by driver, at list prices.

`python benchmarks cost --write` writes docs/costs.md from the same run.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from samtranslator.yaml_helper import yaml_parse

from feedbacks import Feedback, run_feedback
from journeys import Journeys, run_journeys
from measurement import Measurement
from prices import ALARM_METRIC, CUSTOM_METRIC, Usage
from sweeping import Run, advance_one_by_one, sweep

MAILS = 980
PAGE = 49
PER_FUNCTION = 5_000
"""Messages that one call of the sweep's function sends in its quarter of an hour, at some 6 a second."""
ROW_WRITES = 4
"""A claim writes the enrollment and the profile, each under 1 KB, in a transaction: two units each."""
INDEX_WRITES = 2
"""Advancing in the due index: one entry is deleted, one is put."""
ROWS_OF_A_JOURNEY = 2
"""The enrollment and the customer of an onboarding; no order began it."""
REPORTS_READ = 10
"""Messages in one request to the queue."""
CLAIMED_PAGE_UNITS = 8
RECORDED_PAGE_UNITS = 8
"""A page's row is some 4 KB with its sends, and as much again with its receipts; the first write is in the
transaction."""


def measure() -> Iterator[Measurement]:
    """One run of each driver."""
    swept, one_by_one, journeys = sweep(MAILS), advance_one_by_one(MAILS // 5), run_journeys()
    sweep_usage = usage_of_sweep(swept)
    workflow_usage = usage_of_journeys(journeys, one_by_one.cpu_per_mail)
    cpu_per_request = one_by_one.cpu_seconds / one_by_one.counted["requests"]
    feedback_usage = usage_of_feedback(run_feedback(), cpu_per_request)
    if "--write" in sys.argv:
        write_page(sweep_usage, workflow_usage, feedback_usage)
    yield Measurement("cost.sweep_usd_per_1000", sweep_usage.dollars_per_thousand, "USD", 0.005)
    yield Measurement("cost.workflow_usd_per_1000", workflow_usage.dollars_per_thousand, "USD", 0.085)
    yield Measurement("cost.feedback_usd_per_1000", feedback_usage.dollars_per_thousand, "USD", 0.005)
    yield Measurement(
        "journey.transitions_per_mail", journeys.transitions / journeys.mails, "transitions", 3.2
    )


def usage_of_sweep(run: Run) -> Usage:
    """From the sink's counts; the machine's few transitions are shared by a whole call's messages."""
    pages = run.counted["TransactWriteItems"]
    rate_limiter_and_records = run.counted["UpdateItem"] - pages
    ses = run.counted["/v2/email/outbound-bulk-emails"]
    return Usage(
        mails=run.mails,
        write_units=run.mails * (ROW_WRITES + INDEX_WRITES)
        + pages * (CLAIMED_PAGE_UNITS + RECORDED_PAGE_UNITS)
        + rate_limiter_and_records,
        read_units=run.counted["rows_read"] + run.counted["Query"] * PAGE / 20,
        transitions=8 * run.mails / PER_FUNCTION,
        invocations=2 * run.mails / PER_FUNCTION,
        cpu_seconds=run.cpu_seconds,
        requests=run.counted["requests"] - ses,
        ses_requests=ses,
    )


def usage_of_journeys(run: Journeys, cpu_per_call: float) -> Usage:
    """From the calls that the functions of the Journey machine made on the local cloud."""
    calls = run.calls
    return Usage(
        mails=run.mails,
        write_units=4 * calls["TransactWriteItems"] + calls["UpdateItem"] + calls["PutItem"],
        read_units=calls["GetItem"] + calls["Query"] + calls["BatchGetItem"] * ROWS_OF_A_JOURNEY,
        transitions=run.transitions,
        invocations=run.invocations,
        cpu_seconds=run.invocations * cpu_per_call,
        requests=sum(calls.values()) - calls["SendEmail"],
        ses_requests=calls["SendEmail"],
    )


def usage_of_feedback(run: Feedback, cpu_per_request: float) -> Usage:
    """From the calls that taking in reports made on the local cloud. Its CPU is that of a send's requests.

    Every report is one request to send to the queue; receiving and deleting take ten at a time.
    """
    calls = run.calls
    reports = run.by_eventbridge + run.by_sns
    requests = sum(calls.values())
    return Usage(
        mails=run.mails,
        write_units=4 * calls["TransactWriteItems"] + calls["UpdateItem"] + calls["PutItem"],
        read_units=calls["GetItem"] + calls["Query"] + calls["BatchGetItem"] * REPORTS_READ,
        transitions=0,
        invocations=run.invocations,
        cpu_seconds=requests * cpu_per_request,
        requests=requests,
        ses_requests=0,
        queue_requests=reports + 2 * reports / REPORTS_READ,
        published=run.by_sns,
    )


def write_page(*usages: Usage) -> None:
    """docs/costs.md: the table, and how to use it."""
    parts = [usage.parts() for usage in usages]
    rows = "\n".join(
        f"| {part} | " + " | ".join(f"${each[part]:.4f}" for each in parts) + " |" for part in parts[0]
    )
    sums = " | ".join(f"**${usage.dollars_per_thousand:.4f}**" for usage in usages)
    alarms = ALARM_METRIC * alarm_metrics()
    page = PAGE_TEXT.format(
        rows=rows,
        sums=sums,
        alarms=f"${alarms:.2f}",
        metrics=f"${CUSTOM_METRIC:.2f}",
        idle=f"${alarms + CUSTOM_METRIC:.2f}",
    )
    (Path(__file__).parents[1] / "docs" / "costs.md").write_text(page)


def alarm_metrics() -> int:
    """How many metrics the alarms of template.yaml read."""
    template = yaml_parse((Path(__file__).parents[1] / "template.yaml").read_text())
    alarms = [
        resource["Properties"]
        for resource in template["Resources"].values()
        if resource["Type"] == "AWS::CloudWatch::Alarm"
    ]
    return sum(sum("MetricStat" in query for query in alarm.get("Metrics", [])) or 1 for alarm in alarms)


PAGE_TEXT = """# What it costs

Generated by `.venv/bin/python benchmarks cost --write`. US dollars per 1,000 messages, at the list
prices in `benchmarks/prices.py`, beyond what SES takes for sending ($0.10 or $0.16 per 1,000).

| | sent by a sweep | sent by a workflow | SES's reports about them |
|---|---|---|---|
{rows}
| **all** | {sums} |

The reports come by EventBridge (sent and delivered) and by SNS (sent). Opens and clicks come on top.

Requests, writes, reads and transitions are counted in a run; the time of functions is their measured CPU
on the share of a core that 512 MB get, and a usual wait for each request.

While nothing is due, the stack arms wakes once a day and runs the reconciler every six hours: within the free
tiers of Lambda and Step Functions. CloudWatch's alarms cost {alarms} a month (each metric that an alarm
reads), and the one metric that is always written {metrics} at most: together {idle} a month, less what
CloudWatch's free tier (10 alarms and 10 metrics) covers.

For a restore of the table, events and SES's reports are archived for 35 days: $0.10 per GB that comes in, and
$0.023 per GB and month that lie there (EventBridge). The two reports of a message have about 6 KB together:
less than $0.001 per 1,000 messages. A replay costs $1 per million events.

## Which driver to choose

- **sweep** from two messages a minute on, for any audience. A message goes out in the first full minute
  after it is due. Beyond the price above, each wake costs $0.00011 (four transitions and one call): $0.107
  per 1,000 messages with one message a wake, $0.0053 with 20, and $0.0005 with 200 (`.venv/bin/python
  benchmarks wake`). While nothing is due, no wake is armed.
- **workflow** when each wait should be visible in Step Functions, or when hardly ever two messages are due
  in one minute: about three transitions a message.
"""
