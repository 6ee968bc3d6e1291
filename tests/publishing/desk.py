"""What a marketer does, for the tests."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from local_cloud import LocalCloud
from outreach_tools.cli.app import app

PROJECT = Path(__file__).parents[2]


@dataclass
class Desk:
    """A stack, a folder of templates, and the command that works on both."""

    cloud: LocalCloud
    folder: Path

    def run(self, *arguments: str) -> Result:
        """`outreach …`, whatever the result."""
        return CliRunner().invoke(app, list(arguments), obj=self.cloud, catch_exceptions=False)

    def does(self, *arguments: str) -> str:
        """`outreach templates …` on this folder; it must succeed. Returns what it printed."""
        takes_folder = arguments[0] not in {"history", "rollback"}
        folder = ("--templates", str(self.folder)) if takes_folder else ()
        done = self.run("templates", *arguments, *folder)
        assert done.exit_code == 0, done.output
        return done.stdout

    def edit(self, file: str, old: str, new: str) -> None:
        """Change text in a file of the folder."""
        path = self.folder / file
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))

    def publishes(self, campaign: str = "onboarding", note: str = "") -> str:
        """The version that is current from now on."""
        (told,) = json.loads(self.does("publish", campaign, "--note", note, "--author", "mia", "--json"))
        assert told["published"]
        return str(told["version"])

    def rows(self) -> list[dict[str, Any]]:
        """Everything in the table."""
        dynamodb, table = self.cloud.client("dynamodb"), self.cloud.resource("Table")
        return [
            row for page in dynamodb.get_paginator("scan").paginate(TableName=table) for row in page["Items"]
        ]

    def history(self, campaign: str = "onboarding") -> list[dict[str, Any]]:
        return list(json.loads(self.does("history", campaign, "--json")))

    def signs_up(self, customer: str, **profile: object) -> None:
        self.cloud.emit(
            "customer.signed_up",
            {
                "event_id": f"e-{customer}",
                "occurred_at": self.cloud.now.isoformat(),
                "customer": {
                    "id": customer,
                    "email": f"{customer}@example.com",
                    "first_name": "Ana",
                    "time_zone": "UTC",
                    "consent": {"marketing": True, "source": "test", "at": self.cloud.now.isoformat()},
                    **profile,
                },
            },
        )

    def subjects(self, customer: str) -> list[str]:
        return [mail.subject for mail in self.cloud.outbox if mail.to == f"{customer}@example.com"]
