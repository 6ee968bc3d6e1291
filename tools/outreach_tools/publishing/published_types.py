"""A published type never changes: enrollments that began before would read what came by another type."""

from collections.abc import Iterator

from outreach.adapters.bundles.bundle import BrokenBundleError, Bundle
from outreach.adapters.bundles.bundle_store import NotStoredError
from outreach.adapters.campaign_files.facts.facts_file import FACTS_FILE, load_facts, without_facts
from outreach.adapters.campaign_files.yaml_lines import read_yaml
from outreach.domain.errors import InvalidCampaignError, Problem, ProblemsError
from outreach.domain.journeys.declared_facts import DeclaredFacts, FactPath, FactType
from outreach_tools.publishing.published_versions import PublishedVersions


class ChangedTypesError(ProblemsError):
    """A draft declares facts as something else than what was published."""


def require_published_types(published_versions: PublishedVersions, draft: Bundle) -> None:
    """Raises ChangedTypesError, which names each fact and its line in `facts.yaml`.

    Every version of the draft's campaign counts, and what holds now of every other campaign.
    """
    text = draft.files.get(FACTS_FILE, b"").decode("utf-8-sig")
    types = load_facts(text).types()
    if not types:
        return
    published = dict(_published_types(published_versions, draft.campaign))
    document = read_yaml(text)
    problems = []
    for path, kind in types.items():
        before = published.get(path, kind)
        if before is not kind:
            line, column = document.place_of(path)
            what = f"{_shown(path)} was published as {before}, and a published type never changes"
            problems.append(Problem(f"{FACTS_FILE}:{line}:{column}", f"{what}; give the new fact a new name"))
    if problems:
        raise ChangedTypesError(tuple(problems))


def _published_types(
    published_versions: PublishedVersions, campaign: str
) -> Iterator[tuple[FactPath, FactType]]:
    publications = published_versions.publications
    entries = [*publications.pointers().values(), *publications.history(campaign)]
    versions = dict.fromkeys((entry.campaign, entry.steps) for entry in entries if entry.steps)
    for name, version in versions:
        yield from _declared(published_versions, name, version).types().items()


def _declared(published_versions: PublishedVersions, campaign: str, version: str) -> DeclaredFacts:
    """Nothing for a version that is not stored, or that a newer release wrote."""
    try:
        _, text = without_facts(published_versions.store.steps(campaign, version))
        return DeclaredFacts() if text is None else load_facts(text)
    except (NotStoredError, BrokenBundleError, InvalidCampaignError):
        return DeclaredFacts()


def _shown(path: FactPath) -> str:
    """As people read it: `checkout.started: items[].price`."""
    *group, name = path if path[0] == "customer" else (f"{path[1]}: ", *path[2:])
    whole = ".".join((*group, name)).replace(": .", ": ")
    return whole.replace(f".{FactType.LIST_OF}", "[]")
