"""`outreach templates import`: messages from elsewhere as Outreach's messages."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from outreach_tools.cli.screen import AsJson, fail, notes, print_json, results
from outreach_tools.cli.template_files import NoCampaignError, TemplatesOption, find_templates

if TYPE_CHECKING:
    from collections.abc import Callable

    from outreach_tools.importing.importer import Imported
    from outreach_tools.importing.ses_template import ForeignTemplate

app = typer.Typer()
import_app = typer.Typer(help="Make messages of what you have.", no_args_is_help=True)
app.add_typer(import_app, name="import")

Source = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The file to import.")]
Campaign = Annotated[str, typer.Option("--campaign", help="The campaign that the message is for.")]
Message = Annotated[str, typer.Option("--message", help="The name of the message, such as welcome.")]
Replace = Annotated[bool, typer.Option("--replace", help="Write over a message that is there.")]


@import_app.command("html")
def import_html(
    source: Source,
    campaign: Campaign,
    message: Message,
    subject: Annotated[str, typer.Option("--subject", help="Default: the title of the page.")] = "",
    replace: Replace = False,
    templates: TemplatesOption = None,
    as_json: AsJson = False,
) -> None:
    """Import an HTML file: cleaned, its merge tags translated, and every change reported."""
    from outreach_tools.importing.ses_template import ForeignTemplate

    def read(text: str) -> ForeignTemplate:
        return ForeignTemplate(html=text, subject=subject)

    _import(source, read, campaign, message, replace, templates, as_json)


@import_app.command("ses")
def import_ses(
    source: Source,
    campaign: Campaign,
    message: Message,
    replace: Replace = False,
    templates: TemplatesOption = None,
    as_json: AsJson = False,
) -> None:
    """Import the JSON of an SES or Pinpoint template, and say what could not be translated."""
    from outreach_tools.importing.ses_template import read_ses_template

    _import(source, read_ses_template, campaign, message, replace, templates, as_json)


def _import(
    source: Path,
    read: "Callable[[str], ForeignTemplate]",
    campaign: str,
    message: str,
    replace: bool,
    templates: Path | None,
    as_json: bool,
) -> None:
    from outreach.adapters.templates.contained import LEADS_OUTSIDE, is_contained
    from outreach.domain.errors import OutreachError
    from outreach_tools.checks.folder import read_files
    from outreach_tools.importing.importer import import_template

    try:
        root = find_templates(templates)
        file = root / campaign / f"{message}.mjml"
        if file.exists() and not replace:
            fail(f"{file} is there already; choose another --message, or say --replace")
        template = read(source.read_text(encoding="utf-8-sig"))
        folder = read_files(root)
        imported = import_template(template, campaign=campaign, message=message, folder=folder)
        outside = [path for path in imported.files if not is_contained(root, root / path)]
    except (OutreachError, NoCampaignError) as error:
        fail(f"{source}: {error}")
    except UnicodeDecodeError:
        fail(f"{source}: not UTF-8; save it as UTF-8")
    if outside:
        fail(f"{root / path}: {LEADS_OUTSIDE}" for path in outside)
    for path, text in imported.files.items():
        (root / path).write_text(text, encoding="utf-8")
    if as_json:
        print_json(_document(imported, root))
    else:
        _tell(imported, source, root)
    raise typer.Exit(1 if any(each.severity == "error" for each in imported.findings) else 0)


def _tell(imported: "Imported", source: Path, root: Path) -> None:
    for path in imported.files:
        results().print(f"wrote {root / path}", markup=False)
    for kind, title in (("done", "what was done"), ("look", "what you should look at")):
        told = [note for note in imported.notes if note.kind == kind]
        if told:
            results().print(f"\n{title}:", style="bold")
        for note in told:
            place = f"{source}:{note.line}: " if note.line else ""
            results().print(f"  {place}{note.what}", markup=False, soft_wrap=True)
    if imported.findings:
        notes().print("\nwhat `outreach templates check` still says:", style="bold")
    for finding in imported.findings:
        place = f"{root / finding.where}"
        notes().print(f"  {place}: {finding.severity}: {finding.what}", markup=False, soft_wrap=True)


def _document(imported: "Imported", root: Path) -> dict[str, object]:
    return {
        "files": [(root / path).as_posix() for path in imported.files],
        "notes": [{"line": note.line, "kind": note.kind, "what": note.what} for note in imported.notes],
        "findings": [
            {"where": finding.where, "severity": finding.severity, "rule": finding.rule, "what": finding.what}
            for finding in imported.findings
        ],
    }
