"""`outreach campaigns`: the campaigns of the templates folder, and those of a stack."""

from outreach_tools.cli.campaigns import migrate, pause
from outreach_tools.cli.campaigns.show import app

app.add_typer(migrate.app)
app.add_typer(pause.app)

__all__ = ["app"]
