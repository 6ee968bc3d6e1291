"""`outreach templates send-test`: see a message in a real inbox before customers do."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from outreach_tools.cli.screen import AsJson, fail, notes, print_json, results
from outreach_tools.cli.stack import StackName, aws_failures, output_of, stack_of
from outreach_tools.cli.template_files import TemplatesOption
from outreach_tools.cli.templates.options import draft_of, published_versions_of, templates_folder

if TYPE_CHECKING:
    from outreach.adapters.bundles.bundle import Bundle
    from outreach.ports.sending import OutgoingEmail
    from outreach_tools.wiring import Stack

app = typer.Typer()


@app.command("send-test")
def send_test(
    context: typer.Context,
    message: Annotated[str, typer.Argument(help="Campaign and message, such as onboarding/welcome.")],
    to: Annotated[str, typer.Option("--to", help="Who gets it; one of the stack's TestRecipients.")],
    person: Annotated[
        str, typer.Option("--as", help="A sample person of the campaign, or the id of a customer.")
    ],
    language: Annotated[
        str | None, typer.Option("--language", help="Instead of their own.", show_default=False)
    ] = None,
    published: Annotated[
        bool, typer.Option("--published", help="The published version, instead of the templates folder.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Make the message, but send nothing.")] = False,
    templates: TemplatesOption = None,
    stack: StackName = "outreach",
    as_json: AsJson = False,
) -> None:
    """Send one message as a test: marked in its subject, not counted, without asking for consent."""
    from outreach.domain.errors import OutreachError
    from outreach_tools.publishing import send_test as tests

    campaign, slash, name = message.partition("/")
    if not slash or not campaign or not name:
        fail(f"{message}: write campaign/message, such as onboarding/welcome")
    with aws_failures(stack):
        chosen = stack_of(context, stack)
        bundle = (
            _held(context, stack, campaign) if published else draft_of(templates_folder(templates), campaign)
        )
        try:
            tests.TestRecipients(chosen.outputs.get("TestRecipients", "")).require(to)
            email = _draft(chosen, stack, bundle, name, person, to, language)
            message_id = None if dry_run else _send(chosen, email)
        except OutreachError as error:
            fail(f"no test was sent: {error}")
        except KeyError as missing:
            fail(f"stack {stack} has no output {missing.args[0]}; deploy this version of Outreach first")
        except ValueError as wrong:
            fail(f"no test was sent: {wrong}")
    document = {"letter": message, "as": person, "subject": email.content.subject, "message_id": message_id}
    if as_json:
        print_json(document)
    else:
        if language and not _speaks(bundle, message, language):
            notes().print(f"{message} has no version in {language}: this is the one for all other languages")
        results().print(f"{'would send' if dry_run else 'sent'}: {email.content.subject}", markup=False)


def _speaks(bundle: "Bundle", message: str, language: str) -> bool:
    """Whether a version is in this language, or in what it falls back to."""
    from outreach.adapters.templates.source_files import languages

    return any(f"{message}.{code}.mjml" in bundle.files for code in languages(language))


def _held(context: typer.Context, stack: str, campaign: str) -> "Bundle":
    from outreach.domain.errors import OutreachError

    published_versions = published_versions_of(context, stack)
    try:
        now = published_versions.now(campaign)
        if now is None:
            fail(f"{campaign} was never published; leave out --published")
        return published_versions.bundle(now)
    except OutreachError as error:
        fail(f"no test was sent: {error}")


def _send(stack: "Stack", email: "OutgoingEmail") -> str:
    from outreach_tools.publishing.send_test import send_test
    from outreach_tools.wiring import for_stack

    return send_test(stack.client("sesv2"), for_stack(stack).mailer, email)


def _draft(
    stack: "Stack", name: str, bundle: "Bundle", message: str, person: str, to: str, language: str | None
) -> "OutgoingEmail":
    from outreach.adapters.campaign_files.campaign_file import load
    from outreach.adapters.templates import TemplateBundle
    from outreach.adapters.validation.suggest import did_you_mean
    from outreach_tools.publishing.facts_of import of_customer, of_sample
    from outreach_tools.publishing.send_test import draft_test
    from outreach_tools.wiring import for_stack

    templates = TemplateBundle(bundle.files)
    campaign = load(bundle.steps, file=f"{bundle.campaign}/campaign.yaml")
    known = of_sample(templates, campaign.name, person)
    if known is None:
        page = f"{output_of(stack, 'ApiUrl', name)}/u/a-test-leads-nowhere"
        zone = output_of(stack, "DefaultTimeZone", name)
        instead = did_you_mean(person, templates.samples(campaign.name))
        known = of_customer(
            for_stack(stack).table,
            campaign,
            person,
            page=page,
            zone=zone,
            now=datetime.now(UTC),
            instead=instead,
        )
    return draft_test(templates, campaign, message, known, person=person, to=to, language=language)
