"""`outreach templates gallery`: pictures of every message."""

from pathlib import Path
from typing import Annotated

import typer

from outreach_tools.cli.screen import fail, results
from outreach_tools.cli.template_files import NoCampaignError, TemplatesOption, campaign_files, find_templates

app = typer.Typer()


@app.command()
def gallery(
    out: Annotated[Path, typer.Option(file_okay=False, help="Folder of the pictures.")] = Path(
        "docs/gallery"
    ),
    browser: Annotated[
        str | None, typer.Option(help="A Chromium. Default: the first one installed.", show_default=False)
    ] = None,
    templates: TemplatesOption = None,
) -> None:
    """Take pictures of every message: on a desktop, on a phone and in the dark."""
    from outreach.adapters.templates import TemplateFolder
    from outreach.domain.errors import OutreachError
    from outreach_tools.gallery.album import write_gallery
    from outreach_tools.gallery.browser import find_browser
    from outreach_tools.gallery.emails import gallery_emails

    try:
        root = find_templates(templates)
        names = [file.parent.name for file in campaign_files(root)]
        size = write_gallery(gallery_emails(TemplateFolder(root), names), out, find_browser(browser))
    except (NoCampaignError, OutreachError) as error:
        fail(str(error))
    results().print(f"{out}: {size / 1_000_000:.1f} MB")
