"""`outreach campaigns migrate`: active enrollments go on under new steps, each where it stands."""

import json
from typing import Any

from publishing.desk import Desk

FIRST_STEPS = "  - send: first-steps\n    unless: customer.attributes.profile_complete\n"


def migrate(desk: Desk, campaign: str, *arguments: str) -> dict[str, tuple[str, str]]:
    """Per customer what happened, as printed."""
    done = desk.run("campaigns", "migrate", campaign, *arguments, "--json")
    assert done.exit_code == 0, done.output
    told: list[dict[str, Any]] = json.loads(done.stdout)
    return {each["customer_id"]: (each["outcome"], each["words"]) for each in told}


def messages(desk: Desk, customer: str) -> list[tuple[str, int]]:
    """What they got, and on which day since March 2."""
    return [
        (mail.headers["X-Outreach-Message"], (mail.sent_at - desk.cloud.outbox[0].sent_at).days)
        for mail in desk.cloud.outbox
        if mail.to == f"{customer}@example.com"
    ]


def publishes_then(desk: Desk, *changes: tuple[str, str]) -> tuple[str, str]:
    """Publish as it is, let c-1 sign up, change the steps and publish again; both versions' steps."""
    desk.publishes()
    desk.signs_up("c-1")
    desk.cloud.advance(minutes=5)
    for old, new in changes:
        desk.edit("onboarding/campaign.yaml", old, new)
    desk.publishes()
    newest, first = desk.history()
    return first["steps"], newest["steps"]


def test_an_enrollment_at_a_wait_that_became_longer_waits_longer_and_not_anew(desk: Desk) -> None:
    old, new = publishes_then(desk, ("  - wait: 1d\n", "  - wait: 3d\n"))
    desk.cloud.advance(hours=12)
    told = migrate(desk, "onboarding", "--from", old, "--to", new)
    desk.cloud.advance(days=4)

    assert told == {"c-1": ("GoesTo", "is gone; goes on at wait-3d")}
    assert messages(desk, "c-1") == [("welcome", 0), ("first-steps", 3)]


def test_a_dry_run_says_the_same_and_changes_nothing(desk: Desk) -> None:
    old, _ = publishes_then(desk, ("  - wait: 1d\n", "  - wait: 3d\n"))
    before = desk.rows()
    told = migrate(desk, "onboarding", "--from", old, "--dry-run")

    assert told == {"c-1": ("GoesTo", "is gone; goes on at wait-3d")}
    assert desk.rows() == before
    desk.cloud.advance(days=2)
    assert messages(desk, "c-1") == [("welcome", 0), ("first-steps", 1)]


def test_a_dropped_message_is_passed_and_nothing_is_sent_twice(desk: Desk) -> None:
    old, _ = publishes_then(desk, (FIRST_STEPS, ""))
    assert migrate(desk, "onboarding", "--from", old) == {"c-1": ("Moves", "goes on at the same step")}
    desk.cloud.advance(days=30)

    assert messages(desk, "c-1") == [("welcome", 0), ("need-a-hand", 4), ("how-is-it-going", 10)]


def test_a_run_parked_until_an_event_reads_the_new_steps_at_once(desk: Desk) -> None:
    old, _ = publishes_then(desk, ("wait_for: customer.activated", "wait_for: customer.confirmed"))
    desk.cloud.advance(days=2)
    told = migrate(desk, "onboarding", "--from", old)
    desk.cloud.settle()
    desk.cloud.emit(
        "customer.confirmed",
        {"event_id": "e-ok", "occurred_at": desk.cloud.now.isoformat(), "customer": {"id": "c-1"}},
    )
    desk.cloud.advance(hours=12)

    assert told == {"c-1": ("GoesTo", "is gone; goes on at wait-for-customer-confirmed")}
    assert [message for message, _ in messages(desk, "c-1")] == ["welcome", "first-steps", "make-the-most"]
    assert not [run for run in desk.cloud.invocations if run.outcome == "error"]


def test_a_person_may_say_where_a_label_leads(desk: Desk) -> None:
    old, _ = publishes_then(desk, ("  - wait: 1d\n", "  - wait: 3d\n"))
    told = migrate(desk, "onboarding", "--from", old, "--map", "wait-1d=nudge")
    desk.cloud.advance(days=2)

    assert told == {"c-1": ("GoesTo", "is gone; goes on at nudge")}
    assert messages(desk, "c-1") == [("welcome", 0), ("need-a-hand", 1)]


def test_an_enrollment_whose_old_steps_were_not_stored_stays_unless_the_label_is_still_there(
    desk: Desk,
) -> None:
    old, _ = publishes_then(desk, ("  - wait: 1d\n", "  - wait: 3d\n"))
    s3, bucket = desk.cloud.client("s3"), desk.cloud.resource("TemplateBucket")
    s3.delete_object(Bucket=bucket, Key=f"steps/onboarding/{old}.yaml")
    told = migrate(desk, "onboarding", "--from", old)

    assert told["c-1"][0] == "Stays"
    assert "--map" in told["c-1"][1]


def test_only_those_on_the_named_version_are_moved(desk: Desk) -> None:
    old, new = publishes_then(desk, ("  - wait: 1d\n", "  - wait: 3d\n"))
    desk.cloud.advance(minutes=1)
    desk.signs_up("c-new")
    desk.cloud.advance(minutes=1)

    assert set(migrate(desk, "onboarding", "--from", old, "--to", new, "--dry-run")) == {"c-1"}
    assert set(migrate(desk, "onboarding", "--from", new, "--to", old, "--dry-run")) == {"c-new"}


def test_a_swept_enrollment_is_found_by_the_due_index_and_looked_at_by_the_next_sweep(desk: Desk) -> None:
    desk.publishes("win-back")
    desk.signs_up("c-1")
    for day, order in enumerate(("o-1", "o-2")):
        desk.cloud.emit(
            "order.placed",
            {
                "event_id": f"e-{order}",
                "occurred_at": desk.cloud.now.isoformat(),
                "customer": {"id": f"c-{day + 1}", "email": f"c-{day + 1}@example.com",
                             "consent": {"marketing": True, "source": "t", "at": desk.cloud.now.isoformat()}},
                "order": {"id": order, "status": "placed", "placed_at": desk.cloud.now.isoformat()},
            },
        )  # fmt: skip
    desk.edit("win-back/campaign.yaml", "wait: 90d", "wait: 10d")
    desk.publishes("win-back")
    newest, first = desk.history("win-back")
    told = migrate(desk, "win-back", "--from", first["version"][:10], "--to", newest["version"][:10])
    desk.cloud.advance(days=13)

    assert {outcome for outcome, _ in told.values()} == {"GoesTo"}
    assert set(told) == {"c-1", "c-2"}
    got = {mail.to for mail in desk.cloud.outbox if mail.headers["X-Outreach-Message"] == "we-miss-you"}
    assert got == {"c-1@example.com", "c-2@example.com"}


def test_a_label_that_the_new_steps_do_not_have_cannot_be_mapped_to(desk: Desk) -> None:
    old, _ = publishes_then(desk, ("  - wait: 1d\n", "  - wait: 3d\n"))
    done = desk.run("campaigns", "migrate", "onboarding", "--from", old, "--map", "wait-1d=gone")

    assert done.exit_code == 1
    assert "write old=new" in done.stderr


def test_the_same_steps_are_no_migration(desk: Desk) -> None:
    desk.publishes()
    steps = desk.history()[0]["steps"]
    done = desk.run("campaigns", "migrate", "onboarding", "--from", steps)

    assert done.exit_code == 1
    assert "the same steps" in done.stderr
