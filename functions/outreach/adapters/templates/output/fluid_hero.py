"""The hero whose height follows its width, which the compiler here lays out without any height."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from outreach.adapters.templates.markup.tree import Element, Node, problem_at
from outreach.adapters.templates.output.defaults import Defaults

if TYPE_CHECKING:
    from collections.abc import Iterator

    from outreach.domain.sending.rendering import TemplateError

FLUID = "fluid-height"
_MARK = "<mj-raw><!--oqhero{}qo--></mj-raw>"
_MARKED = re.compile(r"<!--oqhero(\d+)qo-->")
_PIXELS = re.compile(r"\s*(\d+)(?:\.\d+)?(?:px)?\s*")
_ROW = re.compile(r'<tr style="vertical-align:\s?top;?">')
_HEIGHT = re.compile(r' height="-?[\d.]+"|(?<![\w-])height:\s?-?[\d.]+px;?')
_SIDE = '<td style="width:0.01%;padding-bottom:{}%;mso-padding-bottom-alt:0;"></td>'
_CONTENT_ENDS = "</td></tr></table><![endif]-->"
_CELL_ENDS = "</td>"


def is_fluid(hero: Element, defaults: Defaults) -> bool:
    """Whether the element is a hero whose height follows its width."""
    mode = defaults.attribute(hero, "mode") if hero.name == "mj-hero" else None
    return mode is not None and mode.source.strip() == FLUID


def height_in_percent(hero: Element, defaults: Defaults) -> int | None:
    """The height as a share of the width, rounded as MJML does; None without a picture's size in px."""
    width, height = (_pixels(hero, defaults, f"background-{name}") for name in ("width", "height"))
    return round(100 * height / width) if width and height is not None else None


def fluid_mark(element: Element, defaults: Defaults) -> str:
    """What stands at both ends of a fluid hero's content, for `with_heights`; empty for other elements."""
    percent = height_in_percent(element, defaults) if is_fluid(element, defaults) else None
    return "" if percent is None else _MARK.format(percent)


def fluid_hero_problems(nodes: tuple[Node, ...], defaults: Defaults | None = None) -> Iterator[TemplateError]:
    """Fluid heroes without the size that their height follows from; a published one is still sent."""
    known = Defaults(nodes) if defaults is None else defaults
    for node in nodes:
        if not isinstance(node, Element) or node.name == "mj-head":
            continue
        if is_fluid(node, known) and height_in_percent(node, known) is None:
            right = 'background-width="600px" and background-height="300px", the size of the picture'
            yield problem_at(node.place, f'mode="fluid-height" has no height here; write {right}')
        yield from fluid_hero_problems(node.children, known)


def with_heights(html: str) -> str:
    """The page with the cells that give each marked hero its height, as MJML 4.18 writes them."""
    while begin := _MARKED.search(html):
        *_, row = _ROW.finditer(html, 0, begin.start())
        end = _MARKED.search(html, begin.end()) or begin
        cell_ends = html.index(_CONTENT_ENDS, end.end()) + len(_CONTENT_ENDS)
        cell = html.index(">", row.end()) + 1
        side = _SIDE.format(begin[1])
        html = "".join(
            (
                html[: row.end()],
                side,
                _HEIGHT.sub("", html[row.end() : cell]),
                _MARKED.sub("", html[cell:cell_ends]),
                _CELL_ENDS,
                side,
                html[cell_ends + len(_CELL_ENDS) :],
            )
        )
    return html


def _pixels(hero: Element, defaults: Defaults, name: str) -> int | None:
    attribute = defaults.attribute(hero, name)
    match = _PIXELS.fullmatch(attribute.source) if attribute else None
    return int(match[1]) if match else None
