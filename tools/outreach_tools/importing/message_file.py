"""Writes a message file from cleaned HTML: in the shop's own look where it is only text, else as it was."""

import re
from html import unescape

from outreach_tools.importing.jinja_marks import JinjaMarks, literal
from outreach_tools.importing.paragraphs import paragraphs

_TAG = re.compile(r"<[^>]*>")


def message_file(*, subject: str, preheader: str, html: str, marks: JinjaMarks) -> str:
    """The text of a `.mjml` file."""
    body = marks.restore(literal(_in_elements(html), is_html=True))
    head = f"subject: {_yaml(marks.restore(subject))}\npreheader: {_yaml(marks.restore(preheader))}"
    return f"---\n{head}\n---\n{body}\n"


def is_laid_out(html: str) -> bool:
    """Whether it is built of tables, and has a look of its own."""
    return "<table" in html


def plain_words(html: str) -> str:
    """The text of HTML without its tags."""
    return " ".join(unescape(_TAG.sub(" ", html)).split())


def _in_elements(html: str) -> str:
    if is_laid_out(html):
        return f"<mj-raw>\n{html}\n</mj-raw>\n<o-text>\n{paragraphs(html)}\n</o-text>"
    return f"<o-card>\n  <mj-text>\n{html}\n  </mj-text>\n</o-card>"


def _yaml(text: str) -> str:
    """A line of the head, in single quotes, in which only the quotes themselves are special."""
    return "'" + " ".join(text.split()).replace("'", "''") + "'"
