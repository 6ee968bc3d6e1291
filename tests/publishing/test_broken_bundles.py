"""A bundle that is not whole is never loaded, and operators are notified."""

import pytest

from publishing.desk import Desk


def spoil(desk: Desk, version: str, content: bytes | None) -> None:
    """Put something else in a bundle's place, or nothing."""
    s3, bucket = desk.cloud.client("s3"), desk.cloud.resource("TemplateBucket")
    key = f"bundles/onboarding/{version}.zip"
    if content is None:
        s3.delete_object(Bucket=bucket, Key=key)
    else:
        s3.put_object(Bucket=bucket, Key=key, Body=content)


def half_of(desk: Desk, version: str) -> bytes:
    s3, bucket = desk.cloud.client("s3"), desk.cloud.resource("TemplateBucket")
    whole: bytes = s3.get_object(Bucket=bucket, Key=f"bundles/onboarding/{version}.zip")["Body"].read()
    return whole[: len(whole) // 2]


def change(desk: Desk, words: str) -> None:
    lines = (desk.folder / "onboarding/welcome.mjml").read_text().splitlines()
    lines[1] = f'subject: "{words}"'
    (desk.folder / "onboarding/welcome.mjml").write_text("\n".join(lines) + "\n")


@pytest.mark.parametrize("damage", ["half", "other", "nothing", "nonsense"])
def test_a_warm_sender_stays_with_the_words_it_has(desk: Desk, damage: str) -> None:
    change(desk, "One")
    first = desk.publishes()
    desk.signs_up("c-warm")
    change(desk, "Two")
    second = desk.publishes()
    content = {"half": half_of(desk, second), "nothing": None, "nonsense": b"no ZIP at all"}
    s3, bucket = desk.cloud.client("s3"), desk.cloud.resource("TemplateBucket")
    content["other"] = s3.get_object(Bucket=bucket, Key=f"bundles/onboarding/{first}.zip")["Body"].read()
    spoil(desk, second, content[damage])
    desk.cloud.advance(minutes=1)
    desk.signs_up("c-1")

    assert desk.subjects("c-1") == ["One"]
    assert any('"BundlesRefused"' in line.text for line in desk.cloud.logs)


def test_a_cold_sender_takes_the_newest_one_that_is_whole(desk: Desk) -> None:
    for words in ("One", "Two", "Three"):
        change(desk, words)
        version = desk.publishes()
    spoil(desk, version, b"")
    desk.signs_up("c-1")

    assert desk.subjects("c-1") == ["Two"]


def test_without_a_whole_one_what_was_deployed_is_sent(desk: Desk) -> None:
    change(desk, "One")
    spoil(desk, desk.publishes(), b"")
    desk.signs_up("c-1")

    assert desk.subjects("c-1") == ["Welcome to Juniper & Oak, Ana"]


def test_publishing_again_repairs_a_damaged_bundle(desk: Desk) -> None:
    change(desk, "One")
    first = desk.publishes()
    change(desk, "Two")
    desk.publishes()
    spoil(desk, first, b"")
    change(desk, "One")
    assert desk.publishes() == first
    desk.signs_up("c-1")

    assert desk.subjects("c-1") == ["One"]


def test_a_rollback_to_a_bundle_that_is_not_whole_is_refused(desk: Desk) -> None:
    change(desk, "One")
    first = desk.publishes()
    change(desk, "Two")
    desk.publishes()
    spoil(desk, first, b"")
    done = desk.run("templates", "rollback", "onboarding")

    assert done.exit_code == 1
    assert "nothing was changed" in done.stderr
    assert len(desk.history()) == 2
