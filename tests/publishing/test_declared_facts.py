"""Declared facts are published, pinned, rolled back and compared with the campaign that uses them."""

import json

from outreach.adapters.bundles.bundle import Bundle
from outreach.adapters.campaign_files.campaign_file import load
from outreach.domain.journeys.declared_facts import FactType
from publishing.desk import Desk

PLAN = "customer:\n  plan: text\n  profile_complete: yes_no\n"
MONEY_AND_PLAN = "customer:\n  credit: money\n  plan: text\n  profile_complete: yes_no\n"
STEP = "  - send: first-steps\n    unless: customer.attributes.profile_complete\n"
RICH = "  - send: first-steps\n    if: customer.attributes.credit > 50\n"


def declare(desk: Desk, text: str) -> None:
    (desk.folder / "facts.yaml").write_text(text)


def test_a_bundle_holds_the_file_and_pins_enrollments_to_it() -> None:
    files = {"brand.yaml": b"name: Shop\n", "news/campaign.yaml": b"name: news\n"}
    declared, other = (
        Bundle("news", {**files, "facts.yaml": text.encode()}) for text in (PLAN, MONEY_AND_PLAN)
    )

    versions = {each.steps_version for each in (Bundle("news", files), declared, other)}

    assert len(versions) == 3
    assert Bundle("news", files).steps == "name: news\n"


def test_a_published_type_never_changes(desk: Desk) -> None:
    declare(desk, PLAN)
    desk.publishes("win-back")
    declare(desk, "# other\ncustomer:\n  plan: number\n  profile_complete: yes_no\n")

    refused = desk.run("templates", "publish", "onboarding", "--templates", str(desk.folder))

    assert refused.exit_code == 1
    assert "facts.yaml:3:3: customer.plan was published as text" in " ".join(refused.stderr.split())
    assert "give the new fact a new name" in " ".join(refused.stderr.split())
    declare(desk, "customer:\n  plan: {type: text, default: free}\n  profile_complete: yes_no\n")
    desk.publishes("onboarding")


def test_enrollments_keep_the_types_of_their_steps(
    desk: Desk,
) -> None:
    declare(desk, MONEY_AND_PLAN)
    desk.edit("onboarding/campaign.yaml", STEP, RICH)
    desk.publishes()
    desk.cloud.advance(minutes=1)
    desk.signs_up("c-rich", attributes={"credit": "100.00"})
    desk.signs_up("c-poor", attributes={"credit": 9.5})
    desk.signs_up("c-odd", attributes={"credit": "much"})
    desk.does("rollback", "onboarding", "--to", "deployed", "--author", "mia")
    desk.cloud.advance(days=2)

    assert [len(desk.subjects(name)) for name in ("c-rich", "c-poor", "c-odd")] == [2, 1, 1]


def test_the_difference_names_what_is_declared_anew(desk: Desk) -> None:
    declare(desk, PLAN)
    desk.publishes()
    declare(desk, MONEY_AND_PLAN)

    told = json.loads(desk.does("diff", "onboarding", "--json"))

    assert "+  credit: money" in told["words"]
    assert told["steps"] == []


def test_what_is_deployed_knows_its_facts(desk: Desk) -> None:
    declare(desk, PLAN)
    bundle = Bundle(
        "onboarding",
        {
            "facts.yaml": (desk.folder / "facts.yaml").read_bytes(),
            "onboarding/campaign.yaml": (desk.folder / "onboarding/campaign.yaml").read_bytes(),
        },
    )

    assert load(bundle.steps, file="onboarding/campaign.yaml").facts.customer["plan"].type is FactType.TEXT
