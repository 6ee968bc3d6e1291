"""Finds the tags of other services in the text and addresses of a message."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from outreach_tools.foreign.names import AMBIGUOUS, fact_for, plain_name

MAILCHIMP = re.compile(r"\*\|(?P<name>[^|<>{}\n]{1,200})\|\*")
SALESFORCE = re.compile(r"%%(?P<name>[\w. :-]{1,100}|=.{1,300}?=|\[.{1,2000}?\])%%", re.DOTALL)
SALESFORCE_CRM = re.compile(r"\{!(?P<name>[^{}\n]{1,200})\}")
UPPER = re.compile(r"(?<![\w%])%(?P<name>[A-Z][A-Z0-9_.:-]+)%(?![\w%])")
UPPER_IN_ADDRESS = re.compile(
    r"(?<![\w%])%(?P<name>(?![0-9A-F]{2}[%A-Z0-9]*%[0-9A-Fa-f]{2})[A-Z][A-Z0-9_]{2,})%|\A%(?P<whole>[A-Z_]+)%\Z"
)
"""In an address, `%C3%A9` is a letter."""
_FIELDS = r"contactfield|contact_field|leadfield|ownerfield|customfield|companyfield"
BRACES = re.compile(
    rf"(?<!\{{)\{{(?:(?:{_FIELDS})\s*=\s*(?P<field>[^{{}}\n]{{1,100}})"
    r"|(?P<name>\w*(?:unsubscribe|webview|_url|_link)\w*)"
    r"|\$(?P<variable>[\w.]{1,100}))\}",
    re.IGNORECASE,
)
DOLLAR = re.compile(r"\$\{(?P<name>[\w.]{1,100})\}")
SERVER = re.compile(r"(?:<|&lt;)%(?P<name>.{0,500}?)%(?:>|&gt;)", re.DOTALL)
SQUARE = re.compile(r"\[\[(?P<name>[^\[\]\n]{1,200})\]\]")
_GUILLEMETS = ("(?:\xab|&laquo;|&#171;)", "(?:\xbb|&raquo;|&#187;)")
WORD = re.compile(rf"{_GUILLEMETS[0]}(?P<name>[A-Za-z]+(?:_[A-Za-z]+|[a-z][A-Z][a-z]+)\w*){_GUILLEMETS[1]}")
LOREM = re.compile(r"\blorem ipsum\b", re.IGNORECASE)
CERTAIN = (
    MAILCHIMP, SALESFORCE, SALESFORCE_CRM, BRACES, DOLLAR, SERVER, SQUARE, WORD, LOREM,
)  # fmt: skip

MAYBE_WORD = re.compile(rf"{_GUILLEMETS[0]}(?P<name>[A-Z]\w{{2,20}}){_GUILLEMETS[1]}")
MAYBE_BRACKETS = re.compile(
    r"(?<![\w\[\]])\[(?P<name>[A-Z][\w']*(?: [A-Z][\w']*){1,3}|[A-Za-z_]{3,30}(?:,fallback=[^\[\]]*)?)\]"
    r"(?![\[\](])"
)
MAYBE_BRACES = re.compile(r"(?<![{$\\])\{(?P<name>[A-Za-z_]{3,30})\}(?!\})")
MAYBE_DASHES = re.compile(r"(?<![\w-])-(?P<name>[A-Za-z_]{3,30})-(?![\w-])")
UNCERTAIN = (MAYBE_WORD, MAYBE_BRACKETS, MAYBE_BRACES, MAYBE_DASHES)


@dataclass(frozen=True, slots=True, order=True)
class ForeignTag:
    """A tag as it stands in a text."""

    start: int
    end: int
    name: str
    """What it names; empty for filler text."""
    is_certain: bool
    """False where ordinary text could look like it."""


def certain_tags(text: str, *, in_address: bool = False) -> Iterator[ForeignTag]:
    """Tags that are never ordinary text, in order, without those inside of another."""
    patterns = (*CERTAIN, UPPER_IN_ADDRESS if in_address else UPPER)
    found = sorted(_tag(match, is_certain=True) for pattern in patterns for match in pattern.finditer(text))
    end = 0
    for tag in found:
        if tag.start >= end:
            yield tag
            end = tag.end


def foreign_tags(text: str, *, in_address: bool = False) -> Iterator[ForeignTag]:
    """Those, and in text also what most likely is a tag or a place to be filled in."""
    found = list(certain_tags(text, in_address=in_address))
    for pattern in () if in_address else UNCERTAIN:
        for match in pattern.finditer(text):
            tag = _tag(match, is_certain=False)
            overlaps = any(each.start < tag.end and tag.start < each.end for each in found)
            if not overlaps and (" " in tag.name or is_usual(tag.name)):
                found.append(tag)
    yield from sorted(found)


def is_usual(name: str) -> bool:
    """Whether services have a tag of that name that is hardly ever ordinary text."""
    plain = plain_name(name)
    return bool(fact_for(plain)) or plain in AMBIGUOUS or plain in {"firstname", "lastname", "city", "phone"}


def _tag(match: re.Match[str], *, is_certain: bool) -> ForeignTag:
    names = [value for value in match.groupdict().values() if value]
    name = names[0].partition(",fallback=")[0].strip() if names else ""
    return ForeignTag(match.start(), match.end(), name, is_certain)
