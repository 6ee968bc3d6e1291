"""Each thing that can be wrong around a stack is found, and the next step that is printed exists."""

import re
import shlex
from typing import Any

import boto3
import click
import pytest
from botocore import xform_name
from typer.main import get_command

from doctor.scripted import DMARC, HEALTHY, OUTPUTS, site
from outreach_tools.cli.app import app
from outreach_tools.doctor.examination import examine
from outreach_tools.doctor.finding import Finding, Status
from outreach_tools.doctor.site import Site
from stack_files import ROOT


def changed(operation: str, **values: Any) -> Site:
    return site({operation: {**HEALTHY[operation], **values}})


def identity(**dkim: Any) -> dict[str, Any]:
    return {"DkimAttributes": {"SigningEnabled": True, "Status": "PENDING", "Tokens": ["t1"], **dkim}}


PLAIN = {"Name": "/outreach/kestrel/links", "Type": "String"}
UNCONFIRMED = {"SubscriptionArn": "PendingConfirmation"}
RENAMED_BY_AWS_CLI = {"--notification-endpoint": "--endpoint"}
"""The AWS CLI renames few arguments; of those that are printed, this one."""
QUOTA = {"Max24HourSend": 200.0, "MaxSendRate": 1.0}
SNS_ONLY = {
    "EventDestinations": [
        {"Enabled": False, "EventBridgeDestination": {}},
        {"Enabled": True, "SnsDestination": {}},
    ]
}
NEWER_ROWS = {"Item": {"format": {"N": "99"}, "release": {"S": "9.0.0"}}}
CASES: dict[str, tuple[Site, str, Status, str]] = {
    "another release": (
        site(outputs={**OUTPUTS, "Version": "9.0.0"}),
        "release", Status.WARN, "the stack runs 9.0.0",
    ),
    "a release without a version": (
        site(outputs={name: value for name, value in OUTPUTS.items() if name != "Version"}),
        "release", Status.WARN, "the stack runs 0.1.0",
    ),
    "rolled back across formats": (
        site({"get_item": NEWER_ROWS}), "release", Status.FAIL, "9.0.0 wrote rows that it cannot read",
    ),
    "no identity": (
        site({"get_email_identity": "NotFoundException"}),
        "identity", Status.FAIL, "SES has no identity for kestrel.shop",
    ),
    "not verified": (
        changed("get_email_identity", VerifiedForSendingStatus=False),
        "identity", Status.FAIL, "not verified",
    ),
    "dkim pending": (
        changed("get_email_identity", **identity()),
        "dkim", Status.FAIL, "not signed (PENDING)",
    ),
    "dkim off": (
        changed("get_email_identity", **identity(Status="SUCCESS", SigningEnabled=False)),
        "dkim", Status.FAIL, "not signed",
    ),
    "no mail from": (
        changed("get_email_identity", MailFromAttributes={}),
        "mail-from", Status.WARN, "SPF does not speak for the sender",
    ),
    "mail from pending": (
        changed(
            "get_email_identity",
            MailFromAttributes={"MailFromDomain": "m.kestrel.shop", "MailFromDomainStatus": "PENDING"},
        ),
        "mail-from", Status.WARN, "m.kestrel.shop is not usable yet (PENDING)",
    ),
    "no dmarc": (site(dmarc={}), "dmarc", Status.FAIL, "no DMARC record for kestrel.shop"),
    "no answer of dns": (
        site(dmarc={"_dmarc.kestrel.shop": None}), "dmarc", Status.WARN, "DNS gave no answer",
    ),
    "sandbox": (
        changed("get_account", ProductionAccessEnabled=False), "sandbox", Status.WARN, "SES sandbox",
    ),
    "no plan told": (
        changed("get_account", PricingAttributes={}), "plan", Status.WARN, "does not say which price plan",
    ),
    "quota used up": (
        changed("get_account", SendQuota={**QUOTA, "SentLast24Hours": 200.0}),
        "quota", Status.FAIL, "nothing is left",
    ),
    "quota nearly used": (
        changed("get_account", SendQuota={**QUOTA, "SentLast24Hours": 160.0}),
        "quota", Status.WARN, "little is left",
    ),
    "account off": (
        changed("get_account", SendingEnabled=False, EnforcementStatus="SHUTDOWN"),
        "sending", Status.FAIL, "switched sending off for the account (SHUTDOWN)",
    ),
    "probation": (
        changed("get_account", EnforcementStatus="PROBATION"), "sending", Status.WARN, "SES says PROBATION",
    ),
    "set off": (
        changed("get_configuration_set", SendingOptions={"SendingEnabled": False}),
        "sending", Status.FAIL, "switched off for the configuration set kestrel",
    ),
    "no report yet": (
        site({"get_item": {}}), "feedback SNS", Status.WARN, "nothing has come by SNS yet",
    ),
    "no eventbridge": (
        site({"get_configuration_set_event_destinations": SNS_ONLY}),
        "feedback EventBridge", Status.FAIL, "do not go to EventBridge",
    ),
    "nobody gets alarms": (
        site({"list_subscriptions_by_topic": {"Subscriptions": []}}),
        "alarms", Status.FAIL, "alarms reach no person",
    ),
    "subscription not confirmed": (
        site({"list_subscriptions_by_topic": {"Subscriptions": [UNCONFIRMED]}}),
        "alarms", Status.FAIL, "not confirmed",
    ),
    "older release": (
        site(outputs={name: value for name, value in OUTPUTS.items() if name != "AlarmTopicArn"}),
        "alarms", Status.WARN, "older release",
    ),
    "new account": (
        site({"get_account_settings": {"AccountLimit": {"ConcurrentExecutions": 10}}}),
        "concurrency", Status.WARN, "may run 10 functions at once",
    ),
    "no backups": (
        site({"describe_continuous_backups": {"ContinuousBackupsDescription": {}}}),
        "backups", Status.FAIL, "point-in-time recovery of the table is off",
    ),
    "key not encrypted": (
        site({"describe_parameters": {"Parameters": [PLAIN]}}),
        "keys", Status.FAIL, "not encrypted: links",
    ),
    "keys of an older release": (
        site({"describe_parameters": {"Parameters": []}}),
        "keys", Status.WARN, "still in the table, moved when next needed: links, addresses, keys",
    ),
    "not allowed to look": (
        site({"get_account_settings": "AccessDeniedException"}),
        "concurrency", Status.WARN, "AWS refused get_account_settings (AccessDeniedException)",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_is_wrong_is_found(case: str) -> None:
    looked_at, check, status, words = CASES[case]

    found = {each.check: each for each in examine(looked_at, probe=False)}

    assert found[check].status is status
    assert words in found[check].what


def test_a_healthy_stack_is_ok_throughout() -> None:
    found = list(examine(site(), probe=False))

    assert [each for each in found if each.status is not Status.OK] == []
    assert [each.check for each in found] == [
        "release", "identity", "dkim", "mail-from", "dmarc", "sandbox", "plan", "quota", "sending", "paused",
        "feedback EventBridge", "feedback SNS", "alarms", "concurrency", "backups", "keys",
    ]  # fmt: skip


def test_records_to_set_are_complete() -> None:
    missing = {**HEALTHY["get_email_identity"], **identity(), "MailFromAttributes": {}}
    found = {
        each.check: each.records
        for each in examine(site({"get_email_identity": missing}, dmarc={}), probe=False)
    }

    assert found["dkim"] == ("t1._domainkey.kestrel.shop CNAME t1.dkim.amazonses.com",)
    assert found["mail-from"] == (
        "bounce.kestrel.shop MX 10 feedback-smtp.eu-west-1.amazonses.com",
        'bounce.kestrel.shop TXT "v=spf1 include:amazonses.com ~all"',
    )
    assert found["dmarc"] == ('_dmarc.kestrel.shop TXT "v=DMARC1; p=none"',)


def test_a_policy_of_the_domain_above_is_enough() -> None:
    outputs = {**OUTPUTS, "Sender": "hello@news.kestrel.shop"}

    found = {each.check: each for each in examine(site(outputs=outputs, dmarc=DMARC), probe=False)}

    assert found["dmarc"].what == "_dmarc.kestrel.shop says v=DMARC1; p=reject"


def printed() -> list[str]:
    found: list[Finding] = [each for case in CASES.values() for each in examine(case[0], probe=False)]
    return sorted({command for each in found for command in each.run})


@pytest.mark.parametrize("command", printed())
def test_every_printed_command_exists(command: str) -> None:
    program, *words = shlex.split(command)
    match program:
        case "outreach":
            check_ours(words)
        case "aws":
            check_aws(words)
        case "make":
            makefile = (ROOT / "Makefile").read_text()
            target, *given = words
            assert re.search(rf"^{target}:", makefile, re.MULTILINE)
            assert all(f"option,{each.partition('=')[0]}," in makefile for each in given)
        case _:
            pytest.fail(f"nothing knows the program of: {command}")


def check_ours(words: list[str]) -> None:
    """Parses them as the command does, without running it."""
    command = get_command(app)
    context = click.Context(command)  # type: ignore[arg-type] # typer's own copy of click's classes
    while hasattr(command, "get_command"):
        found = command.get_command(context, words.pop(0))
        assert found is not None
        command = found
    command.make_context("outreach", words)


def check_aws(words: list[str]) -> None:
    """Against botocore's model, from which the AWS CLI makes its commands."""
    service, operation, *options = words
    region = options.index("--region")
    assert options[region + 1] == "eu-west-1"
    client = boto3.client(service, region_name="eu-west-1")  # type: ignore[call-overload]
    names = {xform_name(name, "-"): name for name in client.meta.service_model.operation_names}
    shape = client.meta.service_model.operation_model(names[operation]).input_shape
    known = {f"--{xform_name(name, '-')}" for name in shape.members} if shape else set()
    given = {RENAMED_BY_AWS_CLI.get(each, each) for each in options if each.startswith("--")} - {"--region"}
    required = {f"--{xform_name(name, '-')}" for name in shape.required_members} if shape else set()
    assert given <= known
    assert required <= given
