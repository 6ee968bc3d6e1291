"""`outreach redrive`: give refused events another chance once their cause is mended."""

from collections import Counter
from typing import Annotated

import typer

from outreach_tools.cli.screen import AsJson, print_json, progress, results
from outreach_tools.cli.stack import StackName, aws_failures, output_of, stack_of

_EVENTS = ("DeadLetterQueueUrl", "IntakeQueueUrl")
_FEEDBACK = ("FeedbackDeadLetterQueueUrl", "FeedbackQueueUrl")
"""Outputs of the stack: where the dead letters lie, and where they go."""


def redrive(
    context: typer.Context,
    stack: StackName = "outreach",
    feedback: Annotated[
        bool, typer.Option("--feedback", help="What SES reported, instead of events of the shop.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what lies there, and why.")] = False,
    as_json: AsJson = False,
) -> None:
    """Send the events in the dead-letter queue back to intake, and show why they were refused.

    Each event is sent before it is deleted: whatever happens on the way, none is lost. One that is sent
    twice is recognised by its id.
    """
    from outreach_tools.redrive import dead_letters  # noqa: PLC0415 - with what it needs

    chosen = stack_of(context, stack)
    reasons: Counter[str] = Counter()
    with aws_failures(stack), progress() as bar:
        dead, alive = _FEEDBACK if feedback else _EVENTS
        letters = dead_letters(chosen.client("sqs"), output_of(chosen, dead, stack))
        intake = output_of(chosen, alive, stack)
        task = bar.add_task("Dead letters", total=letters.about_how_many())
        for letter in letters.look() if dry_run else letters.send_back(intake):
            reasons[letter.reason] += 1
            bar.advance(task)
    if as_json:
        print_json(
            {"redriven": 0 if dry_run else reasons.total(), "found": reasons.total(), "reasons": reasons}
        )
        return
    screen = results()
    for reason, count in sorted(reasons.items()):
        screen.print(f"{count} x {reason}", markup=False)
    said = "lie in the dead-letter queue" if dry_run else "sent back to intake"
    screen.print(f"{reasons.total()} {'reports' if feedback else 'events'} {said}")
