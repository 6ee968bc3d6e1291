"""Moves gaps out of attributes that cannot depend on facts, so that each is reported at its place."""

import re

from outreach.adapters.templates.markup.rules import FACTS_IN
from outreach_tools.importing.jinja_marks import JinjaMarks

_TAG = re.compile(r'<[a-z][a-z0-9]*(?:\s+[\w:-]+="[^"]*")*\s*/?>')
_ATTRIBUTE = re.compile(r'\s+([\w:-]+)="([^"]*)"')


def gaps_beside_styles(html: str, marks: JinjaMarks) -> str:
    """Cleaned HTML with the gaps of such attributes before their elements."""

    def tag(match: re.Match[str]) -> str:
        moved = ""

        def attribute(found: re.Match[str]) -> str:
            nonlocal moved
            if found[1] in FACTS_IN:
                return found[0]
            moved += marks.gaps_in(found[2])
            return f' {found[1]}="{marks.without_gaps(found[2])}"'

        written = _ATTRIBUTE.sub(attribute, match[0])
        return moved + written

    return _TAG.sub(tag, html)
