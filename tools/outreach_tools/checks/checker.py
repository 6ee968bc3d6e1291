"""Checks a whole templates folder, and the second time only what has changed since the first."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from outreach.adapters.campaign_files.facts.facts_file import FACTS_FILE
from outreach.adapters.templates import TemplateBundle
from outreach.adapters.templates.constants import BRAND
from outreach.adapters.templates.contained import LEADS_OUTSIDE
from outreach.adapters.templates.markup.part_templates import FOLDER
from outreach.adapters.templates.samples import FILE as SAMPLE_FILE
from outreach.domain.journeys.campaign import Campaign, Key
from outreach.domain.sending.rendering import TemplateError
from outreach_tools.checks.brand_colours import brand_colour_findings
from outreach_tools.checks.campaign_check import (
    CAMPAIGN_FILE,
    CheckedCampaign,
    check_campaign_file,
    step_findings,
)
from outreach_tools.checks.declared_check import declared_campaign_findings, facts_file_findings
from outreach_tools.checks.fact_types import FactTypes
from outreach_tools.checks.file_names import file_name_findings
from outreach_tools.checks.finding import Finding, Severity, finding_of
from outreach_tools.checks.folder import FolderContent
from outreach_tools.checks.message_check import message_findings
from outreach_tools.checks.rendered import Samples
from outreach_tools.checks.sample_check import sample_findings
from outreach_tools.checks.sender_name import sender_name_findings
from outreach_tools.checks.shared_findings import SharedFindings
from outreach_tools.checks.translations import translation_findings

type Files = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Report:
    """The findings, sorted by place, and what was read to find them."""

    findings: tuple[Finding, ...]
    campaigns: Mapping[str, Campaign | None]
    """Each campaign; None where its file is too wrong to be one."""
    messages: int
    looked_at: tuple[str, ...]
    """Files of messages that were read now; the others were known from before."""
    met_by: Mapping[Finding, frozenset[str]] = field(default_factory=dict)
    """Of findings in a shared part that only some messages have: the campaigns of these."""

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that keep a message from being published."""
        return tuple(finding for finding in self.findings if finding.severity is Severity.ERROR)

    def of(self, campaign: str) -> tuple[Finding, ...]:
        """The errors of one campaign, and those that its messages have in shared parts."""
        return tuple(
            each
            for each in self.errors
            if each.file.partition("/")[0] in {campaign, FOLDER, BRAND, FACTS_FILE}
            and campaign in self.met_by.get(each, {campaign})
        )


@dataclass(slots=True)
class Checker:
    """Remembers its findings in each file, until something that the file depends on changes."""

    _known: dict[str, tuple[bytes, tuple[Finding, ...]]] = field(default_factory=dict)

    def check(self, files: Files) -> Report:
        """Everything that is wrong with these files; nothing is raised."""
        bundle = TemplateBundle(files)
        shared = _digest(files, lambda path: path in {BRAND, FACTS_FILE} or path.startswith(f"{FOLDER}/"))
        found: list[Finding] = [*_brand(files), *facts_file_findings(files)]
        shared_findings = SharedFindings()
        looked_at: list[str] = []
        campaigns: dict[str, Campaign | None] = {}
        messages = 0
        for name in _campaign_names(files):
            checked = check_campaign_file(f"{name}/{CAMPAIGN_FILE}", files[f"{name}/{CAMPAIGN_FILE}"], bundle)
            campaigns[name] = checked.campaign
            types = FactTypes(bundle.facts, checked.campaign.trigger if checked.campaign else "")
            found += checked.findings
            if checked.campaign is not None:
                found += declared_campaign_findings(checked.file, checked.text, types)
            found += _parts_of(files, bundle, checked, name)
            try:
                paths, samples = bundle.message_files(name), _samples(files, bundle, name, found)
            except TemplateError as problem:
                if not any(each.file == problem.file for each in checked.findings):
                    found.append(finding_of(problem, "unreadable"))
                continue
            messages += len(bundle.message_names(name))
            for path in paths:
                key = _key(files, name, path, shared)
                if self._known.get(path, (b"",))[0] != key:
                    looked_at.append(path)
                    campaign_key = checked.campaign.key if checked.campaign else Key.CUSTOMER
                    findings = message_findings(bundle, name, path, samples, campaign_key, types)
                    self._known[path] = (key, tuple(findings))
                found += shared_findings.without_shared(path, self._known[path][1])
        links = tuple(_outside(files))
        unread = {each.file for each in links}
        met_by = shared_findings.told()
        told = {*links, *(each for each in (*found, *met_by) if each.file not in unread)}
        return Report(tuple(sorted(told)), campaigns, messages, tuple(looked_at), met_by)


def _campaign_names(files: Files) -> list[str]:
    suffix = f"/{CAMPAIGN_FILE}"
    names = (path.removesuffix(suffix) for path in files if path.endswith(suffix))
    return sorted(name for name in names if "/" not in name and not name.startswith(("_", ".")))


def _parts_of(files: Files, bundle: TemplateBundle, checked: CheckedCampaign, name: str) -> Iterator[Finding]:
    """Findings that need several files of a campaign."""
    prefix, parts = f"{name}/", f"{FOLDER}/"
    paths = [path for path in files if path.startswith(prefix) and path.endswith(".mjml")]
    yield from file_name_findings(paths)
    yield from translation_findings(
        name, paths, [p for p in files if p.startswith(parts) and p.endswith(".mjml")]
    )
    try:
        yield from step_findings(checked, bundle.message_names(name))
    except TemplateError:
        return  # reported where the messages are read


def _samples(files: Files, bundle: TemplateBundle, name: str, found: list[Finding]) -> Samples:
    try:
        samples = bundle.samples(name)
    except TemplateError as problem:
        found.append(finding_of(problem, "sample"))
        return {}
    found += sample_findings(name, files[f"{name}/{SAMPLE_FILE}"].decode("utf-8-sig"), bundle.facts)
    if not samples:
        found.append(
            Finding(f"{name}/{SAMPLE_FILE}", 0, 0, "sample", "there are no people: write one at least")
        )
    return samples


def _outside(files: Files) -> Iterator[Finding]:
    """Links that were not followed, if the files come from a folder: they are refused, not missing."""
    if isinstance(files, FolderContent):
        for path in files.outside:
            yield Finding(path, 0, 0, "outside", LEADS_OUTSIDE)


def _brand(files: Files) -> Iterator[Finding]:
    try:
        TemplateBundle({**files, "_/campaign.yaml": b"{}"}).constants("_")
    except TemplateError as problem:
        yield finding_of(problem, "unreadable")
    else:
        text = files[BRAND].decode("utf-8-sig")
        yield from brand_colour_findings(text)
        yield from sender_name_findings(text)


def _key(files: Files, campaign: str, path: str, shared: bytes) -> bytes:
    own = {
        path,
        f"{path.removesuffix('.mjml')}.txt",
        f"{campaign}/{CAMPAIGN_FILE}",
        f"{campaign}/{SAMPLE_FILE}",
    }
    return shared + _digest(files, own.__contains__)


def _digest(files: Files, belongs: Callable[[str], bool]) -> bytes:
    digest = sha256()
    for path in sorted(filter(belongs, files)):
        digest.update(f"{path}\0{len(files[path])}\0".encode())
        digest.update(files[path])
    return digest.digest()
