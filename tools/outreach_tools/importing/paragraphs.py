"""The text and links of a page that is built of tables, one paragraph for each cell, for the text part."""

from html import escape
from html.parser import HTMLParser

INLINE = frozenset({
    "a", "abbr", "b", "bdi", "code", "del", "em", "i", "img", "ins", "s", "small", "span", "strong", "sub",
    "sup", "u", "wbr",
})  # fmt: skip


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self._line = ""
        self._in_link = False
        self._links = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "a":
            if not self._links and values.get("href"):
                self._line += f'<a href="{escape(str(values["href"]))}">'
                self._in_link = True
            self._links += 1
        elif tag == "img":
            self._line += escape(values.get("alt") or "")
        elif tag not in INLINE:
            self._break()

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._links -= 1
            if not self._links:
                self._end_link()
        elif tag not in INLINE:
            self._break()

    def handle_data(self, data: str) -> None:
        self._line += escape(data, quote=False)

    def handle_comment(self, data: str) -> None:
        if self._in_link:
            return  # a condition on half a link is no link
        self._break()
        self.lines.append(f"<!--{data}-->")

    def close(self) -> None:
        super().close()
        self._end_link()
        self._break()

    def _end_link(self) -> None:
        """A link without text would be invisible."""
        if self._in_link:
            self._in_link = False
            begun, _, label = self._line.rpartition("<a ")
            has_words = label.partition(">")[2].strip()
            self._line = f"{self._line}</a>" if has_words else begun

    def _break(self) -> None:
        """A new paragraph, but never inside of a link."""
        if self._in_link:
            self._line += " "
            return
        if line := " ".join(self._line.split()):
            self.lines.append(f"<p>{line}</p>")
        self._line = ""


def paragraphs(html: str) -> str:
    """Paragraphs of the text in cleaned HTML; comments, which stand for Jinja, stay between them."""
    words = _Words()
    words.feed(html)
    words.close()
    return "\n".join(words.lines)
