"""Makes text from outside safe to print: a terminal obeys control characters, a spreadsheet formulas.

One filter for all commands: `cli/screen.py` sends everything through it.
"""

import re

_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""C0 but tab and line feed, DEL, C1, line and paragraph separators, and changes of the direction of text."""
_PICTURES = 0x2400
"""Unicode's control pictures begin here, in the order of C0: ESC becomes a visible sign of one column."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a cell begins with that a spreadsheet evaluates (OWASP, CSV injection)."""


def printable(text: str) -> str:
    """The text with every control character made visible."""
    return _UNSAFE.sub(_visible, text)


def printable_json(document: str) -> str:
    """The same JSON document, with the control characters in its texts as escapes."""
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", document)


def csv_cell(text: str) -> str:
    """A cell that a spreadsheet shows and does not evaluate; `from_csv_cell` undoes it."""
    return f"'{text}" if text.lstrip("'").startswith(_FORMULA) else text


def from_csv_cell(cell: str) -> str:
    """Undo `csv_cell`."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(_FORMULA) else cell


def _visible(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code < ord(" "):
        return chr(_PICTURES + code)
    return "\N{REPLACEMENT CHARACTER}"
