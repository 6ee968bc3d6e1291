"""Takes out of an HTML file what an e-mail cannot have, and reports it."""

import re
from collections.abc import Mapping
from html import escape, unescape
from html.parser import HTMLParser

import nh3

from outreach.adapters.templates.markup.css import declarations, plain_css
from outreach.adapters.templates.markup.rules import HTML
from outreach_tools.importing.notes import Notes

GONE_WITH_CONTENT = frozenset({
    "script", "style", "title", "noscript", "template", "svg", "math", "object", "iframe", "form", "select",
    "textarea", "button", "audio", "video", "canvas", "map", "frameset", "noembed",
})  # fmt: skip
_REASONS: Mapping[str, str] = {
    "script": "no mail program runs scripts",
    "style": "style sheets of the file were left out; styles on the elements stay",
    "link": "nothing is loaded from other places",
    "form": "forms do not work in e-mails: link to a page instead",
    "base": "every address has to be whole",
}
_STYLING = (
    "style", "class", "align", "valign", "width", "height", "bgcolor", "border", "cellpadding", "cellspacing",
    "dir", "role", "colspan", "rowspan",
)  # fmt: skip
_ATTRIBUTES = {
    "*": {*_STYLING},
    "a": {"href", "title", "target"},
    "img": {"src", "alt", "title"},
    "ol": {"start", "type"},
}
_UNSAFE_STYLE = re.compile(
    r"(?:url|image|image-set|cross-fade|element|src|expression)\s*\(|@import|behaviou?r\s*:|-moz-binding"
    r"|position\s*:|//|(?:https?|data|javascript)\s*:",
    re.IGNORECASE,
)
"""In CSS as browsers read it, without escapes and comments."""
_LOOP_OUTSIDE = re.compile(r"((?:<!--zq\d+qz-->\s*)+)(<tbody[^>]*>)")
"""A loop over rows begins before the body that the parser puts around them, and ends inside of it."""
_STYLE = re.compile(r'(\sstyle=")([^"]*)(")')


class _Removals(HTMLParser):
    """Finds what will be taken out, with its line, and the title and the hidden line at the top."""

    def __init__(self, notes: Notes) -> None:
        super().__init__(convert_charrefs=True)
        self._notes = notes
        self.title = ""
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        line = self.getpos()[0]
        self._in_title = tag == "title"
        if tag in GONE_WITH_CONTENT - {"title"} or tag in {"link", "base", "meta", "input", "embed"}:
            if tag != "meta":
                reason = _REASONS.get(tag, "mail programs do not show it")
                self._notes.done(f"<{tag}> was taken out: {reason}", line)
        elif tag not in HTML | {"html", "head", "body", "title"}:
            self._notes.done(f"<{tag}> was taken out, and what stands in it was kept", line)
        for name, _ in attrs:
            if name.startswith("on"):
                self._notes.done(f"{name} was taken out: no mail program runs scripts", line)
        if tag == "font" or "background" in dict(attrs):
            self._notes.look("its colour or background was lost: look whether it can be read", line)

    def handle_endtag(self, tag: str) -> None:
        self._in_title = self._in_title and tag != "title"

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title = " ".join((self.title + data).split())


def clean(html: str, notes: Notes) -> tuple[str, str]:
    """The body as well-formed HTML that the templates take, and the file's title.

    Elements that mail programs do not show are removed with their content, or without, event handlers and
    style sheets always. Comments stay, because they stand for Jinja.
    """
    removals = _Removals(notes)
    removals.feed(html)
    removals.close()
    cleaned = nh3.clean(
        _without_remarks(body_of(html)),
        tags=set(HTML - {"meta"}),
        clean_content_tags=set(GONE_WITH_CONTENT),
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "tel"},
        strip_comments=False,
        link_rel=None,
    )
    return _safe_styles(_LOOP_OUTSIDE.sub(r"\2\1", _without_remarks(cleaned)), notes).strip(), removals.title


def body_of(html: str) -> str:
    """The content of the body, or all of it where there is none."""
    body = re.search(r"<body\b[^>]*>(.*?)(?:</body\s*>|\Z)", html, re.DOTALL | re.IGNORECASE)
    return body[1] if body else html


def _without_remarks(html: str) -> str:
    """All but our own; `<!--[if mso]>` too: those programs get other markup."""
    return re.sub(r"<!--(?!zq\d+qz-->).*?-->|<!\[(?:if|endif)[^>]*>", "", html, flags=re.DOTALL)


def _safe_styles(html: str, notes: Notes) -> str:
    """Declarations that load something or run something are left out, one by one."""

    def style(match: re.Match[str]) -> str:
        written = declarations(unescape(match[2]))
        kept = [each for each in written if not _UNSAFE_STYLE.search(plain_css(each))]
        if len(kept) < len(written):
            notes.look("a style that loads a picture or moves an element was left out")
        return f"{match[1]}{escape(';'.join(kept))}{match[3]}" if kept else ""

    return _STYLE.sub(style, html)
