"""Parts of a campaign file that stand in more than one place: hours, and durations or times."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator

from outreach.adapters.campaign_files.values import Clock, Days, Duration, Expression
from outreach.adapters.validation.model_problems import tag


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Hours(Part):
    """Local hours in which mail may be sent."""

    opens: Clock | None = Field(None, alias="from", description="Hour at which mail may begin to go out.")
    closes: Clock | None = Field(None, alias="to", description="Hour from which no more mail goes out.")
    days: Days = Field(frozenset(range(7)), description="Days such as mon-fri, or [mon, wed, sat], or any.")

    @model_validator(mode="after")
    def _both_or_neither(self) -> Self:
        if (self.opens is None) != (self.closes is None):
            raise ValueError("needs both from and to; for whole days leave out both")
        if self.opens is not None and self.opens == self.closes:
            raise ValueError("opens and closes at the same hour; for whole days leave out from and to")
        return self


def _window_form(given: object) -> str | None:
    return tag("hours") if isinstance(given, dict | Hours) else tag("any") if given == "any" else None


WindowForm = Annotated[
    Annotated[Hours, Tag(tag("hours"))] | Annotated[Literal["any"], Tag(tag("any"))],
    Discriminator(
        _window_form,
        custom_error_type="window_form",
        custom_error_message='must be hours such as {{from: "08:00", to: "20:00"}}, or the word any',
    ),
]


class Until(Part):
    """An expression that gives a time."""

    until: Expression = Field(description="Expression that gives a date or time, such as order.promised_at.")


def _wait_form(given: object) -> str:
    return tag("until") if isinstance(given, dict | Until) else tag("duration")


WaitForm = Annotated[
    Annotated[Duration, Tag(tag("duration"))] | Annotated[Until, Tag(tag("until"))], Discriminator(_wait_form)
]
