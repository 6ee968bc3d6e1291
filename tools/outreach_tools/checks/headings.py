"""Headings that are empty for every person in `sample.yaml`."""

from collections.abc import Iterator, Mapping

from outreach.adapters.templates.markup.tree import Element, Node, Output, Text
from outreach.adapters.templates.message import CompiledMessage, Message
from outreach.adapters.templates.output.text_part import text_template
from outreach.adapters.templates.sandbox.compiled import CompiledTemplate
from outreach.adapters.templates.sandbox.environment import sandbox
from outreach.adapters.templates.sandbox.limits import start_meter
from outreach.domain.sending.rendering import TemplateError
from outreach_tools.checks.finding import Finding, warning_at
from outreach_tools.checks.rendered import Samples

HEADINGS = frozenset({"h1", "h2", "h3", "h4"})


def heading_findings(message: Message, compiled: CompiledMessage, samples: Samples) -> Iterator[Finding]:
    """For a message that compiles. A heading that needs names from around it is not looked at."""
    for heading in _headings(message.tree):
        if samples and not any(
            _shows_something(heading, message, compiled, facts) for facts in samples.values()
        ):
            what = (
                f"<{heading.name}> is empty for every person in sample.yaml; "
                "write what it says without the fact"
            )
            yield warning_at(heading.place, "heading", what)


def _headings(nodes: tuple[Node, ...]) -> Iterator[Element]:
    for node in nodes:
        if not isinstance(node, Element) or node.name in {"o-text", "mj-head"}:
            continue
        if node.name in HEADINGS and _holds(node, Output) and not _holds(node, Text):
            yield node
        yield from _headings(node.children)


def _holds(element: Element, kind: type[Output | Text]) -> bool:
    """Whether there is a fact, or a text for every customer, anywhere inside."""
    return any(
        (isinstance(node, kind) and bool(node.source.strip()))
        or (isinstance(node, Element) and _holds(node, kind))
        for node in element.children
    )


def _shows_something(
    heading: Element, message: Message, compiled: CompiledMessage, facts: Mapping[str, object]
) -> bool:
    words = Element("mj-text", heading.place, {}, (heading,))
    environment = sandbox(message.file.language, html=False)
    try:
        template = CompiledTemplate(
            text_template((words,), message.file.path), environment, message.file.constants.vocabulary
        )
        start_meter()
        return bool(template.render({**compiled.same, **facts}).strip())
    except TemplateError:
        return True  # reported where the whole message is rendered
