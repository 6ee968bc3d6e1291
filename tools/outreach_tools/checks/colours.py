"""Whether the text of a message can be read on the background it inherits."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from outreach.adapters.templates.markup.components import HTML_INSIDE
from outreach.adapters.templates.markup.tree import Element, Node, OutlookComment, Output, Place, Text
from outreach_tools.checks.contrast import AA, AA_LARGE, Colour, colour_of, contrast
from outreach_tools.checks.finding import Finding, error_at, warning_at
from outreach_tools.checks.mjml_defaults import Defaults, defaults_of

_DECLARATION = re.compile(r"([a-z-]+)\s*:\s*([^;]+)", re.IGNORECASE)
_PIXELS = re.compile(r"(\d+(?:\.\d+)?)px")
_BLACK, _WHITE = Colour(0, 0, 0), Colour(255, 255, 255)
_HEADINGS = {"h1": 32.0, "h2": 24.0, "h3": 18.7, "h4": 16.0}
_LARGE, _LARGE_BOLD = 24.0, 18.66


@dataclass(frozen=True, slots=True)
class _Look:
    """The look of text at one place of a message."""

    colour: Colour
    ground: Colour | None
    """None over a picture: unknown."""
    place: Place
    """Where the colour comes from, or the element that the text is in."""
    size: float = 13.0
    bold: bool = False
    own_ground: bool = False
    """Whether the background is the text's own, and stays with it in dark mode."""
    own_colour: bool = False
    """Whether the colour was written on an element itself, where no dark-mode style reaches it."""
    styled: bool = False
    """Whether a style sheet knows the component by its class, and with it the links inside."""

    @property
    def wanted(self) -> float:
        large = self.size >= _LARGE or (self.bold and self.size >= _LARGE_BOLD)
        return AA_LARGE if large else AA


def colour_findings(tree: tuple[Node, ...], paper_in_the_dark: Colour | None) -> Iterator[Finding]:
    """Every text that is hard to read; `paper_in_the_dark` is the layout's background in dark mode."""
    defaults = defaults_of(tree)
    for node in tree:
        if isinstance(node, Element):
            yield from _inside(node, _Look(_BLACK, _WHITE, node.place), defaults, paper_in_the_dark)


def _inside(element: Element, look: _Look, defaults: Defaults, paper: Colour | None) -> Iterator[Finding]:
    if element.name in {"mj-head", "o-text"} or _is_hidden(element):
        return
    is_component = element.name.startswith("mj")
    look = _component(element, look, defaults) if is_component else _html(element, look)
    said = False
    for child in element.children:
        if isinstance(child, Element):
            yield from _inside(child, look, defaults, paper)
        elif not said and _says_something(child) and (not is_component or element.name in HTML_INSIDE):
            said = True
            yield from _finding(look, paper)


def _finding(look: _Look, paper: Colour | None) -> Iterator[Finding]:
    if look.ground is not None and (found := contrast(look.colour, look.ground)) < look.wanted:
        what = f"{look.colour} on {look.ground} has a contrast of {found:.1f} to 1; {look.wanted} is needed"
        yield error_at(look.place, "colour-contrast", what)
    elif look.own_colour and not look.own_ground and paper:
        found = contrast(look.colour, paper)
        if found < look.wanted:
            right = "leave the colour to the layout, or give the element a background of its own"
            what = f"{look.colour} has a contrast of {found:.1f} to 1 on the paper in dark mode; {right}"
            yield warning_at(look.place, "colour-in-the-dark", what)


def _component(element: Element, look: _Look, defaults: Defaults) -> _Look:
    values = defaults.values(element)
    look = replace(look, styled=look.styled or "css-class" in values)
    if "background-url" in values:
        look = replace(look, ground=None)
    for name in ("background-color", "inner-background-color", "container-background-color"):
        if name in values and (ground := colour_of(values[name])):
            look = replace(look, ground=ground, own_ground=element.name == "mj-button")
    if element.name not in HTML_INSIDE:
        return look
    colour = colour_of(values.get("color", "")) or look.colour
    written = element.attributes.get("color")
    place = written.place if written else element.place
    size, weight = _pixels(values.get("font-size", "")), values.get("font-weight", "")
    return replace(look, colour=colour, place=place, size=size or look.size, bold=_is_bold(weight))


def _html(element: Element, look: _Look) -> _Look:
    style = _style(element)
    font = style.get("font", "")
    size = _pixels(style.get("font-size", "") or font) or _HEADINGS.get(element.name, look.size)
    weight = style.get("font-weight", "") or font.split(" ", 1)[0]
    bold = look.bold or element.name in {"strong", "b", "th", *_HEADINGS} or _is_bold(weight)
    look = replace(look, size=size, bold=bold)
    bgcolor = element.attributes["bgcolor"].source if "bgcolor" in element.attributes else ""
    written = style.get("background-color") or style.get("background") or bgcolor
    if written:
        has_class = "class" in element.attributes
        look = replace(look, ground=colour_of(written.split(" ", 1)[0]), own_ground=not has_class)
    if colour := colour_of(style.get("color", "")):
        own = "class" not in element.attributes and not (look.styled and element.name == "a")
        place = element.attributes["style"].place
        look = replace(look, colour=colour, place=place, own_colour=own)
    return look


def _is_hidden(element: Element) -> bool:
    """Whether nothing of it is seen, as of the line that mail programs show behind the subject."""
    style = _style(element)
    return (
        style.get("display", "").startswith("none")
        or style.get("visibility", "").startswith("hidden")
        or style.get("mso-hide", "") == "all"
        or style.get("opacity", "") == "0"
    )


def _style(element: Element) -> Mapping[str, str]:
    style = element.attributes.get("style")
    return (
        {name.lower(): value.strip() for name, value in _DECLARATION.findall(style.source)} if style else {}
    )


def _pixels(text: str) -> float:
    match = _PIXELS.search(text)
    return float(match[1]) if match else 0.0


def _is_bold(weight: str) -> bool:
    return weight in {"bold", "bolder"} or (weight.isdigit() and int(weight) >= 700)  # noqa: PLR2004 - what CSS calls bold


def _says_something(node: Node) -> bool:
    match node:
        case OutlookComment():
            return False
        case Text(source=source):
            return bool(re.sub(r"&#?\w+;", "", source).strip())
        case Output():
            return True
    return False
