"""Test sends: as a customer would get it, marked, allowed, and without a row."""

import json

import pytest

from publishing.desk import Desk

MIA = "mia@shop.example"


def refused(desk: Desk, *arguments: str) -> str:
    done = desk.run("templates", "send-test", *arguments, "--templates", str(desk.folder))
    assert done.exit_code == 1
    assert desk.cloud.outbox == ()
    return done.stderr


def test_a_draft_is_sent_as_it_lies_in_the_folder_and_marked_as_a_test(desk: Desk) -> None:
    desk.edit("onboarding/welcome.mjml", "Good to have you here", "Come in")
    told = desk.does("send-test", "onboarding/welcome", "--to", MIA, "--as", "loyal")
    (mail,) = desk.cloud.outbox

    assert told == "sent: [Test] Welcome to Juniper & Oak, James\n"
    assert (mail.to, mail.subject) == (MIA, "[Test] Welcome to Juniper & Oak, James")
    assert mail.headers["X-Outreach-Test"] == "yes"
    assert mail.tags == {"test": "yes"} | {key: mail.tags[key] for key in mail.tags if key.startswith("ses:")}
    assert "Come in" in mail.html
    assert "Come in" in mail.text


def test_a_test_writes_no_row_and_needs_no_consent(desk: Desk) -> None:
    desk.signs_up("c-1", consent={"marketing": False, "source": "test", "at": "2026-03-02T09:00:00Z"})
    assert desk.run("suppressions", "add", MIA).exit_code == 0
    desk.cloud.advance(minutes=1)
    before = desk.rows()
    desk.does("send-test", "onboarding/welcome", "--to", MIA, "--as", "c-1")
    desk.cloud.advance(minutes=5)

    assert [mail.to for mail in desk.cloud.outbox] == [MIA]
    after = desk.rows()
    changed = [row["PK"]["S"] for row in after if row not in before]
    assert set(changed) <= {"FEEDBACK"}, "only that feedback flows may be noticed"
    assert not [run for run in desk.cloud.invocations if run.outcome == "error"]


def test_a_customers_own_facts_can_be_used_and_links_lead_nowhere(desk: Desk) -> None:
    desk.signs_up("c-1", first_name="Zoë", locale="en-GB")
    desk.does("send-test", "onboarding/welcome", "--to", "tom@AGENCY.example", "--as", "c-1")
    real, test = desk.cloud.outbox

    assert test.subject == "[Test] Welcome to Juniper & Oak, Zoë"
    assert real.headers["List-Unsubscribe"] != test.headers["List-Unsubscribe"]
    path = "/" + test.headers["List-Unsubscribe"].strip("<>").split("/", 3)[3]
    assert desk.cloud.http("POST", path).status == 404
    assert [mail.subject[:6] for mail in desk.cloud.outbox] == ["Welcom", "[Test]"]


def test_a_language_can_be_chosen(desk: Desk) -> None:
    desk.does("send-test", "delay-notification/delayed", "--to", MIA, "--as", "new", "--language", "fr")

    assert "Bonjour" in desk.cloud.outbox[0].text


def test_a_language_that_is_missing_is_reported(desk: Desk) -> None:
    message = ("templates", "send-test", "delay-notification/delayed", "--to", MIA, "--as", "new")
    folder = ("--templates", str(desk.folder))

    assert desk.run(*message, "--language", "fr-CA", *folder).stderr == ""
    assert "no version in it" in desk.run(*message, "--language", "it", *folder).stderr


def test_what_holds_can_be_sent_instead_of_the_draft(desk: Desk) -> None:
    desk.publishes()
    desk.edit("onboarding/welcome.mjml", "Good to have you here", "Come in")
    desk.does("send-test", "onboarding/welcome", "--to", MIA, "--as", "new", "--published")

    assert "Good to have you here" in desk.cloud.outbox[0].html


def test_a_dry_run_sends_nothing(desk: Desk) -> None:
    told = json.loads(
        desk.does("send-test", "onboarding/welcome", "--to", MIA, "--as", "new", "--dry-run", "--json")
    )

    assert told["subject"] == "[Test] Welcome to Juniper & Oak, Ana"
    assert told["message_id"] is None
    assert desk.cloud.outbox == ()


@pytest.mark.parametrize(
    "address", ["eve@other.example", "eve@shop.example", "mia@shop.example.evil.example"]
)
def test_only_addresses_that_the_stack_allows_get_tests_and_none_is_repeated(
    desk: Desk, address: str
) -> None:
    told = refused(desk, "onboarding/welcome", "--to", address, "--as", "new")

    assert "TestRecipients" in told
    assert address not in told


def test_who_is_unknown_is_said(desk: Desk) -> None:
    assert "'nobody'" in refused(desk, "onboarding/welcome", "--to", MIA, "--as", "nobody")
    assert "did you mean `loyal`?" in refused(desk, "onboarding/welcome", "--to", MIA, "--as", "loial")


def test_what_is_no_address_is_reported(desk: Desk) -> None:
    assert "such as you@example.com" in refused(desk, "onboarding/welcome", "--to", "mia", "--as", "new")


def test_a_message_that_is_not_there_is_said_with_the_nearest_name(desk: Desk) -> None:
    assert "welcome" in refused(desk, "onboarding/welcom", "--to", MIA, "--as", "new")


def test_a_message_without_its_campaign_is_refused(desk: Desk) -> None:
    assert "onboarding/welcome" in refused(desk, "welcome", "--to", MIA, "--as", "new")


def test_published_words_that_were_never_published_are_said_to_be_so(desk: Desk) -> None:
    assert "never published" in refused(desk, "onboarding/welcome", "--to", MIA, "--as", "new", "--published")
