"""`outreach doctor`: what a stack needs outside its code, and what to do about what is missing."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from outreach_tools.cli.screen import AsJson, print_json, results
from outreach_tools.cli.stack import StackName, aws_failures, stack_of

if TYPE_CHECKING:
    from outreach_tools.doctor.finding import Finding


def doctor(
    context: typer.Context,
    probe: Annotated[
        bool,
        typer.Option(
            "--probe", help="Send one message to SES's mailbox simulator, and wait for its reports."
        ),
    ] = False,
    stack: StackName = "outreach",
    as_json: AsJson = False,
) -> None:
    """Check everything that sending depends on; exit 1 if something must be fixed. It changes nothing."""
    from outreach_tools.doctor.dns_records import txt_records
    from outreach_tools.doctor.examination import examine
    from outreach_tools.doctor.finding import Status
    from outreach_tools.doctor.site import Site

    with aws_failures(stack):
        chosen = stack_of(context, stack)
        _ = chosen.outputs  # a missing stack is one clear failure, not one for each check
        findings = list(examine(Site(chosen, stack, txt_records), probe=probe))
    if as_json:
        print_json([_document(each) for each in findings])
    else:
        for each in findings:
            _print(each)
    if any(each.status is Status.FAIL for each in findings):
        raise typer.Exit(1)


def _document(found: "Finding") -> dict[str, Any]:
    return {
        "check": found.check,
        "status": found.status,
        "what": found.what,
        "run": list(found.run),
        "set": list(found.records),
    }


def _print(found: "Finding") -> None:
    screen = results()
    lines = [f"{found.status:<5} {found.check:<21} {found.what}"]
    lines += [f"      set {record}" for record in found.records]
    lines += [f"      run {command}" for command in found.run]
    for line in lines:
        screen.print(line, markup=False, soft_wrap=True)
