"""Everything about one message in one language."""

from collections.abc import Iterator, Mapping

from outreach.adapters.templates import TemplateBundle
from outreach.adapters.templates.message import Message
from outreach.adapters.templates.sandbox.guard import GAP_PROBLEM
from outreach.domain.sending.rendering import RenderedEmail, TemplateError
from outreach_tools.checks.colours import colour_findings
from outreach_tools.checks.contrast import Colour, colour_of
from outreach_tools.checks.declared_check import declared_message_findings
from outreach_tools.checks.fact_types import FactTypes
from outreach_tools.checks.facts_check import unknown_facts
from outreach_tools.checks.finding import Finding, finding_of
from outreach_tools.checks.foreign_tags import foreign_tag_findings
from outreach_tools.checks.headings import heading_findings
from outreach_tools.checks.link_hosts import link_host_findings
from outreach_tools.checks.links import link_and_image_findings
from outreach_tools.checks.rendered import Samples, rendered_findings


def message_findings(
    bundle: TemplateBundle, campaign: str, path: str, samples: Samples, campaign_key: str, types: FactTypes
) -> Iterator[Finding]:
    """Everything that is wrong with the message in this file, as far as it can be read."""
    try:
        message = bundle.read_message(campaign, path)
        markup = [finding_of(problem, "markup") for problem in message.markup_problems()]
        words = [] if markup else [_word_finding(problem) for problem in message.word_problems()]
    except TemplateError as problem:
        yield finding_of(problem, "unreadable")
        return
    foreign = list(foreign_tag_findings(message))
    yield from foreign
    named = {(each.file, each.line, each.column) for each in foreign}
    yield from (each for each in markup if (each.file, each.line, each.column) not in named)
    yield from words
    yield from link_host_findings(message.tree)
    yield from link_and_image_findings(message.tree)
    yield from colour_findings(message.tree, _paper_in_the_dark(message))
    if not markup and not words:
        unknown = list(unknown_facts(message, campaign_key, types))
        declared = list(declared_message_findings(message, types))
        undeclared = {(each.file, each.line, each.column) for each in declared}
        yield from declared
        yield from (each for each in unknown if (each.file, each.line, each.column) not in undeclared)
        told = undeclared | {(each.file, each.line, each.column) for each in unknown}
        for found in _rendered(message, samples):
            if (found.file, found.line, found.column) not in told:
                yield found


def _word_finding(problem: TemplateError) -> Finding:
    is_gap = problem.problem.startswith(GAP_PROBLEM)
    return finding_of(problem, "import-gap" if is_gap else "words")


def _rendered(message: Message, samples: Samples) -> Iterator[Finding]:
    name = message.file.path.rsplit("/", 1)[-1].split(".", 1)[0]
    try:
        compiled = message.compile()
    except TemplateError as problem:
        yield finding_of(problem, "words")
        return

    def render(facts: Mapping[str, object]) -> RenderedEmail:
        return compiled.render({**facts, "message": {"name": name}})

    yield from rendered_findings(message, render, samples)
    yield from heading_findings(message, compiled, samples)


def _paper_in_the_dark(message: Message) -> Colour | None:
    dark = message.file.constants.brand.get("dark")
    return colour_of(str(dark.get("card", ""))) if isinstance(dark, Mapping) else None
