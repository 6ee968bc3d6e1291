"""A stack in an incident, and the operator who has only its alarms and the incident's page."""

import json
import re
import shlex
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import chdir, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from docs.page import Page
from e2e.shop import PROJECT, START, Shop
from local_cloud import AlarmState, LocalCloud, SesAccount
from outreach_tools.cli.app import app

PAGES = sorted((PROJECT / "docs/incidents").glob("*.md"))


def commands_of(page: Page) -> list[str]:
    """What the page prints to be typed at a prompt."""
    return [
        line
        for example in re.findall(r"^```\n(.*?)^```$", page.text, re.MULTILINE | re.DOTALL)
        for line in example.splitlines()
        if line.startswith("outreach ")
    ]


def alarms_of(page: Page) -> set[str]:
    """The alarms that the page says go off."""
    return set(re.findall(r"`(\w+Alarm)`", page.section("What you see")))


@dataclass
class Incident:
    """Customers, alarms and the operator."""

    shop: Shop
    page: Page
    project: Path
    since: datetime
    typed: set[str] = field(default_factory=set)

    @property
    def cloud(self) -> LocalCloud:
        return self.shop.cloud

    def waits(self, span: timedelta) -> None:
        self.shop.waits(span)

    def types(self, command: str) -> str:
        """Run a command that the page prints, unchanged; returns its output."""
        return self._run(command)

    def asks(self, command: str) -> Any:
        """The same, for its JSON document."""
        return json.loads(self._run(command, "--json"))

    def _run(self, command: str, *more: str) -> str:
        assert command in commands_of(self.page), f"{command}: {self.page.name} does not print it"
        self.typed.add(command)
        words = [*shlex.split(command)[1:], *more]
        with chdir(self.project):
            answer = CliRunner().invoke(app, words, obj=self.cloud, catch_exceptions=False)
        assert answer.exit_code == 0, answer.output
        return answer.stdout

    def rang(self) -> dict[str, datetime]:
        """The alarms that went off since the incident began, and when each did first."""
        first = {
            name: min((at for at in alarm.rang if at >= self.since), default=None)
            for name, alarm in self.cloud.alarms.items()
        }
        return {name: at for name, at in first.items() if at is not None}

    def ringing(self) -> set[str]:
        return {name for name, alarm in self.cloud.alarms.items() if alarm.state is AlarmState.ALARM}

    def got(self, customers: Iterable[str]) -> dict[str, list[str]]:
        """The messages of each, in order."""
        return {each: [message for message, _ in self.shop.got(each)] for each in customers}

    def twice(self) -> list[tuple[str, str]]:
        """Customer and message, of everything that was sent to a customer more than once."""
        sent = Counter(
            (mail.headers["X-Outreach-Customer"], mail.headers["X-Outreach-Message"])
            for mail in self.cloud.outbox
        )
        return [each for each, times in sent.items() if times > 1]


@contextmanager
def incident(
    page: str,
    *,
    project: Path = PROJECT,
    ses: SesAccount | None = None,
    ends_by_itself: bool = False,
) -> Iterator[Incident]:
    """A stack that has run for seven hours, so that the reconciler has reported once.

    At the end the alarms that went off are those that the page names, and all its commands were typed,
    or none if the incident ends by itself.
    """
    with LocalCloud(START, project=project, ses=ses) as cloud:
        cloud.advance(hours=7)
        happened = Incident(Shop(cloud), Page(f"incidents/{page}.md"), project, cloud.now)
        yield happened
        rang = set(happened.rang())
        printed = set() if ends_by_itself else set(commands_of(happened.page))
        assert rang == alarms_of(happened.page), f"rang: {sorted(rang)}"
        assert happened.typed == printed, f"not typed: {sorted(printed - happened.typed)}"
