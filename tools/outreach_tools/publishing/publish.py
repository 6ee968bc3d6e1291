"""Publish a draft, go back to an older bundle, and record what was deployed."""

from dataclasses import replace
from datetime import datetime

from outreach.adapters.bundles.bundle import Bundle
from outreach.adapters.bundles.publication import DEPLOYED, Publication
from outreach.adapters.templates import TemplateBundle
from outreach_tools.publishing.published_types import require_published_types
from outreach_tools.publishing.published_versions import NotPublishedError, PublishedVersions


def publish(
    published_versions: PublishedVersions, draft: Bundle, *, author: str, note: str, now: datetime
) -> Publication | None:
    """Store the bundle, make sure that it can be read back whole, then point to it in one step.

    None when it is current already. Raises BrokenBundleError when the bucket returns something else, and
    ConflictError when another process published meanwhile; nothing has changed for the senders then. Raises
    ChangedTypesError when the draft declares a published fact as something else.
    """
    history = published_versions.publications.history(draft.campaign)
    if history and history[0].bundle == draft.version:
        return None
    require_published_types(published_versions, draft)
    published_versions.store.put(draft)
    entry = _entry(draft, author=author, note=note, now=now, revision=_next_revision(history))
    published_versions.publications.move(entry)
    return entry


def roll_back(
    published_versions: PublishedVersions,
    campaign: str,
    to: str | None,
    *,
    author: str,
    note: str,
    now: datetime,
) -> Publication:
    """Point to an older bundle again: the previous one, or the named one.

    `deployed` names what was deployed with the stack, which also was current before the first publication.
    Raises NotPublishedError, BrokenBundleError or NotStoredError when there is nothing whole to go back to,
    and ConflictError.
    """
    history = published_versions.publications.history(campaign)
    published = [entry for entry in history if entry.revision > 0]
    if not published:
        raise NotPublishedError(f"{campaign} was never published: what was deployed with the stack holds")
    if to is None:
        older = next((entry for entry in published if entry.bundle != published[0].bundle), None)
    elif to == DEPLOYED:
        older = None
    else:
        older = published_versions.find(campaign, to)
    if older is None or older.is_deployed:
        target = replace(published[0], bundle=DEPLOYED, steps="", messages=())
    else:
        published_versions.bundle(older)
        target = older
    if target.bundle == published[0].bundle:
        raise NotPublishedError(f"{campaign} {target.bundle[:12]} holds already")
    moved = replace(target, author=author, note=note, at=now, revision=_next_revision(history))
    published_versions.publications.move(moved)
    return moved


def keep_deployed(
    published_versions: PublishedVersions, bundle: Bundle, *, author: str, now: datetime
) -> None:
    """Record what the stack is deployed with: its steps for pinned enrollments, its content to compare.

    It does not become what is published.
    """
    published_versions.store.put(bundle)
    entry = _entry(bundle, author=author, note="deployed with the stack", now=now, revision=0)
    published_versions.publications.keep_deployed(entry)


def _entry(bundle: Bundle, *, author: str, note: str, now: datetime, revision: int) -> Publication:
    return Publication(
        campaign=bundle.campaign,
        bundle=bundle.version,
        steps=bundle.steps_version,
        messages=TemplateBundle(bundle.files).message_names(bundle.campaign),
        author=author,
        note=note,
        at=now,
        revision=revision,
    )


def _next_revision(history: tuple[Publication, ...]) -> int:
    return 1 + max((entry.revision for entry in history), default=0)
