"""Gives text that could not be read a colour with enough contrast."""

import re

from outreach_tools.checks import Finding
from outreach_tools.checks.contrast import Colour, colour_of, contrast

_GROUND = re.compile(r" on (#[0-9a-f]{6}) has")
_COLOUR = re.compile(r"(?<![-\w])color\s*:\s*[^;\"]+", re.IGNORECASE)
_BLACK, _WHITE = Colour(0, 0, 0), Colour(255, 255, 255)


def legible(text: str, finding: Finding) -> str:
    """The text of a message in which the style at the finding's place has black or white text.

    It is the same text when there is no style to change at that place.
    """
    ground = _GROUND.search(finding.what)
    below = colour_of(ground[1]) if ground else None
    if finding.rule != "colour-contrast" or below is None:
        return text
    lines = text.splitlines(keepends=True)
    line, start = lines[finding.line - 1], finding.column - 1
    if not line[start:].startswith("style="):
        return text
    better = max((_BLACK, _WHITE), key=lambda words: contrast(words, below))
    end = line.find('"', start + len('style="'))
    style = _COLOUR.sub(f"color:{better}", line[start:end], count=1)
    lines[finding.line - 1] = line[:start] + style + line[end:]
    return "".join(lines)
