"""`outreach campaigns migrate`: move active enrollments to new steps, and list what happens to each."""

from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from outreach_tools.cli.screen import AsJson, fail, notes, print_json, results
from outreach_tools.cli.stack import StackName, aws_failures, stack_of
from outreach_tools.cli.templates.options import (
    OneCampaign,
    published_versions_of,
    require_campaign,
    running_in,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from outreach.domain.journeys.campaign import Campaign
    from outreach_tools.publishing.migrate import Migration, Told
    from outreach_tools.publishing.published_versions import PublishedVersions

app = typer.Typer()


@app.command()
def migrate(
    context: typer.Context,
    campaign: OneCampaign,
    old: Annotated[str, typer.Option("--from", help="The version they are on: its steps', or a bundle's.")],
    new: Annotated[
        str, typer.Option("--to", help="The version to move them to. Default: the current one.")
    ] = "now",
    given: Annotated[
        list[str] | None,
        typer.Option("--map", help="Where a label leads, as old=new; may be repeated.", show_default=False),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
    stack: StackName = "outreach",
    as_json: AsJson = False,
) -> None:
    """Move running enrollments to other steps, by label. It reads the table; the cost is shown first."""
    from outreach.domain.errors import OutreachError

    with aws_failures(stack):
        try:
            published_versions = published_versions_of(context, stack)
            require_campaign(published_versions, campaign)
            migration, version = _migration(published_versions, campaign, old, new, given or [])
        except OutreachError as error:
            fail(f"nothing was moved: {error}")
        told = list(_told(context, stack, migration, version, dry_run=dry_run))
    if as_json:
        print_json([_document(each) for each in told])
        return
    screen = results()
    for each in told:
        who = f"{each.enrollment.id.customer_id} ({_key(each)})"
        screen.print(f"{who}  {each.enrollment.step}: {_words(each)}", markup=False)
    for outcome, number in sorted(Counter(type(each.fate).__name__ for each in told).items()):
        names = {"Moves": "moved", "GoesTo": "moved to another step", "Stays": "stayed"}
        screen.print(f"{number} {names[outcome]}" + (" (not really: --dry-run)" if dry_run else ""))
    if not told:
        screen.print(f"no active enrollment has the steps of {old}")


def _migration(
    published_versions: "PublishedVersions", campaign: str, old: str, new: str, given: list[str]
) -> "tuple[Migration, str]":
    """Raises OutreachError."""
    from outreach_tools.publishing.migrate import Migration
    from outreach_tools.publishing.versions import read_steps, steps_named

    version = steps_named(published_versions, campaign, old)
    target = read_steps(published_versions, campaign, steps_named(published_versions, campaign, new))
    if target is None:
        fail(f"--to {new}: these steps were not stored; see `outreach templates history {campaign}`")
    if target.version == version:
        fail("--from and --to are the same steps")
    return Migration(read_steps(published_versions, campaign, version), target, _map(given, target)), version


def _map(given: list[str], target: "Campaign") -> "Mapping[str, str]":
    labels, found = {step.label for step in target.steps} | {"end"}, {}
    for each in given:
        label, equals, to = each.partition("=")
        if not equals or to not in labels:
            fail(f"--map {each}: write old=new; the new steps have: {', '.join(sorted(labels))}")
        found[label] = to
    return found


def _told(
    context: typer.Context, stack: str, migration: "Migration", version: str, *, dry_run: bool
) -> "Iterator[Told]":
    from outreach_tools.publishing.migrate import Told, apply
    from outreach_tools.wiring import for_stack

    running, adapters = running_in(context, stack), for_stack(stack_of(context, stack))
    if not running.is_small():
        notes().print(f"looking through the table reads {running.cost()}")
    enrollments, workflows, arm = adapters.table.enrollments, adapters.workflows, adapters.arm_wakes
    known = [each for each in (migration.old, migration.new) if each is not None]
    for found in list(running.of(migration.new.name, known)):
        if found.bundle != version:
            continue
        if dry_run:
            yield Told(found, migration.fate(found))
        else:
            now = datetime.now(UTC)
            yield apply(migration, found, enrollments=enrollments, workflows=workflows, arm=arm, now=now)


def _words(told: "Told") -> str:
    from outreach_tools.publishing.migrate import GoesTo, Moves, Stays

    match told.fate:
        case Moves():
            return "goes on at the same step"
        case GoesTo(label):
            return f"is gone; goes on at {label}"
        case Stays(why):
            return f"stays on the old steps; {why}"


def _key(told: "Told") -> str:
    """The readable value of its key; its id once the value was erased."""
    return told.enrollment.key_value or told.enrollment.id.key


def _document(told: "Told") -> dict[str, Any]:
    return {
        "customer_id": told.enrollment.id.customer_id,
        "key": _key(told),
        "step": told.enrollment.step,
        "outcome": type(told.fate).__name__,
        "words": _words(told),
    }
