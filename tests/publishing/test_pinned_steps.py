"""Content is the newest, steps are pinned: what publishing and deploying do to active enrollments."""

from publishing.desk import Desk

RENAMED = "send: first-steps\n    label: first"


def test_an_active_enrollment_keeps_the_steps_and_gets_the_newest_content(desk: Desk) -> None:
    desk.signs_up("c-old")
    desk.edit("onboarding/campaign.yaml", "  - wait: 1d\n", "  - wait: 5d\n")
    desk.edit("onboarding/first-steps.mjml", 'subject: "', 'subject: "New: ')
    desk.publishes()
    desk.cloud.advance(minutes=1)
    desk.signs_up("c-new")
    desk.cloud.advance(days=2)

    assert [subject[:5] for subject in desk.subjects("c-old")] == ["Welco", "New: "]
    assert [subject[:5] for subject in desk.subjects("c-new")] == ["Welco"]


def test_who_was_enrolled_under_a_published_version_keeps_its_steps_after_the_next(desk: Desk) -> None:
    desk.edit("onboarding/campaign.yaml", "  - wait: 1d\n", "  - wait: 5d\n")
    desk.publishes()
    desk.signs_up("c-1")
    desk.edit("onboarding/campaign.yaml", "  - wait: 5d\n", "  - wait: 9d\n")
    desk.publishes()
    desk.cloud.advance(days=4)
    assert len(desk.subjects("c-1")) == 1
    desk.cloud.advance(days=2)
    assert len(desk.subjects("c-1")) == 2


def test_a_message_that_the_newest_bundle_dropped_is_sent_as_it_was_last_published(desk: Desk) -> None:
    desk.edit("onboarding/first-steps.mjml", 'subject: "', 'subject: "Kept: ')
    desk.publishes()
    desk.signs_up("c-1")
    desk.edit(
        "onboarding/campaign.yaml",
        "  - send: first-steps\n    unless: customer.attributes.profile_complete\n",
        "",
    )
    (desk.folder / "onboarding/first-steps.mjml").unlink()
    desk.publishes()
    desk.cloud.advance(days=2)

    assert [subject[:6] for subject in desk.subjects("c-1")] == ["Welcom", "Kept: "]


def test_a_message_that_only_the_deployed_stack_has_is_sent_from_there(desk: Desk) -> None:
    desk.signs_up("c-1")
    desk.edit(
        "onboarding/campaign.yaml",
        "  - send: first-steps\n    unless: customer.attributes.profile_complete\n",
        "",
    )
    (desk.folder / "onboarding/first-steps.mjml").unlink()
    desk.publishes()
    desk.cloud.advance(days=2)

    assert len(desk.subjects("c-1")) == 2


def test_an_enrollment_pinned_to_a_version_that_was_not_stored_goes_on_by_label(desk: Desk) -> None:
    desk.edit("onboarding/campaign.yaml", "  - wait: 1d\n", "  - wait: 2d\n")
    desk.publishes()
    desk.signs_up("c-1")
    s3, bucket = desk.cloud.client("s3"), desk.cloud.resource("TemplateBucket")
    for found in s3.list_objects_v2(Bucket=bucket, Prefix="steps/")["Contents"]:
        s3.delete_object(Bucket=bucket, Key=found["Key"])
    desk.edit("onboarding/campaign.yaml", "title: Welcome a new customer", "title: Welcome")
    desk.publishes()
    desk.cloud.advance(days=3)

    assert len(desk.subjects("c-1")) == 2


def test_what_was_deployed_is_kept_for_those_enrolled_under_it(desk: Desk) -> None:
    desk.does("keep")
    s3, bucket = desk.cloud.client("s3"), desk.cloud.resource("TemplateBucket")
    (entry,) = desk.history()
    kept = s3.get_object(Bucket=bucket, Key=f"steps/onboarding/{entry['steps']}.yaml")["Body"].read()

    assert kept == (desk.folder / "onboarding/campaign.yaml").read_bytes()
    assert entry["note"] == "deployed with the stack"
    desk.signs_up("c-1")
    assert desk.subjects("c-1") == ["Welcome to Juniper & Oak, Ana"]
