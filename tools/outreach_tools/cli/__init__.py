"""The `outreach` command. Nothing heavy is imported before a command needs it."""


def main() -> None:
    """Run the command; the entry point that packaging names."""
    from outreach_tools.cli.app import app

    app()


__all__ = ["main"]
