"""Lines of plain text of a readable length, and headings that look like headings."""

from outreach.adapters.templates.sandbox.limits import LONGEST_VALUE, FactProblemError

WIDTH = 72


def wrap(text: str, first: str = "", rest: str = "") -> str:
    """The words of `text` in lines of at most WIDTH characters; line breaks in it stay.

    `first` and `rest` begin the first and the other lines. A word longer than a line, such as an address, is
    never broken.
    """
    if len(first) + len(rest) > WIDTH:
        raise FactProblemError("lines cannot begin with that many characters")
    if len(first) + len(text) <= WIDTH and "\n" not in text:
        words = " ".join(text.split())
        return first + words if words else ""
    lines: list[str] = []
    for part in text[:LONGEST_VALUE].split("\n"):
        line, room = "", 0
        for word in part.split():
            if line and len(word) < room:
                line += " " + word
                room -= len(word) + 1
                continue
            if line:
                lines.append(line)
            line = (rest if lines else first) + word
            room = WIDTH - len(line)
        if line:
            lines.append(line)
    return "\n".join(lines)


def underline(text: str, stroke: str) -> str:
    """A heading with a line below it, as wide as its last line."""
    wrapped = wrap(text)
    return f"{wrapped}\n{stroke * min(len(wrapped.rsplit('\n', 1)[-1]), WIDTH)}"
