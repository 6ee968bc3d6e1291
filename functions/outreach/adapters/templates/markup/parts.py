"""Fills in the shared parts of `_layout/`: `<o-button href="...">Label</o-button>` becomes `button.mjml`.

A part is filled in when a message is loaded: `[[ name ]]` is the attribute of that name, `[[ content ]]` what
stands between its tags, `[[ brand.name ]]` the brand. `{{ }}` and `{% %}` stay, to be filled in when a
message is sent; so a part works inside a loop, too.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markupsafe import Markup

from outreach.adapters.templates.direction import direction_of
from outreach.adapters.templates.markup.parse import parse
from outreach.adapters.templates.markup.remedies import instead_of, nearest
from outreach.adapters.templates.markup.rules import ASIDES, FACTS_IN
from outreach.adapters.templates.markup.slots import Form, count_nodes, form_of
from outreach.adapters.templates.markup.tokens import SLOT, Source
from outreach.adapters.templates.markup.tree import Attribute, Element, Node, problem_at
from outreach.adapters.templates.sandbox.facts import suggestion
from outreach.domain.sending.rendering import RenderError, TemplateError

if TYPE_CHECKING:
    from outreach.adapters.templates.constants import Constants
    from outreach.adapters.templates.markup.part_templates import PartTemplate, PartTemplates

PREFIX = "o-"
DEEPEST = 8
_PLAIN = re.compile(r"[^{}<>\"'\[\]]*")

type Words = tuple[tuple[str, str | None], ...]
"""The attributes a part is used with: their text, or None for those that stay open."""


class Parts:
    """The parts of one campaign in one language; a part that is used twice in the same way is read once."""

    def __init__(self, templates: PartTemplates, language: str, constants: Constants) -> None:
        self._templates = templates
        self._language = language
        self._constants = constants
        self._facts = {
            "brand": constants.brand,
            "language": language,
            "direction": direction_of(language),
            "marketing": constants.marketing,
        }
        self._wrong: list[TemplateError] | None = None
        self._forms: dict[tuple[str, bool, Words], Form] = {}

    def expand(
        self, nodes: tuple[Node, ...], *, wrong: list[TemplateError] | None = None
    ) -> tuple[Node, ...]:
        """The same nodes with every part filled in. Raises TemplateError where a part is used wrongly.

        With a list `wrong`, these problems are collected instead, and what the part was given stands in its
        place, so that the rest can be checked too.
        """
        self._wrong = wrong
        try:
            expanded = self._expand(nodes, 0)
        finally:
            self._wrong = None
        count_nodes(expanded)
        return expanded

    def _expand(self, nodes: tuple[Node, ...], depth: int) -> tuple[Node, ...]:
        expanded: list[Node] = []
        for node in nodes:
            if not isinstance(node, Element):
                expanded.append(node)
            elif node.name.startswith(PREFIX) and node.name not in ASIDES:
                expanded += self._filled(node, depth)
            elif node.children:
                children = self._expand(node.children, depth)
                expanded.append(Element(node.name, node.place, node.attributes, children))
            else:
                expanded.append(node)
        return tuple(expanded)

    def _filled(self, use: Element, depth: int) -> tuple[Node, ...]:
        try:
            return self._fill(use, depth)
        except TemplateError as problem:
            if self._wrong is None or depth:  # what a part is made of is kept for the next message
                raise
            self._wrong.append(problem)
            meant = self._meant(use, (problem.line, problem.column))
            return self._filled(meant, depth) if meant else self._without_part(use)

    def _meant(self, use: Element, wrong: tuple[int, int]) -> Element | None:
        """The use without its wrong attribute, or of the part that it nearly names."""
        names = [f"{PREFIX}{each}" for each in self._templates.names]
        right = {n: a for n, a in use.attributes.items() if (a.place.line, a.place.column) != wrong}
        if len(right) < len(use.attributes):
            return Element(use.name, use.place, right, use.children)
        near = nearest(use.name, names) if use.name not in names else None
        return Element(near, use.place, use.attributes, use.children) if near else None

    def _without_part(self, use: Element) -> tuple[Node, ...]:
        """What stands inside of a part that cannot be used, where it does no harm."""
        children = self._expand(use.children, 0)
        if any(isinstance(each, Element) and each.name.startswith("mj-") for each in children):
            column = Element("mj-column", use.place, {}, children)
            return (Element("mj-section", use.place, {}, (column,)),)
        return (Element("o-text", use.place, {}, children),)

    def _fill(self, use: Element, depth: int) -> tuple[Node, ...]:
        part = self._part(use)
        content = self._expand(use.children, depth)
        given = {name.replace("-", "_"): each for name, each in use.attributes.items()}
        words: Words = tuple(sorted((name, _plain(each)) for name, each in given.items()))
        key = (part.path, bool(content), words)
        if key not in self._forms:
            self._forms[key] = self._form(use, part, words, depth + 1)
        slots = {name: tuple(each.value) for name, each in given.items()}
        return self._forms[key].filled({"content": content, **slots})

    def _form(self, use: Element, part: PartTemplate, words: Words, depth: int) -> Form:
        if depth > DEEPEST:
            raise problem_at(use.place, f"parts use each other in a circle: see {part.path}")
        shown = {name: Markup(SLOT.format(name) if text is None else text) for name, text in words}  # noqa: S704 - markup is what authors write
        content = Markup(SLOT.format("content")) if use.children else ""  # noqa: S704 - a constant
        try:
            source = part.fill({**self._facts, "content": content, **shown})
        except RenderError as error:
            lacking = sorted(part.attributes - {name for name, _ in words})
            right = " or ".join(f'{name}="..."' for name in lacking)
            if right:
                raise problem_at(use.place, f"<{use.name}> lacks {right}") from None
            raise problem_at(use.place, f"the part <{use.name}> is wrong: {error.problem}") from None
        read = parse(Source(source, part.path, self._constants.markup, is_part=True))
        return form_of(self._expand(read, depth))

    def _part(self, use: Element) -> PartTemplate:
        name = use.name.removeprefix(PREFIX)
        try:
            part = self._templates.find(name, self._language)
        except KeyError:
            hint = instead_of(use.name, (f"{PREFIX}{each}" for each in self._templates.names))
            raise problem_at(use.place, f"there is no part <{use.name}>; {hint}") from None
        for attribute in use.attributes.values():
            if attribute.name.replace("-", "_") not in part.attributes:
                hint = suggestion(attribute.name, part.attributes)
                problem = f"<{use.name}> has no attribute {attribute.name!r}; {hint}"
                raise problem_at(attribute.place, problem)
        return part


def _plain(attribute: Attribute) -> str | None:
    """What a part gets of an attribute: its source where that is plain, else only a placeholder for it."""
    plain = attribute.name not in FACTS_IN and attribute.is_literal and _PLAIN.fullmatch(attribute.source)
    return attribute.source if plain else None
