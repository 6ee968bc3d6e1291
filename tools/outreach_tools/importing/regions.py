"""Where the tags of a file stand in its HTML, and which parts of the HTML no message will have."""

import re
from collections.abc import Iterator

from outreach_tools.importing.cleaning import GONE_WITH_CONTENT

_GONE = re.compile(
    rf"<!--.*?(?:-->|\Z)|<({'|'.join(sorted(GONE_WITH_CONTENT - {'title'}))})\b[^>]*>.*?(?:</\1\s*>|\Z)",
    re.DOTALL | re.IGNORECASE,
)


class Regions:
    """The places of one text."""

    def __init__(self, text: str, *, is_html: bool) -> None:
        self._text = text
        self._is_html = is_html
        self._gone = [match.span() for match in _GONE.finditer(text)] if is_html else []

    def is_gone(self, start: int, end: int) -> bool:
        """Whether all of it is removed with a comment or an element that e-mails cannot have."""
        return any(first <= start and end <= last for first, last in self._gone)

    def touches_gone(self, start: int, end: int) -> bool:
        """Whether any of it is."""
        return any(first < end and start < last for first, last in self._gone)

    def whole(self, start: int, end: int) -> tuple[int, int]:
        """The stretch, with every removed part that it cuts."""
        for first, last in self._gone:
            start = first if first < start < last else start
            end = last if first < end < last else end
        return start, end

    def is_in_tag(self, offset: int) -> bool:
        """Whether the offset is between `<` and `>`; text without HTML is treated alike."""
        return not self._is_html or self._text.rfind("<", 0, offset) > self._text.rfind(">", 0, offset)

    def is_between_attributes(self, offset: int) -> bool:
        """Whether it is in a tag, and not in a quoted value."""
        if not self._is_html or not self.is_in_tag(offset):
            return False
        before = self._text[self._text.rfind("<", 0, offset) : offset]
        return not any(_is_open(before, quote) for quote in "\"'")

    def line(self, offset: int) -> int:
        """Counts from 1."""
        return self._text.count("\n", 0, offset) + 1


def _is_open(text: str, quote: str) -> bool:
    other = "'" if quote == '"' else '"'
    return re.sub(rf"{other}[^{other}]*{other}", "", text).count(quote) % 2 == 1


def merged(stretches: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The same stretches in order, with overlapping ones joined."""
    last: tuple[int, int] | None = None
    for start, end in sorted(stretches):
        if last is not None and start < last[1]:
            last = last[0], max(last[1], end)
            continue
        if last is not None:
            yield last
        last = start, end
    if last is not None:
        yield last
