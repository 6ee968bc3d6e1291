"""What people can read: the last check of every value before it becomes a part of a message."""

from decimal import Decimal

from jinja2 import Undefined

from outreach.adapters.templates.sandbox.limits import FactProblemError
from outreach.domain.intake.free_text import without_controls


def show(value: object) -> object:
    """Every value shown passes through here, so that no message ever contains `None` or `{'a': 1}`.

    Nor does one contain control characters, or reverse its own text. Raises FactProblemError for a value that
    people cannot read.
    """
    if type(value) is str:
        return without_controls(value)
    if isinstance(value, str):  # Markup, which stays what it is
        return type(value)(without_controls(value))
    if isinstance(value, int | float | Decimal | Undefined) and not isinstance(value, bool):
        return value
    if value is None:
        raise unknown()
    if hasattr(value, "tzinfo"):
        raise FactProblemError("a date and time cannot be shown as it is; write {{ it | date }}")
    raise FactProblemError(
        f"a {type(value).__name__} cannot be shown as it is; name the part of it that you mean"
    )


def unknown() -> FactProblemError:
    """The problem of a fact that other customers have, and this one has not."""
    return FactProblemError(
        'it is not known for this customer; write {{ it or "something" }} or use {% if %}'
    )
