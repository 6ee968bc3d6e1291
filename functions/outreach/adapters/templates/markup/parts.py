"""Fills in the shared parts of `_layout/`: `<o-button href="...">Label</o-button>` becomes `button.mjml`.

A part is filled in when a message is loaded: `[[ name ]]` is the attribute of that name, `[[ content ]]` what
stands between its tags, `[[ brand.name ]]` the brand. `{{ }}` and `{% %}` pass through, to be filled in when
a message is sent; so a part works inside a loop, too.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from jinja2 import UndefinedError
from jinja2.exceptions import SecurityError
from markupsafe import Markup

from outreach.adapters.templates.markup.parse import parse
from outreach.adapters.templates.markup.part_templates import PartTemplate, PartTemplates
from outreach.adapters.templates.markup.rules import ASIDES, FACTS_IN
from outreach.adapters.templates.markup.tokens import SLOT
from outreach.adapters.templates.markup.tree import Attribute, Element, Node, problem_at
from outreach.adapters.templates.sandbox.facts import suggestion
from outreach.adapters.templates.sandbox.limits import FactProblem

PREFIX = "o-"
DEEPEST = 8
MARK = Markup(SLOT)  # noqa: S704 - a constant
_PLAIN = re.compile(r"[^{}<>\"'\[\]]*")


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of one bundle, in one language."""

    templates: PartTemplates
    language: str
    facts: Mapping[str, object]
    """What every part may use: `brand`, `language`, `marketing`."""

    def expand(self, nodes: tuple[Node, ...], depth: int = 0) -> tuple[Node, ...]:
        """The same nodes with every part filled in. Raises TemplateError where a part is used wrongly."""
        expanded: list[Node] = []
        for node in nodes:
            if not isinstance(node, Element):
                expanded.append(node)
            elif node.name.startswith(PREFIX) and node.name not in ASIDES:
                expanded += self._fill(node, depth + 1)
            else:
                expanded.append(replace(node, children=self.expand(node.children, depth)))
        return tuple(expanded)

    def _fill(self, use: Element, depth: int) -> tuple[Node, ...]:
        part = self._part(use)
        if depth > DEEPEST:
            raise problem_at(use.place, f"parts use each other in a circle: see {part.path}")
        slots: dict[str, tuple[Node, ...]] = {"content": self.expand(use.children, depth)}
        given = {
            name.replace("-", "_"): _value(name.replace("-", "_"), attribute, slots)
            for name, attribute in use.attributes.items()
        }
        content = MARK.format("content") if use.children else ""
        try:
            source = part.template.render(self.facts, content=content, **given)
        except (UndefinedError, SecurityError, FactProblem) as error:
            problem = f"<{use.name}> lacks an attribute, or its part is wrong: {error}"
            raise problem_at(use.place, problem) from None
        return self.expand(parse(source, part.path, slots=slots), depth)

    def _part(self, use: Element) -> PartTemplate:
        name = use.name.removeprefix(PREFIX)
        try:
            part = self.templates.find(name, self.language)
        except KeyError:
            hint = suggestion(name, self.templates.names)
            raise problem_at(use.place, f"there is no part <{use.name}>; {hint}") from None
        for attribute in use.attributes.values():
            if attribute.name.replace("-", "_") not in part.attributes:
                hint = suggestion(attribute.name, part.attributes)
                problem = f"<{use.name}> has no attribute {attribute.name!r}; {hint}"
                raise problem_at(attribute.place, problem)
        return part


def _value(key: str, attribute: Attribute, slots: dict[str, tuple[Node, ...]]) -> Markup:
    """What a part sees of an attribute: its source where that is plain, else a mark for its nodes."""
    if attribute.name not in FACTS_IN and _PLAIN.fullmatch(attribute.source):
        return Markup(attribute.source)  # noqa: S704 - markup is what the author of a message writes
    slots[key] = tuple(attribute.value)
    return MARK.format(key)
