"""`outreach templates`: check, preview, publish and import messages."""

import typer

from outreach_tools.cli.templates import check, diff, gallery, history, importing, publish, send_test

app = typer.Typer(help="The words: check, preview and publish them.", no_args_is_help=True)
for part in (publish, diff, history, send_test, check, gallery, importing):
    app.add_typer(part.app)

__all__ = ["app"]
