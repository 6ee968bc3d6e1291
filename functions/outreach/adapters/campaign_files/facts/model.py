"""`facts.yaml` as a typed model: what editors complete from, and what every file is checked against."""

from __future__ import annotations

from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    StrictStr,
    Tag,
    model_validator,
)

from outreach.adapters.campaign_files.values import EventName
from outreach.adapters.validation.model_problems import tag
from outreach.adapters.validation.suggest import did_you_mean
from outreach.domain.journeys.declared_facts import DeclaredFact, FactType
from outreach.domain.journeys.typed_values import fits

type PlainType = Literal["text", "number", "money", "date", "moment", "yes_no", "url"]
PLAIN_TYPES = ("text", "number", "money", "date", "moment", "yes_no", "url")
CHOICES_OF = frozenset({"text", "number"})
"""The types that `one_of` is for."""
MOST_FACTS = 200
"""Facts of customers, and of one event: as many as an event may hold values."""
NAME_PATTERN = r"^[^\s.\[\]'\"#|][^\x00-\x1f.\[\]'\"]*$"


def _plain_type(given: object) -> object:
    if given not in PLAIN_TYPES:
        word = given if isinstance(given, str) else ""
        hint = "write {list_of: ...} for a list; " if word in {"list_of", "list", "array"} else ""
        raise ValueError(f"must be a type; {hint}{did_you_mean(word, PLAIN_TYPES)}")
    return given


TypeName = Annotated[PlainType, BeforeValidator(_plain_type)]
FactName = Annotated[StrictStr, Field(pattern=NAME_PATTERN, max_length=64)]
Choice = StrictInt | StrictFloat | StrictStr


_ANY_ZONE = ZoneInfo("UTC")
WRITTEN_AS = {
    "text": "text (in quotes, where it looks like a number or true)",
    "number": "a number",
    "money": 'an amount, such as "59.90"',
    "date": "a day, such as 2026-03-05",
    "moment": "a date and time with its offset, such as 2026-03-05T09:00:00Z",
    "yes_no": "true or false",
    "url": "an address that begins with https:// or http://",
}
"""What a value of each type is, as the file writes it."""


def _is_written_as(value: object, type_: str) -> bool:
    """Whether the file writes a value as its type is written; producers may be less exact."""
    if type_ in {"number", "yes_no"} and isinstance(value, str):
        return False
    return fits(value, DeclaredFact(FactType(type_)), _ANY_ZONE)


class Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PlainForm(Form):
    """A fact of one value, with more than its type."""

    type: TypeName = Field(description="One of `text`, `number`, `money`, `date`, `moment`, `yes_no`, `url`.")
    required: StrictBool = Field(False, description="Whether every customer, or every such event, has it.")
    default: StrictBool | Choice | None = Field(None, description="What holds where it is missing.")
    one_of: Annotated[list[Choice], Field(min_length=1, max_length=100)] | None = Field(
        None, description="The only values it may have; for text and numbers."
    )

    @model_validator(mode="after")
    def _is_of_one_mind(self) -> Self:
        if self.required and self.default is not None:
            raise ValueError("has both `required` and `default`; a fact with a default is never missing")
        if self.one_of is not None and self.type not in CHOICES_OF:
            raise ValueError(f"`one_of` is for text and numbers, not for {self.type}; leave it out")
        for choice in self.one_of or ():
            if not _is_written_as(choice, self.type):
                raise ValueError(f"each of `one_of` must be {WRITTEN_AS[self.type]}, as the fact is")
        if self.default is not None and not _is_written_as(self.default, self.type):
            raise ValueError(f"`default` must be {WRITTEN_AS[self.type]}, as the fact is")
        if self.default is not None and self.one_of and self.default not in self.one_of:
            raise ValueError("`default` must be among `one_of`")
        return self


class ListForm(Form):
    """A list: of plain values, or of objects."""

    list_of: EntryForm = Field(description="The type of each entry, or the names and types that it holds.")
    required: StrictBool = Field(False, description="Whether every customer, or every such event, has it.")


def _fact_form(given: object) -> str:
    if isinstance(given, ListForm) or (isinstance(given, dict) and "list_of" in given):
        return tag("list")
    return tag("plain") if isinstance(given, dict | PlainForm) else tag("type")


def _entry_form(given: object) -> str:
    return tag("object") if isinstance(given, dict) else tag("type")


FactForm = Annotated[
    Annotated[TypeName, Tag(tag("type"))]
    | Annotated[PlainForm, Tag(tag("plain"))]
    | Annotated[ListForm, Tag(tag("list"))],
    Discriminator(_fact_form),
]
Fields = Annotated[dict[FactName, FactForm], Field(max_length=MOST_FACTS)]
Held = Annotated[dict[FactName, FactForm], Field(min_length=1, max_length=MOST_FACTS)]
EntryForm = Annotated[
    Annotated[TypeName, Tag(tag("type"))] | Annotated[Held, Tag(tag("object"))],
    Discriminator(_entry_form),
]


class FactsFile(Form):
    """The facts that producers send beyond those that every campaign knows."""

    customer: Fields = Field(
        default_factory=dict, description="Attributes of customers: `customer.attributes` in messages."
    )
    events: dict[EventName, Fields] = Field(
        default_factory=dict,
        description="By the event's name, its properties: `event.properties` in messages.",
    )


ListForm.model_rebuild()
FactsFile.model_rebuild()
