"""The rendered message for each person in `sample.yaml`, and whether it can be sent."""

from collections.abc import Callable, Iterator, Mapping
from statistics import median
from typing import Any

from outreach.adapters.templates.message import Message
from outreach.adapters.templates.sandbox.limits import MOST_WORK, work_done
from outreach.domain.sending.rendering import RenderedEmail, TemplateError
from outreach_tools.checks.finding import Finding, error_at, finding_of, warning_at

LONGEST_SUBJECT = 60
"""Characters of the subject that most mail programs show."""
LONGEST_SUBJECT_OF_ALL = 150
"""Characters of the subject that any mail program shows; past that, only the beginning."""
CLIPPED = 102_000
"""Bytes of HTML at which Gmail cuts a message off (102 KB)."""
NEARLY_CLIPPED = 90_000
MUCH_WORK = MOST_WORK // 20
"""Units of work for one e-mail; a customer with more facts than the samples needs room up to MOST_WORK."""

type Samples = Mapping[str, Mapping[str, Any]]
type Render = Callable[[Mapping[str, object]], RenderedEmail]


def rendered_findings(message: Message, render: Render, samples: Samples) -> Iterator[Finding]:
    """For a message that compiles; each kind of finding is reported once, with the first person."""
    emails: dict[str, RenderedEmail] = {}
    refused: set[str] = set()
    most_work = 0
    for person, facts in samples.items():
        try:
            emails[person] = render(facts)
        except TemplateError as problem:
            if str(problem) not in refused:
                refused.add(str(problem))
                found = finding_of(problem, "rendering")
                yield Finding(found.file, found.line, found.column, found.rule, f"for {person}: {found.what}")
        most_work = max(most_work, work_done())
    if most_work > MUCH_WORK:
        what = f"it takes {most_work:,} units of work to make; {MUCH_WORK:,} is the most for a sample"
        yield Finding(message.file.path, 1, 1, "slow", what)
    if emails:
        yield from _subject(message, emails)
        yield from _size(message, emails)
        yield from _way_out(message, emails, samples)


def _subject(message: Message, emails: Mapping[str, RenderedEmail]) -> Iterator[Finding]:
    place = message.head.places["subject"]
    lengths = {person: len(email.subject) for person, email in emails.items()}
    usual = median(lengths.values())
    longest = max(lengths, key=lengths.__getitem__)
    if usual > LONGEST_SUBJECT:
        what = f"the subject has {usual:.0f} characters for most people; {LONGEST_SUBJECT} is the most"
        yield warning_at(place, "subject", what)
    elif lengths[longest] > LONGEST_SUBJECT_OF_ALL:
        most = LONGEST_SUBJECT_OF_ALL
        what = f"for {longest}: the subject has {lengths[longest]} characters; {most} is the most"
        yield warning_at(place, "subject", what)
    head = message.head
    if head.subject.pieces == head.preheader.pieces:
        what = "the preheader says the same as the subject; say what the subject leaves open"
        yield warning_at(head.places["preheader"], "preheader", what)


def _size(message: Message, emails: Mapping[str, RenderedEmail]) -> Iterator[Finding]:
    person, size = max(
        ((person, len(email.html.encode())) for person, email in emails.items()), key=lambda each: each[1]
    )
    place = message.head.places["subject"]
    if size > CLIPPED:
        yield error_at(place, "size", f"for {person}: the HTML has {size:,} bytes; {CLIPPED:,} is the most")
    elif size > NEARLY_CLIPPED:
        what = f"for {person}: the HTML has {size:,} bytes, and {CLIPPED:,} is the most"
        yield warning_at(place, "size", what)


def _way_out(message: Message, emails: Mapping[str, RenderedEmail], samples: Samples) -> Iterator[Finding]:
    """Marketing mail must say in both parts how to unsubscribe, whatever the facts are."""
    if not message.file.constants.marketing:
        return
    for person, email in emails.items():
        link = _unsubscribe_link(samples[person])
        for name, part in (("HTML", email.html), ("text", email.text)):
            if link and link not in part and link.replace("&", "&amp;") not in part:
                what = f"for {person}: the {name} has no {{{{ links.unsubscribe }}}}"
                right = "leave the footer of the layout in, or write it where every customer gets it"
                yield Finding(message.file.path, 1, 1, "unsubscribe", f"{what}; {right}")
                return


def _unsubscribe_link(facts: Mapping[str, Any]) -> str:
    links = facts.get("links")
    return str(links.get("unsubscribe", "")) if isinstance(links, Mapping) else ""
