"""Finds the conditions and loops of languages that import does not parse: they are left out as a whole."""

import re
from collections.abc import Iterator

_BLOCKS = (
    (re.compile(r"%%\[\s*(?:if|for)\b.*?\]%%", re.IGNORECASE | re.DOTALL),
     re.compile(r"%%\[\s*(?:endif|next)\b.*?\]%%", re.IGNORECASE | re.DOTALL)),
    (re.compile(r"(?:<|&lt;)%(?![=\-#!@]).*?%(?:>|&gt;)", re.DOTALL),
     re.compile(r"(?:<|&lt;)%(?![=\-#!@]).*?%(?:>|&gt;)", re.DOTALL)),
    (re.compile(r"%(?:IF|IFNOT)\b[^%\n]{0,200}%"), re.compile(r"%/(?:IF|IFNOT)\b[^%\n]{0,20}%|%END_?IF%")),
    (re.compile(r"\[\[?\s*if\b[^\[\]\n]{0,200}\]\]?", re.IGNORECASE),
     re.compile(r"\[\[?\s*(?:endif|/if)\s*\]\]?", re.IGNORECASE)),
    (re.compile(r"#(?:if|foreach)\s*\("), re.compile(r"#(?:\{end\}|end\b)")),
)  # fmt: skip
"""AMPscript, ERB and EJS, ActiveCampaign, GetResponse and Campaign Monitor, Velocity."""


def foreign_blocks(text: str) -> Iterator[tuple[int, int]]:
    """From the first tag that opens something to the last that closes something, for each language.

    What stands between may be controlled or not: import does not parse these languages.
    """
    for opening, closing in _BLOCKS:
        first = opening.search(text)
        if first is None:
            continue
        ends = [match.end() for match in closing.finditer(text) if match.end() >= first.end()]
        if ends:
            yield first.start(), ends[-1]
        elif opening.pattern[0] != "#":
            yield first.start(), len(text)
