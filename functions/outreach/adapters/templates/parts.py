"""Fills in the shared parts of `_layout/`: `<o-button href="...">Label</o-button>` becomes the MJML in `button.mjml`.

A part is filled in when a message is loaded: `[[ name ]]` is the attribute of that name, `[[ content ]]` what
stands between its tags, `[[ brand.name ]]` the brand. `{{ }}` and `{% %}` pass through, to be filled in when
a message is sent; so a part works inside a loop, too.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from jinja2 import TemplateSyntaxError, UndefinedError, meta
from jinja2.exceptions import SecurityError
from markupsafe import Markup

from outreach.adapters.templates.facts import suggestion
from outreach.adapters.templates.guard import slips
from outreach.adapters.templates.limits import FactProblem
from outreach.adapters.templates.markup import Attribute, Element, Node, Place
from outreach.adapters.templates.mjml_rules import ANYWHERE
from outreach.adapters.templates.parse import SLOT, parse
from outreach.adapters.templates.sandbox import parts_sandbox
from outreach.adapters.templates.source_files import SourceFiles
from outreach.domain.rendering import TemplateError

PREFIX = "o-"
DEEPEST = 8
_PLAIN = re.compile(r"[^{}<>\"'\[\]]*")


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of one bundle, in one language."""

    files: SourceFiles
    language: str
    facts: Mapping[str, object]
    """What every part may use: `brand`, `language`, `marketing`."""

    def expand(self, nodes: tuple[Node, ...], depth: int = 0) -> tuple[Node, ...]:
        """The same nodes with every part filled in. Raises TemplateError where a part is used wrongly."""
        expanded: list[Node] = []
        for node in nodes:
            if not isinstance(node, Element):
                expanded.append(node)
            elif node.name.startswith(PREFIX) and node.name not in ANYWHERE:
                expanded += self.fill(node.name.removeprefix(PREFIX), node, depth + 1)
            else:
                expanded.append(replace(node, children=self.expand(node.children, depth)))
        return tuple(expanded)

    def fill(self, part: str, use: Element, depth: int = 0) -> tuple[Node, ...]:
        """One part, filled in with the attributes and the content of its use."""
        if depth > DEEPEST:
            raise _at(use.place, f"the parts use each other in a circle: see _layout/{part}.mjml")
        path = self._path(part, use)
        slots: dict[str, tuple[Node, ...]] = {"content": self.expand(use.children, depth)}
        given: dict[str, object] = {}
        for name, attribute in use.attributes.items():
            key = name.replace("-", "_")
            given[key] = self._value(key, attribute, slots)
        source = self._fill(path, given, use)
        return self.expand(parse(source, path, slots=slots), depth)

    def _path(self, part: str, use: Element) -> str:
        try:
            return self.files.in_language(f"_layout/{part}", "mjml", self.language)
        except KeyError:
            known = self.files.names("_layout", "mjml")
            hint = suggestion(part, known)
            raise _at(use.place, f"there is no part <{PREFIX}{part}>; {hint}") from None

    @staticmethod
    def _value(key: str, attribute: Attribute, slots: dict[str, tuple[Node, ...]]) -> Markup:
        """What a part sees of an attribute: its source where that is plain, else a mark for its nodes."""
        source = attribute.source
        if _PLAIN.fullmatch(source):
            return Markup(source)  # noqa: S704 - markup is what the author of a message writes
        slots[key] = tuple(attribute.value)
        return Markup(SLOT).format(key)  # noqa: S704 - a constant

    def _fill(self, path: str, given: Mapping[str, object], use: Element) -> str:
        environment = parts_sandbox()
        source = self.files.text(path)
        try:
            tree = environment.parse(source)
            names = meta.find_undeclared_variables(tree) - {*self.facts, "content"}
            for slip in slips(tree, environment, dict.fromkeys({*names, *self.facts, "content"})):
                raise TemplateError(slip.problem, file=path, line=slip.line, column=1)
            if unknown := sorted(given.keys() - names):
                place = next(a.place for n, a in use.attributes.items() if n.replace("-", "_") == unknown[0])
                raise _at(
                    place, f"<{use.name}> has no attribute {unknown[0]!r}; {suggestion(unknown[0], names)}"
                )
            return environment.from_string(source).render(
                self.facts, content=Markup(SLOT).format("content"), **given
            )
        except TemplateSyntaxError as error:
            raise TemplateError(error.message or "this is not Jinja", file=path, line=error.lineno) from None
        except (UndefinedError, SecurityError, FactProblem) as error:
            raise _at(use.place, f"<{use.name}> lacks an attribute, or its part is wrong: {error}") from None


def _at(place: Place, problem: str) -> TemplateError:
    return TemplateError(problem, file=place.file, line=place.line, column=place.column)
