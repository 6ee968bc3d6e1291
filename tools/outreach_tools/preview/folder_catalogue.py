"""A templates folder as a catalogue: as it is on disk at the first call."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any
from uuid import uuid4

from outreach.adapters.campaign_files.campaign_file import load
from outreach.adapters.campaign_files.deployed_campaigns import CAMPAIGN_FILE
from outreach.adapters.templates import TemplateFolder
from outreach.adapters.templates.contained import is_contained
from outreach.domain.errors import ExpressionFailedError, InvalidCampaignError
from outreach.domain.journeys.campaign import Campaign, Condition, SendStep
from outreach.domain.sending.rendering import RenderedEmail, TemplateError
from outreach_tools.checks import Checker, Severity
from outreach_tools.checks.folder import read_files
from outreach_tools.preview.catalogue import CampaignCard, Finding, MessageCard, NotHereError, card_of
from outreach_tools.publishing.draft import campaign_names

_CHECKING = Lock()
"""A checker outlives catalogues, and has no lock of its own."""


class FolderCatalogue:
    """Implements Catalogue. Several threads may call it at once."""

    def __init__(self, folder: Path, checker: Checker) -> None:
        """`checker` may remember earlier findings."""
        self.state = uuid4().hex
        self._folder = folder
        self._checker = checker
        self._templates = TemplateFolder(folder)
        self._found: dict[str, tuple[Finding, ...]] = {}

    def campaigns(self) -> tuple[CampaignCard, ...]:
        """Every campaign, sorted by name."""
        return self._cards

    def email(self, campaign: str, message: str, person: str, language: str | None) -> RenderedEmail:
        """Rendered as senders do it. Raises TemplateError and NotHereError."""
        card_of(self, campaign).message(message)
        facts = self._samples(campaign).get(person)
        if facts is None:
            raise NotHereError(f"sample.yaml of {campaign} has no person named {person!r}")
        locale = language or _customer(facts).get("locale")
        known = {**facts, "message": {"name": message}}
        return self._templates.render(campaign, message, known, locale=locale)

    def reader(self, campaign: str, message: str) -> str:
        """The first person to whom a step would send it: a lesson about ovens goes to an owner."""
        card = card_of(self, campaign)
        steps = () if card.campaign is None else card.campaign.steps
        conditions = [
            each.condition for each in steps if isinstance(each, SendStep) and each.message == message
        ]
        samples = self._samples(campaign)
        for person in card.people:
            if any(self._holds(condition, samples[person]) for condition in conditions):
                return person
        return next(iter(card.people), "")

    def sender(self, campaign: str) -> str:
        """The brand's name."""
        return str(self._templates.constants(campaign).brand["name"])

    def findings(self, campaign: str) -> tuple[Finding, ...]:
        """The checker's findings, once for each state of the folder."""
        with _CHECKING:
            if campaign not in self._found:
                self._found[campaign] = tuple(self._check(campaign))
            return self._found[campaign]

    def _holds(self, condition: Condition, facts: Mapping[str, Any]) -> bool:
        try:
            wanted = condition.when is None or bool(self._templates.evaluate(condition.when, facts))
            unwanted = condition.unless is not None and bool(
                self._templates.evaluate(condition.unless, facts)
            )
        except (TemplateError, ExpressionFailedError):
            return False  # the findings say what is wrong with it
        return wanted and not unwanted

    @cached_property
    def _cards(self) -> tuple[CampaignCard, ...]:
        return tuple(self._card(name) for name in campaign_names(self._folder))

    def _card(self, name: str) -> CampaignCard:
        campaign = self._campaign(name)
        people = {person: _who(facts) for person, facts in self._samples(name).items()}
        title = name if campaign is None else campaign.title
        return CampaignCard(name, title, _as_sent(self._messages(name), campaign), people, campaign)

    def _campaign(self, name: str) -> Campaign | None:
        file = self._folder / name / CAMPAIGN_FILE
        if not is_contained(self._folder, file):
            return None
        try:
            return load(file.read_text(encoding="utf-8"), file=f"{name}/{CAMPAIGN_FILE}")
        except (InvalidCampaignError, UnicodeDecodeError, FileNotFoundError):
            return None  # the findings say what is wrong with it

    def _messages(self, campaign: str) -> tuple[MessageCard, ...]:
        try:
            own = str(self._templates.constants(campaign).brand["language"])
            files = self._templates.message_files(campaign)
        except TemplateError:
            return ()
        languages: dict[str, list[str]] = {}
        for file in files:
            name, *language = file.rsplit("/", 1)[-1].removesuffix(".mjml").split(".")
            languages.setdefault(name, []).extend(language[:1] or [own])
        return tuple(
            MessageCard(name, tuple(sorted(codes, key=lambda code: (code != own, code))))
            for name, codes in sorted(languages.items())
        )

    def _samples(self, campaign: str) -> Mapping[str, Mapping[str, Any]]:
        try:
            return self._templates.samples(campaign)
        except TemplateError:
            return {}

    def _check(self, campaign: str) -> Iterator[Finding]:
        found = self._checker.check(read_files(self._folder, {campaign})).findings
        for each in sorted(found, key=lambda finding: finding.severity):
            is_error = each.severity is Severity.ERROR
            yield Finding(each.where, each.what, each.why, is_error, self._line(each.where))

    def _line(self, where: str) -> str:
        path, _, place = where.partition(":")
        number = place.partition(":")[0]
        if not is_contained(self._folder, self._folder / path):
            return ""
        try:
            lines = (self._folder / path).read_text(encoding="utf-8").splitlines()
            return lines[int(number) - 1].strip()
        except (OSError, UnicodeDecodeError, ValueError, IndexError):
            return ""


def _as_sent(messages: tuple[MessageCard, ...], campaign: Campaign | None) -> tuple[MessageCard, ...]:
    """In the order of the steps; those that no step sends are last."""
    steps = () if campaign is None else campaign.steps
    sent = [step.message for step in steps if isinstance(step, SendStep)]
    places = {name: place for place, name in reversed(list(enumerate(sent)))}
    return tuple(sorted(messages, key=lambda each: (places.get(each.name, len(sent)), each.name)))


def _customer(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    customer = facts.get("customer")
    return customer if isinstance(customer, Mapping) else {}


def _who(facts: Mapping[str, Any]) -> str:
    """Such as `Ana Ruiz, es-ES`."""
    customer = _customer(facts)
    name = " ".join(str(customer[key]) for key in ("first_name", "last_name") if customer.get(key))
    return ", ".join(filter(None, (name, str(customer.get("locale") or ""))))
