"""Each verb works wherever a step is read, driven, described or drawn: shown with its example in the docs."""

import json
from datetime import timedelta
from pathlib import Path
from typing import get_args

import jsonschema
import pytest
from typer.testing import CliRunner

from builders import NOW, an_event
from outreach.adapters.campaign_files.campaign_file import campaign_schema
from outreach.adapters.campaign_files.steps.registry import SPEC_OF_STEP, SPEC_OF_VERB, exits_of
from outreach.adapters.campaign_files.yaml_lines import read_yaml
from outreach.domain.intake.event import ORDER_DELAYED, SIGNED_UP
from outreach.domain.journeys.campaign import END, Driver, Step
from outreach_tools.checks import Checker
from outreach_tools.cli.app import app
from outreach_tools.preview.choice import Choice
from outreach_tools.preview.folder_catalogue import FolderCatalogue
from outreach_tools.preview.pages import campaign_page
from usecases.driven_world import DrivenWorld
from verbs.documented import EXAMPLES, NAME, campaign_of, expressions_of, folder_of, text_of

each_verb = pytest.mark.parametrize("verb", SPEC_OF_VERB)


def test_every_step_of_the_domain_is_a_verb_of_the_registry() -> None:
    assert SPEC_OF_STEP.keys() == set(get_args(Step.__value__))


def test_every_verb_has_an_example_in_the_docs_that_uses_it() -> None:
    assert EXAMPLES.keys() == SPEC_OF_VERB.keys()
    for verb in EXAMPLES:
        assert verb in {SPEC_OF_STEP[type(step)].verb for step in campaign_of(verb).steps}


@each_verb
def test_the_schema_knows_it(verb: str) -> None:
    jsonschema.validate(read_yaml(text_of(verb)).data, campaign_schema())


@each_verb
def test_checking_finds_nothing_wrong_and_showing_says_each_step(verb: str, tmp_path: Path) -> None:
    folder = str(folder_of(verb, tmp_path))
    checked = CliRunner().invoke(app, ["campaigns", "check", "--templates", folder])
    assert checked.exit_code == 0, checked.output

    shown = CliRunner().invoke(app, ["campaigns", "show", NAME, "--templates", folder], terminal_width=200)
    listed = CliRunner().invoke(app, ["campaigns", "show", NAME, "--templates", folder, "--json"])
    steps = json.loads(listed.stdout)["steps"]

    assert verb in {step["step"] for step in steps}
    for step in campaign_of(verb).steps:
        assert SPEC_OF_STEP[type(step)].words(step, campaign_of(verb)).does in shown.stdout


@each_verb
def test_the_preview_draws_it_and_every_way_on(verb: str, tmp_path: Path) -> None:
    campaign = campaign_of(verb)
    page = campaign_page(FolderCatalogue(folder_of(verb, tmp_path), Checker()), NAME, Choice())

    assert f'class="node {verb}"' in page
    assert SPEC_OF_VERB[verb].icon in page
    for step in campaign.steps:
        ways = list(exits_of(step))
        assert ways
        assert {way.target for way in ways} <= {None, END, *(each.label for each in campaign.steps)}


@each_verb
def test_both_drivers_carry_it_alike(verb: str) -> None:
    effects = 0
    for answer in (True, False):
        told = [_shown_by(verb, driver, answer) for driver in Driver]

        assert told[0] == told[1]
        effects += len(told[0])
    assert effects, "the example sends and announces nothing"


def _shown_by(verb: str, driver: Driver, answer: object) -> list[object]:
    """What was sent and announced, with the times, when an order is late on the second day."""
    expressions = dict.fromkeys(expressions_of(verb), answer)
    world = DrivenWorld(campaign_of(verb, driver), an_event(SIGNED_UP, id="evt-in"), expressions)
    late = NOW + timedelta(days=1)
    world.pass_time(late)
    world.tell(an_event(ORDER_DELAYED, id="evt-late", occurred_at=late))
    world.pass_time(NOW + timedelta(days=400))
    assert not world.row.is_active
    announced = [(name, detail["step"]) for name, _, detail in world.shop.announcer.announced]
    return [*world.sent, *announced]
