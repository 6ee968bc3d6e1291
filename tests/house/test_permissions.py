"""Every permission is used, and the functions that the internet reaches may do little."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from docs.page import Page
from local_cloud import LocalCloud
from local_cloud.access.callers import Caller, calling_as
from outreach.adapters.ses.feedback_evidence import PROBE_ADDRESS
from stack_files import ROOT, resources

OWNERS = resources("AWS::Serverless::Function") | resources("AWS::Serverless::StateMachine")


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def statements() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every statement of the template's policies, with the function or machine that has it."""
    for owner, properties in OWNERS.items():
        for policy in properties.get("Policies", ()):
            for statement in policy.get("Statement", ()):
                yield owner.removesuffix("Function"), statement


def granted() -> set[tuple[str, str]]:
    return {(owner, action) for owner, statement in statements() for action in as_list(statement["Action"])}


def explained() -> list[tuple[str, str]]:
    return [
        (owner, action)
        for actions, owners, _ in Page("permissions.md").table("What each may do")
        for owner in owners.split(", ")
        for action in actions.split(", ")
    ]


def test_every_permission_is_explained_in_docs_permissions() -> None:
    """A new permission needs a row that says what uses it; one that nothing uses any more loses both."""
    listed = explained()

    assert sorted(granted() - set(listed)) == [], "add a row to docs/permissions.md, or do without"
    assert sorted(set(listed) - granted()) == [], "docs/permissions.md explains what nobody may do"
    assert len(listed) == len(set(listed))


def test_no_permission_is_a_pattern_of_actions() -> None:
    assert not [action for _, action in granted() if "*" in action]


def test_a_condition_on_all_values_does_not_hold_for_a_request_without_any() -> None:
    """IAM: ForAllValues is true where the request has no such key, unless Null says that it must be there."""
    for owner, statement in statements():
        condition = statement.get("Condition", {})
        tested = {key for name, test in condition.items() if name.startswith("ForAllValues") for key in test}

        assert tested <= {key for key, is_null in condition.get("Null", {}).items() if is_null == "false"}, (
            owner,
            statement["Sid"],
        )


@pytest.fixture(scope="module")
def cloud() -> Iterator[LocalCloud]:
    with LocalCloud(project=ROOT) as running:
        yield running


def refused(cloud: LocalCloud, function: str, service: str, call: str, **params: Any) -> bool:
    """Whether the function's own role refuses this call."""
    client = cloud.client(service)
    with calling_as(Caller(cloud.resource(f"{function}Role"), function)):
        try:
            getattr(client, call)(**params)
        except ClientError as error:
            return error.response["Error"]["Code"] == "AccessDeniedException"
    return False


@pytest.mark.parametrize("function", ["UnsubscribeFunction", "AnswerSurveyFunction"])
@pytest.mark.parametrize(
    ("partition", "may"),
    [("CUSTOMER#c-ana", True), ("HOUSE", False), ("FEEDBACK", False), ("PAGES#0", False), ("SWEEPS", False)],
)
def test_who_the_internet_reaches_reads_and_writes_customers_only(
    cloud: LocalCloud, function: str, partition: str, may: bool
) -> None:
    table, key = cloud.outputs["TableName"], {"PK": {"S": partition}, "SK": {"S": "X"}}

    reads = refused(cloud, function, "dynamodb", "get_item", TableName=table, Key=key)
    writes = refused(cloud, function, "dynamodb", "put_item", TableName=table, Item=key)

    assert (reads, writes) == (not may, not may)


@pytest.mark.parametrize(
    ("function", "secret", "may"),
    [
        ("UnsubscribeFunction", "links", True),
        ("UnsubscribeFunction", "addresses", True),  # of a customer whose profile does not hold the hash yet
        ("UnsubscribeFunction", "keys", False),
        ("AnswerSurveyFunction", "links", True),
        ("AnswerSurveyFunction", "addresses", False),
    ],
)
def test_who_the_internet_reaches_reads_the_secrets_it_needs_only(
    cloud: LocalCloud, function: str, secret: str, may: bool
) -> None:
    key = {"PK": {"S": f"SECRET#{secret}"}, "SK": {"S": "SECRET"}}

    assert refused(
        cloud, function, "dynamodb", "get_item", TableName=cloud.outputs["TableName"], Key=key
    ) is (not may)


@pytest.mark.parametrize(
    ("function", "reads", "makes"),
    [
        ("TakeInEventFunction", {"addresses", "keys"}, {"addresses", "keys"}),
        ("TakeInFeedbackFunction", {"addresses", "keys"}, {"addresses", "keys"}),
        ("AdvanceEnrollmentFunction", {"links"}, {"links"}),
        ("SweepPageFunction", {"links"}, {"links"}),
        ("ParkEnrollmentFunction", set(), set()),
        ("PlanSweepFunction", set(), set()),
        ("UnsubscribeFunction", {"links", "addresses"}, {"addresses"}),
        ("AnswerSurveyFunction", {"links"}, set()),
        ("ReconcilerFunction", {"links", "addresses"}, set()),
    ],
)
def test_a_function_reads_and_makes_the_keys_it_needs_only(
    cloud: LocalCloud, function: str, reads: set[str], makes: set[str]
) -> None:
    path = cloud.outputs["SecretsPath"]
    names = {name: f"{path}/{name}" for name in ("links", "addresses", "keys")}
    new: dict[str, Any] = {"Type": "SecureString", "Value": "x", "Overwrite": False}

    read = {
        key for key, name in names.items() if not refused(cloud, function, "ssm", "get_parameter", Name=name)
    }
    made = {
        key
        for key, name in names.items()
        if not refused(cloud, function, "ssm", "put_parameter", Name=name, **new)
    }

    assert (read, made) == (reads, makes)


@pytest.mark.parametrize(
    ("to", "may"),
    [
        ([PROBE_ADDRESS], True),
        (["ana@example.com"], False),
        ([PROBE_ADDRESS, "ana@example.com"], False),
        ([], False),
    ],
)
def test_the_reconciler_sends_to_the_mailbox_simulator_only(
    cloud: LocalCloud, to: list[str], may: bool
) -> None:
    words = {"Data": "x", "Charset": "UTF-8"}

    assert (
        refused(
            cloud,
            "ReconcilerFunction",
            "sesv2",
            "send_email",
            FromEmailAddress=cloud.outputs["Sender"],
            Destination={"ToAddresses": to},
            ConfigurationSetName=cloud.outputs["ConfigurationSetName"],
            Content={"Simple": {"Subject": words, "Body": {"Text": words}}},
        )
        is not may
    )
