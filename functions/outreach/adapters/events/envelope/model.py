"""An event from outside as typed models: the documentation of what producers may send, and its check."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StrictInt

from outreach.adapters.events.envelope.values import (
    Attributes,
    Country,
    Currency,
    Email,
    Id,
    Locale,
    Money,
    MoneyText,
    Properties,
    Timestamp,
    TimeZone,
    WebAddress,
    line,
    words,
)

MOST_ITEMS = 200


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ConsentPart(_Part):
    """What the customer said about marketing mail."""

    marketing: StrictBool = Field(
        description="true: said yes; false: said no. Without a yes there is no marketing."
    )
    source: Annotated[str, line(100)] | None = Field(None, description="Where it was said, such as checkout.")
    at: Timestamp | None = Field(
        None, description="When it was said. A no may do without; a yes needs it to replace a no."
    )


class CustomerPart(_Part):
    """The customer, as far as the producer knows."""

    id: Id = Field(description="The shop's own id, opaque: no address, no name.")
    email: Email | None = Field(None, description="Where mail goes. Its domain is kept in lower case.")
    first_name: Annotated[str, line(100)] | None = Field(None, description="As the customer writes it.")
    last_name: Annotated[str, line(100)] | None = Field(None, description="As the customer writes it.")
    locale: Locale | None = Field(None, description="Language, and perhaps country, as a BCP 47 tag.")
    country: Country | None = Field(None, description="ISO 3166 code of two letters.")
    time_zone: TimeZone | None = Field(None, description="Name in the IANA zone database.")
    consent: ConsentPart | None = Field(None, description="What the customer said to marketing mail.")
    attributes: Attributes = Field(
        default_factory=dict, description="Anything else of the customer, under names of your own."
    )


class ItemPart(_Part):
    """One line of the order."""

    sku: Annotated[str, line(100)] = Field(description="The shop's article number.")
    name: Annotated[str, line(200)] = Field(description="What the customer calls it.")
    product_line: Annotated[str, line(48)] | None = Field(None, description="Kind of product, such as oven.")
    quantity: Annotated[StrictInt, Field(ge=1, le=1_000_000)] = Field(1, description="Pieces.")
    price: MoneyText | None = Field(None, description="Decimal text per piece, in the order's currency.")


class OrderPart(_Part):
    """The order that the event is about, as far as the producer knows."""

    id: Id = Field(description="The shop's own id of the order.")
    status: Annotated[str, line(40)] | None = Field(
        None, description="The shop's own value; if not given, order.shipped means shipped, and so on."
    )
    placed_at: Timestamp | None = Field(
        None, description="When it was placed; if not given, when order.placed occurred."
    )
    promised_at: Timestamp | None = Field(
        None, description="By when the customer is to have it: the newest promise."
    )
    total: Money | None = Field(None, description="Decimal text, with its currency beside it.")
    currency: Currency | None = Field(None, description="ISO 4217 code of three letters.")
    delay_reason: Annotated[str, line(500), BeforeValidator(words)] | None = Field(
        None, description="Why it is late, for the customer."
    )
    url: WebAddress | None = Field(None, description="Where the customer sees the order.")
    items: Annotated[list[ItemPart], Field(max_length=MOST_ITEMS)] = Field(
        default_factory=list,
        description="The lines of the order; mentioned again, they replace the earlier ones.",
    )


class Envelope(_Part):
    """The detail of an event on the bus."""

    event_id: Id = Field(description="The producer's id of this event; the same id again changes nothing.")
    occurred_at: Timestamp = Field(description="When it happened, not when it was sent.")
    customer: CustomerPart = Field(description="Who did it, or whose order it happened to.")
    order: OrderPart | None = Field(
        None, description="Needed by every order.* event; others may carry it too."
    )
    properties: Properties = Field(
        default_factory=dict, description="Whatever else belongs to this event, under names of your own."
    )
