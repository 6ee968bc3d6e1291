"""Reads the tags of Jinja, Handlebars and their relatives, and of Mailchimp, one by one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

_NO_BRACES = r"(?:(?!\{\{).)*?"
_TAG = re.compile(
    r"\{\{(?P<braze>\$\{[^{}]*\}[^{}]*)\}\}"
    rf"|\{{\{{\{{(?P<triple>{_NO_BRACES})\}}\}}\}}|\{{\{{(?P<remark>!--.*?--)\}}\}}"
    rf"|\{{\{{(?!\{{)(?P<output>{_NO_BRACES})\}}\}}|\{{%(?P<statement>(?:(?!\{{%).)*?)%\}}"
    r"|(?P<jinja_remark>\{\#.*?\#\})|\*\|(?P<stars>[^|<>\n]{1,300})\|\*",
    re.DOTALL,
)
"""A tag that is never closed must not swallow the next one."""
_GO_BLOCK = re.compile(r"(if|range|with|block|define)\s+[^|=]")
_MIDDLES = frozenset({"else", "elif", "elsif", "elseif", "when", "empty", "plural"})
_ALWAYS_BLOCKS = frozenset({"if", "unless", "for", "foreach", "case", "switch", "ifequal", "ifnotequal"})
_STARS_BLOCKS = frozenset(
    {"IF", "IFNOT", "INTERESTED", "NOTINTERESTED", "RSSITEMS", "FEEDITEMS", "FEEDBLOCK"}
)
_STARS_ENDED_BY = {"IFNOT": "IF", "NOTINTERESTED": "INTERESTED"}


class Part(StrEnum):
    """What a tag does."""

    REMARK = "remark"
    OPEN = "open"
    MIDDLE = "middle"
    CLOSE = "close"
    SHOW = "show"
    DO = "do"
    """A statement that stands alone, such as an assignment."""


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag where it stands."""

    start: int
    end: int
    part: Part
    language: str
    """`jinja`, `handlebars` or `mailchimp`: what opens in one of them closes in the same."""
    name: str
    """The keyword of a statement: `if` for `{% if %}`, `{% endif %}`, `{{#if}}` and `{{/if}}`; empty: any."""
    code: str
    """The text between the braces."""
    source: str
    is_raw: bool = False
    """Whether it asks not to be escaped."""


def read_tags(text: str) -> list[Tag]:
    """All of them, in order."""
    matches = list(_TAG.finditer(text))
    statements = [_code(match["statement"]) for match in matches if match["statement"] is not None]
    ended = {name for code in statements if (name := _ended(code))}
    has_go_end = any((match["output"] or "").strip(" -~") == "end" for match in matches)
    starred = {match["stars"].partition(":")[2].upper() for match in matches if _is_end(match["stars"])}
    return [tag for match in matches for tag in _tags(match, ended, starred, has_go_end=has_go_end)]


def _tags(match: re.Match[str], ended: set[str], starred: set[str], *, has_go_end: bool) -> Iterator[Tag]:
    def tag(part: Part, language: str, name: str, code: str) -> Tag:
        is_raw = match["triple"] is not None
        return Tag(match.start(), match.end(), part, language, name, code, match[0], is_raw)

    if match["remark"] or match["jinja_remark"]:
        yield tag(Part.REMARK, "", "", "")
    elif match["statement"] is not None:
        code = _code(match["statement"])
        yield tag(*_statement(code, ended), code)
    elif match["stars"]:
        yield tag(*_stars(match["stars"].strip(), starred), match["stars"].strip())
    elif match["braze"]:
        yield tag(Part.SHOW, "jinja", "", re.sub(r"\$\{([^{}]*)\}", r"\1", match["braze"]).strip())
    else:
        code = (match["triple"] or match["output"] or "").strip().strip("~").strip()
        yield tag(*_braces(code, has_go_end=has_go_end), code)


def _statement(code: str, ended: set[str]) -> tuple[Part, str, str]:
    keyword = re.split(r"[\s(]", code, maxsplit=1)[0]
    if keyword == "end" or _ended(code):
        return Part.CLOSE, "jinja", _ended(code)
    if keyword in _MIDDLES:
        return Part.MIDDLE, "jinja", keyword
    if keyword in ended | _ALWAYS_BLOCKS:
        return Part.OPEN, "jinja", keyword
    return Part.DO, "jinja", keyword


def _braces(code: str, *, has_go_end: bool) -> tuple[Part, str, str]:
    if not code or code.startswith("!"):
        return Part.REMARK, "", ""
    if code.startswith("/"):
        return Part.CLOSE, "handlebars", code[1:].strip()
    if code in {"else", "^"} or code.startswith("else "):
        return Part.MIDDLE, "handlebars", "else"
    if code[0] in "#^":
        return Part.OPEN, "handlebars", (code[1:].strip().lstrip("*>").split() or [""])[0]
    if has_go_end and code.strip("- ") == "end":
        return Part.CLOSE, "handlebars", ""
    if has_go_end and (go := _GO_BLOCK.match(code.strip("- "))):
        return Part.OPEN, "handlebars", go[1]
    return Part.SHOW, "handlebars", ""


def _stars(code: str, starred: set[str]) -> tuple[Part, str, str]:
    keyword, _, name = code.upper().partition(":")
    if keyword == "END":
        return Part.CLOSE, "mailchimp", name
    if keyword in {"ELSE", "ELSEIF"}:
        return Part.MIDDLE, "mailchimp", keyword.lower()
    if keyword in _STARS_BLOCKS or (keyword in starred and ":" in code):
        return Part.OPEN, "mailchimp", _STARS_ENDED_BY.get(keyword, keyword)
    return Part.SHOW, "mailchimp", ""


def _is_end(stars: str | None) -> bool:
    return bool(stars) and str(stars).strip().upper().startswith("END:")


def _code(statement: str) -> str:
    return statement.strip("-+ \t\r\n").strip()


def _ended(code: str) -> str:
    """What a statement ends: `if` for `endif` and `end_if`; empty where it ends nothing, or anything."""
    match = re.match(r"end_?([a-z]\w*)|/\s*(\w+)", code)
    return (match[1] or match[2]) if match else ""
