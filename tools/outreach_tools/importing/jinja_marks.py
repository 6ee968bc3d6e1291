"""Stands for Jinja while HTML is cleaned: letters in words and addresses, remarks between elements."""

import re
from dataclasses import dataclass, field

_FORGED = re.compile(r"([oz])q(?=\d+q[oz])")
_UNREAD = re.compile("[\x00\ue000-\uf8ff]")
_BRACES = re.compile(r"\{(?=[{%#]|\Z|(?:<!--)?zq\d+qz)")
_LOCAL = re.compile(r"\{\{ (?:item|loop)\.")
_MARK = re.compile(r"<!--zq(\d+)qz-->|zq(\d+)qz")


def without_marks(text: str) -> str:
    """A text in which nothing looks like a mark, ours or the templates', before any is made."""
    return _FORGED.sub(r"\1-q", _UNREAD.sub("", text))


def words_only(text: str) -> str:
    """The text without its marks."""
    return _MARK.sub("", text)


def literal(text: str, *, is_html: bool) -> str:
    """Braces that were left over, written so that nobody takes them for Jinja."""
    return _BRACES.sub("&#123;" if is_html else "{ ", text)


@dataclass(slots=True)
class JinjaMarks:
    """The tags that were taken out, by their number."""

    _tags: list[str] = field(default_factory=list)
    _statements: set[int] = field(default_factory=set)

    def output(self, expression: str) -> str:
        """The mark of a tag that shows something."""
        self._tags.append(f"{{{{ {expression} }}}}")
        return f"zq{len(self._tags) - 1}qz"

    def statement(self, code: str, *, inside_tag: bool) -> str:
        """The mark of a condition or loop; between elements it is a remark, which stays where it is."""
        self._statements.add(len(self._tags))
        self._tags.append(f"{{% {code} %}}")
        mark = f"zq{len(self._tags) - 1}qz"
        return mark if inside_tag else f"<!--{mark}-->"

    def as_address(self, mark: str) -> str:
        """The mark at the beginning of an address, whose fact is the shop's page where it is not known."""
        match = _MARK.match(mark)
        if match:
            number = int(match[1] or match[2])
            tag = self._tags[number].replace('default("")', "default(brand.site_url)")
            self._tags.append(tag.replace(' or ""', " or brand.site_url"))
            return f"zq{len(self._tags) - 1}qz{mark[match.end() :]}"
        return mark

    def restore(self, text: str, *, statements: bool = True) -> str:
        """Every mark as Jinja again, or without the statements."""

        def tag(match: re.Match[str]) -> str:
            number = int(match[1] or match[2])
            if not statements and (number in self._statements or _LOCAL.match(self._tags[number])):
                return ""
            return self._tags[number]

        return _MARK.sub(tag, text)

    @property
    def has_statements(self) -> bool:
        return bool(self._statements)
