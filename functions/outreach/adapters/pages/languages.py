"""The page language that a browser asks for (Accept-Language, RFC 9110 section 12.5.4)."""

LANGUAGES = ("en", "de", "es", "fr")
DEFAULT = "en"


def preferred_language(header: str) -> str:
    """The given language of the highest weight, or the first of those. Invalid parts are ignored."""
    best, highest = DEFAULT, 0.0
    for choice in header.split(","):
        name, _, parameter = choice.partition(";")
        language = name.strip().lower().partition("-")[0]
        weight = _weight(parameter)
        if language in LANGUAGES and weight > highest:
            best, highest = language, weight
    return best


def _weight(parameter: str) -> float:
    name, _, value = parameter.partition("=")
    if name.strip() != "q":
        return 0.0 if name.strip() else 1.0
    try:
        weight = float(value)
    except ValueError:
        return 0.0
    return weight if 0 <= weight <= 1 else 0.0
