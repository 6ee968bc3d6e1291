"""`outreach campaigns pause` and `resume`, for both drivers."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from typer.testing import Result

from desk_stories import gets_delivered, got, orders, signs_up
from local_cloud import LocalCloud

type Outreach = Callable[..., Result]


def paused(outreach: Outreach, cloud: LocalCloud) -> dict[str, Any]:
    told = json.loads(outreach("sending", "status", "--json", stack=cloud).stdout)
    campaigns: dict[str, Any] = told["campaigns"]
    return campaigns


def test_a_campaign_of_executions_is_held_and_goes_on_after_a_resume(
    outreach: Outreach, cloud: LocalCloud
) -> None:
    said = outreach("campaigns", "pause", "onboarding", "--reason", "wrong price [x]", stack=cloud)
    cloud.advance(seconds=6)
    signs_up(cloud, "c-held")
    cloud.advance(hours=2)

    assert said.exit_code == 0, said.stderr
    assert "onboarding is paused by " in said.stdout
    assert "wrong price [x]" in said.stdout
    assert got(cloud, "c-held") == []
    assert paused(outreach, cloud)["onboarding"]["reason"] == "wrong price [x]"
    status = outreach("sending", "status", stack=cloud).stdout
    assert "campaign       onboarding paused by " in status
    assert "marketing      on" in status
    shown = ("campaigns", "show", "onboarding", "--stack", "outreach")
    assert "paused by " in outreach(*shown, stack=cloud).stdout.splitlines()[-1]
    assert json.loads(outreach(*shown, "--json", stack=cloud).stdout)["pause"]["reason"] == "wrong price [x]"
    assert "the campaign is paused by " in outreach("customers", "show", "c-held", stack=cloud).stdout

    resumed = outreach("campaigns", "resume", "onboarding", stack=cloud)
    cloud.advance(hours=1)
    assert "onboarding goes on; it was paused by " in resumed.stdout
    assert got(cloud, "c-held") == ["welcome"]
    assert paused(outreach, cloud) == {}
    assert outreach(*shown, stack=cloud).stdout.splitlines()[-1] == "not paused"
    assert "paused" not in outreach("campaigns", "show", "onboarding", stack=cloud).stdout


def test_a_swept_campaign_is_held_while_others_go_on(outreach: Outreach, cloud: LocalCloud) -> None:
    outreach("campaigns", "pause", "win-back", "--reason", "wrong picture", stack=cloud)
    cloud.advance(seconds=6)
    signs_up(cloud, "c-swept", name="customer.updated")
    orders(cloud, "c-swept", "o-swept", ago=timedelta(days=90))
    gets_delivered(cloud, "c-swept", "o-swept", ago=timedelta(hours=23))
    cloud.advance(days=2)

    assert got(cloud, "c-swept") == ["espresso-1-first-shot"]

    outreach("campaigns", "resume", "win-back", stack=cloud)
    cloud.advance(days=2)
    assert got(cloud, "c-swept")[:2] == ["espresso-1-first-shot", "we-miss-you"]


def test_pausing_again_keeps_who_was_first_and_resuming_again_says_so(
    outreach: Outreach, cloud: LocalCloud
) -> None:
    for reason in ("first", "second"):
        said = outreach("campaigns", "pause", "win-back", "--reason", reason, "--json", stack=cloud)
        assert json.loads(said.stdout)["pause"]["reason"] == "first"

    assert json.loads(outreach("campaigns", "resume", "win-back", "--json", stack=cloud).stdout)["pause"]
    assert outreach("campaigns", "resume", "win-back", stack=cloud).stdout == "win-back was not paused\n"


def test_an_unknown_campaign_is_refused_with_the_nearest_name(outreach: Outreach, cloud: LocalCloud) -> None:
    for command in (("pause", "onbording", "--reason", "x"), ("resume", "onbording")):
        said = outreach("campaigns", *command, stack=cloud)
        assert (said.exit_code, said.stderr) == (1, "no campaign 'onbording'; did you mean `onboarding`?\n")
    assert paused(outreach, cloud) == {}
