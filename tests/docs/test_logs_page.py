"""docs/logs.md names the log group, and has a query for every alarm that sends its reader to a log."""

import re

import pytest

from docs.page import Page
from stack_files import ROOT, resources, template

PAGE = Page("logs.md")
QUERIES = dict(re.findall(r"^## (.+?)\n\n```\n(.+?)^```$", PAGE.text, re.MULTILINE | re.DOTALL))
FUNCTIONS = "".join(file.read_text("utf-8") for file in sorted((ROOT / "functions/outreach").rglob("*.py")))
SENDS_TO_A_LOG = re.compile(r"\blogs? (of|line|says)|\bsame log\b", re.IGNORECASE)


def test_the_log_group_is_the_stacks() -> None:
    name = template()["Resources"]["FunctionLogs"]["Properties"]["LogGroupName"]

    assert str(name["Fn::Sub"]).replace("${AWS::StackName}", "STACK") in PAGE.text


def test_every_alarm_that_sends_its_reader_to_a_log_has_a_query() -> None:
    rows = {row[0]: " ".join(row) for row in Page("operations.md").table("Alarms")}
    described = {name: it["AlarmDescription"] for name, it in resources("AWS::CloudWatch::Alarm").items()}
    sending = {
        name
        for name in rows.keys() | described.keys()
        if SENDS_TO_A_LOG.search(f"{rows.get(name, '')} {described.get(name, '')}")
    }
    answered = dict(PAGE.table("Logs"))

    assert sending <= answered.keys()
    assert answered.keys() <= described.keys()
    assert set(answered.values()) <= QUERIES.keys()


@pytest.mark.parametrize("heading", QUERIES)
def test_a_query_asks_for_what_functions_write(heading: str) -> None:
    query = QUERIES[heading]

    for message in re.findall(r'message = "(.+?)"', query):
        assert f'"{message}"' in FUNCTIONS
    for names in re.findall(r"@logStream like /(.+?)/", query):
        assert set(names.split("|")) <= resources("AWS::Serverless::Function").keys()
    for fact in re.findall(r"facts\.(\w+)", query):
        assert f'"{fact}": ' in FUNCTIONS or f"{fact}=" in FUNCTIONS
