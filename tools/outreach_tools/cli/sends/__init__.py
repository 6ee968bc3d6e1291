"""`outreach sends`: messages that ended unsent."""

from outreach_tools.cli.sends.retry import app

__all__ = ["app"]
