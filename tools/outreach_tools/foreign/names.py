"""Which of our facts a name of another service stands for, where it is unambiguous."""

import re
from collections.abc import Mapping

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
    "person.",
    "data.",
)

_FACTS: Mapping[str, tuple[str, ...]] = {
    'customer.first_name or ""': ("first_name", "fname", "firstname", "given_name", "forename"),
    'customer.last_name or ""': ("last_name", "lname", "lastname", "surname", "family_name"),
    'customer.email or ""': ("email", "email_address", "emailaddress"),
    "customer.id": ("customer_id", "user_id", "userid", "contact_id", "subscriber_id"),
    'customer.country or ""': ("country", "country_code"),
    'customer.locale or ""': ("locale", "language"),
    "links.unsubscribe": (
        "unsub", "unsubscribe", "unsubscribe_url", "unsubscribe_link", "unsubscribeurl", "unsubscribelink",
        "unsub_url", "unsub_link", "optout", "opt_out", "optout_url", "global_unsubscribe",
    ),
    "links.preferences": (
        "preferences", "preferences_url", "update_profile", "manage_preferences", "preference_center",
    ),
    "brand.name": ("list_company", "shop_name", "brand", "brand_name", "sender_name"),
    "brand.site_url": ("site_url", "shop_url", "store_url", "home_url"),
    "brand.postal_address": ("list_address", "postal_address", "sender_address"),
    "brand.support_email": ("support_email", "list_email", "reply_to"),
    "now.year": ("current_year", "year", "date_y"),
    "order.id": ("order_id", "order_number", "ordernumber", "orderid"),
    'order.delay_reason or ""': ("delay_reason", "order_delay_reason"),
    "subject": ("subject", "mc_subject"),
    "preheader": ("mc_preview_text", "preheader", "preview_text"),
}  # fmt: skip
_LISTS: Mapping[str, tuple[str, ...]] = {"order.items": ("items", "order_items", "line_items")}
"""Facts that can be tested and looped over, and not shown."""
_ITEMS: Mapping[str, tuple[str, ...]] = {
    "item.name": ("name", "product_name", "item_name"),
    "item.sku": ("sku",),
    "item.quantity": ("quantity", "qty"),
}
AMBIGUOUS = frozenset({
    "address", "amount", "company", "company_name", "contact_email", "cost", "count", "currency", "date",
    "description", "discount", "id", "link", "name", "number", "order_currency", "order_link", "order_total",
    "order_url", "price", "product", "products", "reason", "status", "subtotal", "tax", "title", "total",
    "total_price", "tracking_link", "tracking_url", "unit_price", "url", "website",
})  # fmt: skip
"""Names that services use for different things; money above all is never guessed."""
_BY_NAME = {name: fact for fact, names in _FACTS.items() for name in names}
_LIST_BY_NAME = {name: fact for fact, names in _LISTS.items() for name in names}
_ITEM_BY_NAME = {name: fact for fact, names in _ITEMS.items() for name in names}


def fact_for(name: str, instead: str | None = None) -> str:
    """The expression for a name such as `FNAME` or `User.UserAttributes.FirstName`; empty where unclear.

    `instead` is what the template showed to customers without it.
    """
    fact = _BY_NAME.get(plain_name(name), "")
    base, _, default = fact.partition(" or ")
    if instead and default:
        default = quoted(instead)
    return f"{base} or {default}" if default else base


def condition_for(name: str) -> str:
    """The expression of a condition: the fact itself, without a default; empty where it is unclear."""
    return fact_for(name).partition(" or ")[0] or list_for(name)


def list_for(name: str) -> str:
    """The expression of a loop; empty where it is unclear."""
    return _LIST_BY_NAME.get(plain_name(name), "")


def item_fact_for(name: str) -> str:
    """The expression for a name inside of a loop over `order.items`; empty where it is unclear."""
    return _ITEM_BY_NAME.get(plain_name(name), "")


def is_ambiguous(name: str) -> bool:
    """Whether services differ in what they mean by the name."""
    return plain_name(name) in AMBIGUOUS


def our_spelling(name: str, quote: str = '"') -> str:
    """The tag to write instead, with a default for customers without the fact; empty where it is unclear."""
    fact = fact_for(name)
    default = "there" if fact.startswith("customer.first_name") else "..."
    return f"{{{{ {fact.replace('""', f'{quote}{default}{quote}')} }}}}" if fact else ""


def plain_name(name: str) -> str:
    """`User.UserAttributes.FirstName` is `first_name`; never empty."""
    text = _CAMEL.sub("_", name.strip())
    lowered = text.lower().replace("user_attributes", "userattributes")
    for prefix in _PREFIXES:
        lowered = lowered.removeprefix(prefix)
    return _WORDS.sub("_", lowered).strip("_") or "value"


def quoted(text: str) -> str:
    """A text of Jinja; characters that could end it are taken out."""
    return '"' + re.sub(r'["\\{}%\n\r]', "", text) + '"'
