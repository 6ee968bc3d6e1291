"""Facts of one message that some customers lack, and that are used as if every customer had them."""

from collections.abc import Iterator

from outreach.adapters.templates.message import Message
from outreach.adapters.templates.sandbox.program import parsed_to_read
from outreach_tools.checks.fact_types import FactTypes
from outreach_tools.checks.finding import Finding, error_at
from outreach_tools.checks.unknown_facts import UnknownFacts


def unknown_facts(message: Message, campaign_key: str, types: FactTypes) -> Iterator[Finding]:
    """In subject, preheader, HTML and text; the message has no other problems."""
    for (source, environment), quote in zip(message.word_sources, _quotes(message), strict=True):
        reader = UnknownFacts(campaign_key, types)
        for stretch in source.stretches:
            for unknown in reader.of(parsed_to_read(stretch.source, environment)):
                yield error_at(stretch.place(unknown.line), "optional-fact", unknown.what.replace('"', quote))


def _quotes(message: Message) -> tuple[str, str, str, str]:
    """Which quotes the remedy may hold, so that it can be pasted: those of the head are in use."""
    return message.head.quotes["subject"], message.head.quotes["preheader"], '"', '"'
