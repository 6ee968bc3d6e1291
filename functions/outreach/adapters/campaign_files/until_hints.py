"""What to write instead of the two usual mistakes with `until:`."""

import re

_TIME_OF_DAY = re.compile(r"""\s*["']?[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?["']?\s*""")
_WITH_A_DURATION = re.compile(r"[+-]\s*[0-9]+\s*(m|h|d|w|min|hours?|days?|weeks?|months?)\b")


def until_hint(expression: str) -> str | None:
    """What would be right instead of a time of day, or of a sum of a date and a duration."""
    if _TIME_OF_DAY.fullmatch(expression):
        return (
            "is a time of day, and `until` takes a date; the hours in which mail may go out are those of "
            '`window: {from: "09:00", to: "20:00"}`'
        )
    if _WITH_A_DURATION.search(expression):
        return "dates cannot be reckoned with here; let the shop send the date, and write its name only"
    return None
