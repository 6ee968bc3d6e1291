"""What a first deployment asks, what it refuses, and where it stores the answers."""

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from outreach_tools.deployment.answers import Ask, UnansweredError
from outreach_tools.deployment.identity import creates_identity
from outreach_tools.deployment.reserved_domains import is_reserved
from outreach_tools.deployment.run import Options, settle
from outreach_tools.deployment.settings_file import kept_answers, kept_region, with_answers

ROOT = Path(__file__).parents[2]
OWN_BRAND = "name: Kestrel & Söhne\nsite_url: https://kestrel.shop\nsupport_email: help@kestrel.shop\n"
LONG = "Лавка" * 30
SHARED = """\
version = 0.1

# what every stack begins with
[default.deploy.parameters]
capabilities = "CAPABILITY_IAM"
"""


@pytest.fixture(autouse=True)
def _account(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        yield


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/brand.yaml").write_text(OWN_BRAND, "utf-8")
    (tmp_path / "samconfig.toml").write_text(SHARED, "utf-8")
    return tmp_path


def typing(*lines: str) -> Ask:
    """An operator who types these lines, and is asked no more."""
    left = iter(lines)
    return lambda _: next(left)


def deploy(
    project: Path,
    given: dict[str, str] | None = None,
    *,
    ask: Ask | None = None,
    stack: str = "outreach",
    region: str = "",
    said: Callable[[str], None] = lambda _: None,
) -> dict[str, str]:
    return settle(
        project,
        Options(stack, given or {}),
        ask=ask,
        say=said,
        client=lambda service, where: boto3.client(service, region_name=where),  # type: ignore[call-overload]
        region=region,
    )


def parameters(project: Path, stack: str) -> Any:
    return tomllib.loads((project / "samconfig.toml").read_text("utf-8"))[stack]["deploy"]["parameters"]


def test_the_first_deployment_asks_and_keeps_the_answers_in_the_section_of_its_stack(project: Path) -> None:
    answers = deploy(
        project, ask=typing("hello@kestrel.shop", "", "", "ops@kestrel.shop", "eu-west-1"), stack="shop-mail"
    )

    assert answers == {
        "FromAddress": "hello@kestrel.shop",
        "FromName": "Kestrel & Söhne",
        "ReplyTo": "",
        "AlarmAddress": "ops@kestrel.shop",
        "Region": "eu-west-1",
        "CreateIdentity": "yes",
    }
    kept = parameters(project, "shop-mail")
    assert (kept["stack_name"], kept["region"], kept["capabilities"]) == (
        "shop-mail",
        "eu-west-1",
        "CAPABILITY_IAM",
    )
    assert 'FromName="Kestrel & Söhne"' in kept["parameter_overrides"]
    assert "# what every stack begins with" in (project / "samconfig.toml").read_text("utf-8")


def test_the_second_deployment_asks_nothing_and_an_option_changes_one_answer(project: Path) -> None:
    deploy(project, ask=typing("hello@kestrel.shop", "", "help@kestrel.shop", "none", "eu-west-1"))

    again = deploy(project, ask=typing())
    changed = deploy(project, {"AlarmAddress": "ops@kestrel.shop"})

    assert again["AlarmAddress"] == ""
    assert changed == {**again, "AlarmAddress": "ops@kestrel.shop"}
    assert kept_answers((project / "samconfig.toml").read_text("utf-8"), "outreach") == changed


def test_another_stack_is_asked_for_by_itself(project: Path) -> None:
    deploy(project, ask=typing("hello@kestrel.shop", "", "", "none", "eu-west-1"))

    with pytest.raises(UnansweredError) as refused:
        deploy(project, stack="staging")

    assert [line.partition(" ")[0] for line in refused.value.lines] == ["FROM", "ALARMS", "REGION"]


def test_without_a_terminal_what_is_missing_is_named_and_nothing_is_kept(project: Path) -> None:
    with pytest.raises(UnansweredError) as refused:
        deploy(project, {"AlarmAddress": "none"}, region="eu-west-1")

    assert refused.value.lines == ["FROM is missing: address that messages come from"]
    assert (project / "samconfig.toml").read_text("utf-8") == SHARED


def test_without_a_terminal_options_are_enough(project: Path) -> None:
    answers = deploy(
        project, {"FromAddress": "hello@kestrel.shop", "AlarmAddress": "none"}, region="eu-west-1"
    )

    assert (answers["FromName"], answers["Region"]) == ("Kestrel & Söhne", "eu-west-1")


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"FromAddress": "hello@example.com"}, "FROM is 'hello@example.com': example.com is a domain for"),
        (
            {"FromAddress": "hello@your-shop.example"},
            "FROM is 'hello@your-shop.example': your-shop.example",
        ),
        ({"AlarmAddress": "me@mail.test"}, "ALARMS is 'me@mail.test': mail.test is a domain for examples"),
        ({"ReplyTo": "Ana at shop"}, "REPLY_TO is 'Ana at shop': the sender must be an address"),
        ({"FromName": LONG}, f"NAME is '{LONG}': the sender must be shorter: encoded it has"),
        ({"FromAddress": "Ana <a@kestrel.shop>"}, "FROM is 'Ana <a@kestrel.shop>': write an address alone"),
    ],
)
def test_what_cannot_be_deployed_with_is_refused_by_name(
    project: Path, given: dict[str, str], problem: str
) -> None:
    sound = {"FromAddress": "hello@kestrel.shop", "AlarmAddress": "none", "Region": "eu-west-1"}

    with pytest.raises(UnansweredError) as refused:
        deploy(project, sound | given)

    (line,) = refused.value.lines
    assert line.startswith(problem)


def test_a_wrong_answer_is_asked_for_again(project: Path) -> None:
    said: list[str] = []
    person = typing("hello@example.org", "hello@kestrel.shop", "", "", "none", "eu-west-1")

    assert deploy(project, ask=person, said=said.append)["FromAddress"] == "hello@kestrel.shop"
    assert [line.strip().partition(" is a")[0] for line in said] == ["example.org"]


def test_the_brand_of_the_sample_is_refused_before_anything_is_asked(project: Path) -> None:
    (project / "templates/brand.yaml").write_text((ROOT / "templates/brand.yaml").read_text("utf-8"), "utf-8")

    with pytest.raises(UnansweredError) as refused:
        deploy(project, ask=typing())

    assert [line.partition(" is ")[0] for line in refused.value.lines] == [
        f"templates/brand.yaml: {field}" for field in ("name", "postal_address", "site_url", "support_email")
    ]


@pytest.mark.parametrize("known", ["kestrel.shop", "KESTREL.shop"])
def test_an_identity_that_exists_is_not_created_again(project: Path, known: str) -> None:
    boto3.client("sesv2", region_name="eu-west-1").create_email_identity(EmailIdentity=known.lower())

    answers = deploy(
        project, {"FromAddress": f"hello@{known}", "AlarmAddress": "none", "Region": "eu-west-1"}
    )

    assert answers["CreateIdentity"] == "no"


def test_an_identity_of_the_domain_above_is_enough(project: Path) -> None:
    boto3.client("sesv2", region_name="eu-west-1").create_email_identity(EmailIdentity="kestrel.shop")

    answers = deploy(
        project, {"FromAddress": "hello@news.kestrel.shop", "AlarmAddress": "none", "Region": "eu-west-1"}
    )

    assert answers["CreateIdentity"] == "no"


@dataclass
class Owner:
    """CloudFormation's answer about a stack that created an identity; SES is asked as always."""

    created: str

    def client(self, service: str) -> Any:
        return self if service == "cloudformation" else boto3.client("sesv2", region_name="eu-west-1")

    def describe_stack_resource(self, **asked: str) -> dict[str, Any]:
        assert asked == {"StackName": "outreach", "LogicalResourceId": "SenderIdentity"}
        return {"StackResourceDetail": {"PhysicalResourceId": self.created}}


@pytest.mark.parametrize(("created", "creates"), [("kestrel.shop", True), ("old-name.shop", False)])
def test_a_stack_keeps_the_identity_that_it_created(*, created: str, creates: bool) -> None:
    boto3.client("sesv2", region_name="eu-west-1").create_email_identity(EmailIdentity="kestrel.shop")

    assert creates_identity(Owner(created).client, "outreach", "hello@kestrel.shop") is creates


@pytest.mark.parametrize(
    "overrides",
    [
        '"FromAddress=a@b.shop FromName=\\"A & B\\""',
        "['FromAddress=a@b.shop', 'FromName=A & B']",
        "{ FromAddress = 'a@b.shop', FromName = 'A & B' }",
    ],
)
def test_settings_of_an_older_release_are_read_in_every_form(overrides: str) -> None:
    text = f"[default.deploy.parameters]\nparameter_overrides = {overrides}\n"

    kept = kept_answers(text, "outreach")

    assert kept == {"FromAddress": "a@b.shop", "FromName": "A & B"}
    assert kept_answers(with_answers(text, "outreach", kept), "outreach") == kept


def test_a_stack_of_an_older_release_keeps_what_its_settings_do_not_name(project: Path) -> None:
    overrides = "parameter_overrides = 'FromAddress=hello@kestrel.shop'"
    (project / "samconfig.toml").write_text(f"{SHARED}{overrides}\n", "utf-8")

    answers = deploy(project, region="eu-west-1")

    assert answers == {
        "FromAddress": "hello@kestrel.shop",
        "FromName": "Kestrel & Söhne",
        "Region": "eu-west-1",
        "CreateIdentity": "yes",
    }


def test_commands_find_the_region_of_a_stack_where_it_is_kept(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deploy(project, ask=typing("hello@kestrel.shop", "", "", "none", "eu-west-1"))
    monkeypatch.chdir(project / "templates")

    assert kept_region("outreach") == "eu-west-1"
    assert kept_region("staging") is None


@pytest.mark.parametrize("domain", ["example.com", "mail.EXAMPLE.net", "shop.test", "a.example", "localhost"])
def test_domains_for_examples_are_known(domain: str) -> None:
    assert is_reserved(domain)


@pytest.mark.parametrize("domain", ["myexample.com", "test.shop", "example.shop"])
def test_domains_that_only_look_like_examples_are_not_reserved(domain: str) -> None:
    assert not is_reserved(domain)
