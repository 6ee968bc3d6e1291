"""From a changed file to what customers get, without a deployment; and back."""

import json
from dataclasses import replace

import pytest

from outreach.domain.errors import ConflictError
from outreach_tools.publishing.published_versions import PublishedVersions
from publishing.desk import Desk

OLD, NEW = "Welcome to {{ brand.name }}", "Hello from {{ brand.name }}"


def change_the_subject(desk: Desk, new: str = NEW, old: str = OLD) -> None:
    desk.edit("onboarding/welcome.mjml", f'subject: "{old}', f'subject: "{new}')


def test_what_was_deployed_is_sent_until_something_is_published(desk: Desk) -> None:
    desk.signs_up("c-1")

    assert desk.subjects("c-1") == ["Welcome to Juniper & Oak, Ana"]
    assert not [call for call in desk.cloud.calls if call.service == "s3"]


def test_senders_send_the_new_words_within_a_minute_and_without_a_deploy(desk: Desk) -> None:
    desk.signs_up("c-before")
    change_the_subject(desk)
    desk.publishes()
    desk.cloud.advance(minutes=1)
    desk.signs_up("c-after")

    assert desk.subjects("c-before") == ["Welcome to Juniper & Oak, Ana"]
    assert desk.subjects("c-after") == ["Hello from Juniper & Oak, Ana"]


def test_a_process_that_is_cold_sends_the_new_words_at_once(desk: Desk) -> None:
    change_the_subject(desk)
    desk.publishes()
    desk.signs_up("c-1")

    assert desk.subjects("c-1") == ["Hello from Juniper & Oak, Ana"]


def test_pointers_are_read_at_most_twice_a_minute(desk: Desk) -> None:
    change_the_subject(desk)
    desk.publishes()
    desk.signs_up("c-0")
    before = len([call for call in desk.cloud.calls if call.service == "s3"])
    for number in range(1, 6):
        desk.signs_up(f"c-{number}")
        desk.cloud.advance(minutes=2)

    assert before > 0
    assert len([call for call in desk.cloud.calls if call.service == "s3"]) == before


def test_a_rollback_brings_the_old_words_back(desk: Desk) -> None:
    change_the_subject(desk)
    first = desk.publishes(note="friendlier")
    change_the_subject(desk, "Hi from {{ brand.name }}", NEW)
    desk.publishes(note="shorter")
    desk.signs_up("c-short")
    desk.does("rollback", "onboarding", "--author", "mia")
    desk.cloud.advance(minutes=1)
    desk.signs_up("c-friendly")
    desk.does("rollback", "onboarding", "--to", "deployed")
    desk.cloud.advance(minutes=1)
    desk.signs_up("c-deployed")
    desk.does("rollback", "onboarding", "--to", first[:8])
    desk.cloud.advance(minutes=1)
    desk.signs_up("c-named")

    assert desk.subjects("c-short") == ["Hi from Juniper & Oak, Ana"]
    assert desk.subjects("c-friendly") == ["Hello from Juniper & Oak, Ana"]
    assert desk.subjects("c-deployed") == ["Welcome to Juniper & Oak, Ana"]
    assert desk.subjects("c-named") == ["Hello from Juniper & Oak, Ana"]


def test_the_first_publication_is_rolled_back_to_what_was_deployed(desk: Desk) -> None:
    change_the_subject(desk)
    desk.publishes()
    desk.does("rollback", "onboarding")
    desk.signs_up("c-1")

    assert desk.subjects("c-1") == ["Welcome to Juniper & Oak, Ana"]


def test_the_history_says_who_did_what_why_and_when(desk: Desk) -> None:
    change_the_subject(desk)
    version = desk.publishes(note="friendlier")
    desk.cloud.advance(hours=1)
    desk.does("rollback", "onboarding", "--author", "tom", "--note", "too friendly")

    newest, first = desk.history()
    assert (newest["version"], newest["author"], newest["note"]) == ("deployed", "tom", "too friendly")
    assert (first["version"], first["author"], first["note"]) == (version, "mia", "friendlier")
    assert (first["at"], newest["at"]) == ("2026-03-02T09:00:00+00:00", "2026-03-02T10:00:00+00:00")
    assert version[:12] in desk.does("history", "onboarding")


def test_nothing_is_published_twice(desk: Desk) -> None:
    version = desk.publishes()
    (told,) = json.loads(desk.does("publish", "onboarding", "--json"))

    assert told == {"campaign": "onboarding", "version": version, "published": False}
    assert len(desk.history()) == 1


def test_without_a_name_every_campaign_is_published(desk: Desk) -> None:
    told = json.loads(desk.does("publish", "--json"))

    assert [each["campaign"] for each in told] == ["delay-notification", "onboarding", "tutorial", "win-back"]
    assert all(each["published"] for each in told)


def test_what_has_problems_is_not_published_and_every_problem_is_reported(desk: Desk) -> None:
    desk.edit("onboarding/welcome.mjml", "customer.first_name or", "customer.frist_name or")
    desk.edit("onboarding/campaign.yaml", "send: first-steps", "send: fist-steps")
    done = desk.run("templates", "publish", "--templates", str(desk.folder))

    assert done.exit_code == 1
    assert "onboarding/welcome.mjml" in done.stderr
    assert "onboarding/campaign.yaml" in done.stderr
    assert desk.history("delay-notification") == desk.history() == []


def test_drafts_says_what_differs_from_what_holds(desk: Desk) -> None:
    def states() -> dict[str, str]:
        return {each["campaign"]: each["state"] for each in json.loads(desk.does("drafts", "--json"))}

    assert set(states().values()) == {"unknown"}
    desk.does("keep")
    assert set(states().values()) == {"same"}
    change_the_subject(desk)
    assert states()["onboarding"] == "differs"
    desk.publishes()
    assert states()["onboarding"] == "same"


def test_drafts_says_what_cannot_be_published(desk: Desk) -> None:
    desk.does("keep")
    desk.edit("onboarding/campaign.yaml", "on_timeout: nudge", "on_timeout: nugde")
    told = {each["campaign"]: each["errors"] for each in json.loads(desk.does("drafts", "--json"))}

    assert told == {"delay-notification": 0, "onboarding": 1, "tutorial": 0, "win-back": 0}
    assert "cannot be published: see `outreach templates check`" in desk.does("drafts")


def test_a_new_campaign_is_published_without_a_deploy(desk: Desk) -> None:
    (desk.folder / "hello").mkdir()
    steps = (desk.folder / "onboarding/campaign.yaml").read_text().split("steps:")[0]
    steps = steps.replace("name: onboarding", "name: hello") + "steps:\n  - send: welcome\n"
    (desk.folder / "hello/campaign.yaml").write_text(steps)
    words = (desk.folder / "onboarding/welcome.mjml").read_text().replace(OLD, "Another message")
    (desk.folder / "hello/welcome.mjml").write_text(words)
    (desk.folder / "hello/sample.yaml").write_text((desk.folder / "onboarding/sample.yaml").read_text())
    desk.publishes("hello")
    desk.signs_up("c-1")
    desk.cloud.advance(days=2)

    assert "Another message, Ana" in desk.subjects("c-1")


def test_rolling_back_what_was_never_published_says_so(desk: Desk) -> None:
    done = desk.run("templates", "rollback", "onboarding")

    assert done.exit_code == 1
    assert "was never published" in done.stderr


def test_rolling_back_to_something_unknown_or_unclear_changes_nothing(desk: Desk) -> None:
    version = desk.publishes()
    for name in ("feedfeed", "ab", version):
        assert desk.run("templates", "rollback", "onboarding", "--to", name).exit_code == 1

    assert len(desk.history()) == 1


def test_a_campaign_that_is_not_there_is_named_with_those_that_are(desk: Desk) -> None:
    done = desk.run("templates", "publish", "onbording", "--templates", str(desk.folder))

    assert done.exit_code == 1
    assert "no campaign 'onbording'" in done.stderr
    assert "onboarding" in done.stderr


@pytest.mark.parametrize("command", [("history",), ("rollback",)])
def test_an_unknown_name_is_not_taken_for_one_never_published(desk: Desk, command: tuple[str, ...]) -> None:
    done = desk.run("templates", *command, "onbording")

    assert done.exit_code == 1
    assert "no campaign 'onbording'; did you mean `onboarding`?" in done.stderr


def test_of_two_concurrent_publications_one_is_refused_and_nothing_is_lost(desk: Desk) -> None:
    desk.publishes()
    publications = PublishedVersions.of(desk.cloud).publications
    (first,) = publications.history("onboarding")
    mine, theirs = (replace(first, author=who, revision=2) for who in ("mia", "tom"))
    publications.move(theirs)
    with pytest.raises(ConflictError):
        publications.move(mine)

    assert [entry["author"] for entry in desk.history()] == ["tom", "mia"]
    assert publications.pointers()["onboarding"] == theirs
