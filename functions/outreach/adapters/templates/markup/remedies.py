"""What to write instead of an element that a message cannot hold."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_PICTURE_WITH_LINK = "mail programs play no video: show a picture of it with a link, <mj-image src href alt>"
_TABLE = "write the rows into <mj-table>"
INSTEAD: Mapping[str, str] = {
    "mj-container": "it is of MJML 3: take its two tags away, and give its attributes to <mj-body>",
    "mj-invoice": _TABLE,
    "mj-invoice-item": _TABLE,
    "mj-list": "write <ul> with <li> inside <mj-text>",
    "mj-location": "write the address into <mj-text>, with a link to a map",
    "mj-include": "put what it includes into a part, such as _layout/note.mjml, and write <o-note/> here",
    "mj-html-attributes": "write the attributes on the elements themselves",
    "mj-video": _PICTURE_WITH_LINK,
    "mj-iframe": "mail programs show no other page inside a message: write a link to it",
    "mj-form": "mail programs send no forms: write a link to a page that holds it",
    "mj-chart": "make a picture of it, and show it with <mj-image>",
    "mj-button": "end the <mj-text> before it, and put <mj-button> or <o-button> between two of them",
    "mj-image": 'write <img src="https://..." alt="..."> here, or end the <mj-text> before it',
    "video": _PICTURE_WITH_LINK,
    "audio": "mail programs play no sound: write a link to it",
    "iframe": "mail programs show no other page inside a message: write a link to it",
    "form": "mail programs send no forms: write a link to a page that holds it",
    "input": "mail programs send no forms: write a link to a page that holds it",
    "button": 'write <o-button href="https://..."> outside of the words',
    "font": 'write <span style="color:...;font-size:..."> instead',
    "center": 'write <p style="text-align:center"> instead',
    "svg": "make a PNG of it, put that on the web, and write <img>",
    "style": "put the rules into <mj-style> in <mj-head>, or into style attributes",
    "script": "e-mails cannot run scripts; take it out",
    "section": "write <div> instead",
    "article": "write <div> instead",
    "header": "write <div> instead",
    "footer": "write <div> instead",
    "main": "write <div> instead",
    "nav": "write <div> instead",
    "strike": "write <s> instead",
    "html": "write only what stands in its <body>",
    "head": "write only what stands in the <body>",
    "body": "write only what stands in it",
}
"""Where a name that looks alike would be no help."""
_ALIKE = 0.75
"""A typing error or two; what is less alike is another thing."""
MOST_NAMED = 20


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The element whose name is most alike, if one is within a typing error or two."""
    prefix = next((each for each in ("mj-", "o-") if name.startswith(each)), "")
    bare = {each.removeprefix(prefix): each for each in sorted(known)}
    close = get_close_matches(name.removeprefix(prefix), bare, n=1, cutoff=_ALIKE)
    return bare[close[0]] if close else None


def instead_of(name: str, known: Iterable[str]) -> str:
    """The element that was most likely meant, what to do without it, or the elements there are."""
    if name in INSTEAD:
        return INSTEAD[name]
    names = sorted(known)
    if near := nearest(name, names):
        return f"did you mean <{near}>?"
    if not names:
        return "nothing can stand there"
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return f"there is: {', '.join(f'<{each}>' for each in names[:MOST_NAMED])}{more}"
