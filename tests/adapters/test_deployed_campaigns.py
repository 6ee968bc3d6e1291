"""The campaigns beside the code: read once, checked, and an empty set is an error."""

from pathlib import Path

import pytest

from outreach.adapters.campaign_files.deployed_campaigns import BundledCampaigns
from outreach.domain.errors import InvalidCampaignError, UnknownCampaignError

SHIPPED = Path(__file__).parents[2] / "templates"
NEWS = """\
name: news
title: News
class: marketing
topic: news
trigger: customer.signed_up
key: customer.id
reentry: never
driver: workflow
steps:
  - send: hello
"""


def write(folder: Path, name: str, text: str) -> None:
    (folder / name).mkdir(exist_ok=True)
    (folder / name / "campaign.yaml").write_text(text)


def test_the_shipped_campaigns_are_all_there() -> None:
    names = [campaign.name for campaign in BundledCampaigns(SHIPPED).current()]

    assert names == ["delay-notification", "onboarding", "tutorial", "win-back"]


def test_shared_parts_are_no_campaign(tmp_path: Path) -> None:
    write(tmp_path, "news", NEWS)
    write(tmp_path, "_layout", "no campaign at all")

    assert [campaign.name for campaign in BundledCampaigns(tmp_path).current()] == ["news"]


def test_the_version_changes_with_the_steps_and_with_nothing_else(tmp_path: Path) -> None:
    write(tmp_path, "news", NEWS)
    (before,) = BundledCampaigns(tmp_path).current()
    (again,) = BundledCampaigns(tmp_path).current()
    write(tmp_path, "news", NEWS.replace("hello", "welcome"))
    (after,) = BundledCampaigns(tmp_path).current()

    assert before.version == again.version != after.version


def test_an_enrollment_of_an_older_version_goes_on_with_the_deployed_steps(tmp_path: Path) -> None:
    write(tmp_path, "news", NEWS)
    campaigns = BundledCampaigns(tmp_path)

    assert campaigns.pinned("news", "an-older-one") == campaigns.current()[0]


def test_a_campaign_that_is_not_there_is_named_with_those_that_are(tmp_path: Path) -> None:
    write(tmp_path, "news", NEWS)

    with pytest.raises(UnknownCampaignError, match="no campaign 'gone'; there are: news"):
        BundledCampaigns(tmp_path).pinned("gone", "v1")


def test_a_bad_file_is_an_error_that_says_where(tmp_path: Path) -> None:
    write(tmp_path, "news", NEWS.replace("driver: workflow", "driver: train"))

    with pytest.raises(InvalidCampaignError, match=r"news/campaign.yaml:8"):
        BundledCampaigns(tmp_path).current()


def test_expressions_are_checked_as_they_are_read(tmp_path: Path) -> None:
    write(tmp_path, "news", NEWS + "    if: customer.orders > 0\n")
    checked: list[str] = []

    BundledCampaigns(tmp_path, check_expression=checked.append).current()

    assert checked == ["customer.orders > 0"]


def test_no_campaign_at_all_is_an_error_because_no_customer_would_be_enrolled(tmp_path: Path) -> None:
    with pytest.raises(InvalidCampaignError, match="is the folder of templates deployed"):
        BundledCampaigns(tmp_path / "missing").current()
