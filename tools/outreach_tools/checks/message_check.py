"""Everything about one message in one language."""

from collections.abc import Iterator, Mapping
from contextlib import suppress

from outreach.adapters.templates import TemplateBundle
from outreach.adapters.templates.markup.tokens import FROM_WORD
from outreach.adapters.templates.message import Message
from outreach.adapters.templates.sandbox.guard import GAP_PROBLEM
from outreach.adapters.templates.sandbox.program import RefusedError
from outreach.domain.sending.rendering import RenderedEmail, TemplateError
from outreach_tools.checks.branches import branch_findings
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

_MISPLACED = "cannot stand in"
"""Where a tag was wrong, what stands inside what is a guess."""


def message_findings(
    bundle: TemplateBundle, campaign: str, path: str, samples: Samples, campaign_key: str, types: FactTypes
) -> Iterator[Finding]:
    """Everything that is wrong with the message in this file, as far as it can be read."""
    try:
        message = bundle.read_message(campaign, path, lenient=True)
    except TemplateError as problem:
        yield finding_of(problem, "unreadable")
        return
    unreadable = [finding_of(problem, "unreadable") for problem in message.unreadable]
    markup = [finding_of(problem, "markup") for problem in message.markup_problems()]
    if not message.is_well_formed:
        markup = [each for each in markup if _MISPLACED not in each.what]
    words: list[Finding] = []
    try:
        words += (_word_finding(problem) for problem in message.word_problems())
    except TemplateError as problem:
        unreadable.append(finding_of(problem, "unreadable"))
    foreign = list(foreign_tag_findings(message))
    yield from foreign
    named = {_place(each) for each in foreign}
    pasted = [each for each in unreadable if each.what == FROM_WORD]
    unreadable = [each for each in unreadable if each not in pasted[1:]]
    wrong = [*unreadable, *(each for each in (*markup, *words) if _place(each) not in named)]
    yield from wrong
    broken = {_place(each) for each in unreadable}
    links = (*link_host_findings(message.tree), *link_and_image_findings(message.tree))
    yield from (each for each in links if _place(each) not in broken)
    yield from colour_findings(message.tree, _paper_in_the_dark(message))
    told = named | {_place(each) for each in wrong}
    unknown = [each for each in _facts_of(message, campaign_key, types) if _place(each) not in told]
    yield from unknown
    if not wrong and not foreign:
        told |= {_place(each) for each in unknown}
        yield from (each for each in _rendered(message, samples) if _place(each) not in told)


def _place(finding: Finding) -> tuple[str, int, int]:
    return finding.file, finding.line, finding.column


def _facts_of(message: Message, campaign_key: str, types: FactTypes) -> list[Finding]:
    """Undeclared facts and facts that may be missing, as far as the Jinja can be read."""
    declared: list[Finding] = []
    unknown: list[Finding] = []
    with suppress(RefusedError, RecursionError):  # reported by the problems of the words
        declared += declared_message_findings(message, types)
        unknown += unknown_facts(message, campaign_key, types)
    undeclared = {_place(each) for each in declared}
    return [*declared, *(each for each in unknown if _place(each) not in undeclared)]


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
    yield from branch_findings(message, compiled, samples)


def _paper_in_the_dark(message: Message) -> Colour | None:
    dark = message.file.constants.brand.get("dark")
    return colour_of(str(dark.get("card", ""))) if isinstance(dark, Mapping) else None
