"""`outreach schema`: the JSON Schemas of campaign files and events."""

from enum import StrEnum
from typing import Annotated

import typer

from outreach_tools.cli.screen import print_json


class Subject(StrEnum):
    """The kinds of documents with a schema."""

    CAMPAIGN = "campaign"
    EVENT = "event"
    FACTS = "facts"


def schema(
    subject: Annotated[Subject, typer.Argument(help="What to print the schema of.")],
    as_json: Annotated[  # noqa: ARG001 - it changes nothing
        bool, typer.Option("--json", help="Accepted for symmetry: a schema is JSON.")
    ] = False,
) -> None:
    """Print the JSON Schema of a campaign file, of an event's detail or of facts.yaml."""
    match subject:
        case Subject.CAMPAIGN:
            from outreach.adapters.campaign_files.campaign_file import campaign_schema

            print_json(campaign_schema())
        case Subject.EVENT:
            from outreach.adapters.events.event_envelope import event_schema

            print_json(event_schema())
        case Subject.FACTS:
            from outreach.adapters.campaign_files.facts.facts_file import facts_schema

            print_json(facts_schema())
