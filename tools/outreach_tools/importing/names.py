"""Which of our facts is meant by a name that another service or another author gave it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_WORDS = re.compile(r"[^a-z0-9]+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_PREFIXES = (
    "user.userattributes.",
    "user.",
    "attributes.",
    "customer.",
    "contact.",
    "subscriber.",
    "recipient.",
    "data.",
)

_FACTS: Mapping[str, tuple[str, ...]] = {
    'customer.first_name or ""': ("first_name", "fname", "firstname", "given_name", "name", "forename"),
    'customer.last_name or ""': ("last_name", "lname", "lastname", "surname", "family_name"),
    'customer.email or ""': ("email", "email_address", "address", "emailaddress"),
    "customer.id": ("customer_id", "user_id", "userid", "contact_id", "subscriber_id"),
    'customer.country or ""': ("country", "country_code"),
    'customer.locale or ""': ("locale", "language"),
    "links.unsubscribe": (
        "unsub", "unsubscribe", "unsubscribe_url", "unsubscribe_link", "unsubscribeurl", "optout", "opt_out",
    ),
    "links.preferences": (
        "preferences", "preferences_url", "update_profile", "manage_preferences", "preference_center",
    ),
    "brand.name": ("company", "list_company", "company_name", "shop_name", "brand", "sender_name"),
    "brand.site_url": ("site_url", "website", "shop_url", "store_url", "home_url"),
    "brand.postal_address": ("list_address", "company_address", "postal_address", "sender_address"),
    "brand.support_email": ("support_email", "list_email", "reply_to", "contact_email"),
    "now.year": ("current_year", "year", "date_y"),
    "order.id": ("order_id", "order_number", "ordernumber", "orderid"),
    "order.url or brand.site_url": ("order_url", "order_link", "tracking_url", "tracking_link"),
    'order.total or ""': ("order_total", "total", "total_price"),
    'order.currency or ""': ("currency", "order_currency"),
    'order.delay_reason or ""': ("delay_reason", "reason"),
    "order.items": ("items", "order_items", "line_items", "products"),
    "subject": ("subject", "mc_subject", "mc_preview_text"),
}  # fmt: skip
_ITEMS: Mapping[str, tuple[str, ...]] = {
    "item.name": ("name", "title", "product", "product_name", "description"),
    "item.sku": ("sku", "id", "product_id"),
    "item.quantity": ("quantity", "qty", "amount", "count"),
    'item.price or ""': ("price", "unit_price", "cost"),
}
_BY_NAME = {name: fact for fact, names in _FACTS.items() for name in names}


@dataclass(frozen=True, slots=True)
class Meant:
    """What to write for a foreign name."""

    expression: str
    known: bool
    """False where it became an attribute of the customer, because we have no fact of that name."""


def meant_by(name: str, instead: str | None = None) -> Meant:
    """The expression for a name such as `FNAME` or `User.UserAttributes.FirstName`.

    `instead` is what the template showed to those who lack it.
    """
    short = plain_name(name)
    fact = _BY_NAME.get(short)
    if fact is None:
        return Meant(f"customer.attributes.{short} | default({quoted(instead or '')})", known=False)
    base, _, default = fact.partition(" or ")
    if instead is not None and default:
        default = quoted(instead)
    return Meant(f"{base} or {default}" if default else base, known=True)


def condition_on(name: str) -> Meant:
    """What to ask in a condition: the fact itself, without a default."""
    meant = meant_by(name)
    bare = meant.expression.partition(" or ")[0].partition(" | ")[0]
    return Meant(bare, meant.known)


def item_name(name: str) -> str:
    """The expression for a name inside of a loop over `order.items`; empty when items have no such thing."""
    return next((expression for expression, names in _ITEMS.items() if plain_name(name) in names), "")


def plain_name(name: str) -> str:
    """`User.UserAttributes.FirstName` is `first_name`; never empty, and a name that Jinja takes."""
    text = _CAMEL.sub("_", name.strip())
    lowered = text.lower().replace("user_attributes", "userattributes")
    for prefix in _PREFIXES:
        lowered = lowered.removeprefix(prefix)
    short = _WORDS.sub("_", lowered).strip("_") or "value"
    return f"a_{short}" if short[0].isdigit() else short


def quoted(text: str) -> str:
    """A text of Jinja; what could end it is taken out."""
    return '"' + re.sub(r'["\\{}%\n\r]', "", text) + '"'
