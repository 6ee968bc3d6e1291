"""`outreach facts suggest`: a first `facts.yaml`, from events that were taken in."""

from typing import Annotated

import typer

from outreach_tools.cli.screen import AsJson, fail, notes, print_json, say
from outreach_tools.cli.stack import StackName, aws_failures, output_of, stack_of
from outreach_tools.cli.template_files import NoCampaignError, TemplatesOption, find_templates

app = typer.Typer(help="Declared facts: the types of attributes and properties.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Keeps `suggest` a command of its own."""


@app.command()
def suggest(
    context: typer.Context,
    events: Annotated[
        typer.FileText | None,
        typer.Argument(
            help="File of events as EventBridge delivers them, a JSON list or one a line; - reads stdin. "
            "Default: what the stack's table holds.",
            show_default=False,
        ),
    ] = None,
    most: Annotated[int, typer.Option("--most", min=1, help="Rows of the table to read.")] = 5000,
    templates: TemplatesOption = None,
    stack: StackName = "outreach",
    as_json: AsJson = False,
) -> None:
    """Print a proposal for facts.yaml, without any value: look it over before you use it.

    What the templates folder's facts.yaml declares already is left out.
    """
    from outreach.adapters.campaign_files.facts.facts_file import FACTS_FILE, load_facts
    from outreach.domain.errors import OutreachError
    from outreach.domain.journeys.declared_facts import DeclaredFacts
    from outreach_tools.facts.guess import proposal
    from outreach_tools.facts.sources import seen_in_table, seen_in_text

    try:
        file = find_templates(templates) / FACTS_FILE
        declared = load_facts(file.read_text("utf-8-sig")) if file.is_file() else DeclaredFacts()
    except NoCampaignError:
        declared = DeclaredFacts()
    except OutreachError as error:
        fail(f"first correct the facts.yaml that is there: {error}")
    try:
        if events is not None:
            seen = seen_in_text(events.read())
        else:
            chosen = stack_of(context, stack)
            with aws_failures(stack):
                seen = seen_in_table(chosen.client("dynamodb"), output_of(chosen, "TableName", stack), most)
    except OutreachError as error:
        fail(str(error))
    text = proposal(seen, declared)
    counts = {"customers": len(seen.customers), "events": sum(map(len, seen.events.values()))}
    if as_json:
        print_json({**counts, "proposal": text})
        return
    notes().print(f"from {counts['customers']} sets of attributes and {counts['events']} events")
    if not text:
        notes().print("nothing to declare: no attribute and no property that is not declared already")
        return
    say(text.rstrip("\n"))
