"""Invents the customers of the orders file."""

from dataclasses import dataclass

from outreach_tools.demo.dice import Dice

CONSENTING = 0.9
"""Share of customers who allow marketing mail at the checkout."""
KNOWN_ZONE = 0.8
"""Share of customers whose time zone the shop knows; of the others it knows the country."""
COMPLETE_PROFILE = 0.3


@dataclass(frozen=True, slots=True)
class Place:
    """Where a customer lives and which language they speak."""

    country: str
    locale: str
    time_zone: str
    first_names: tuple[str, ...]
    last_names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Person:
    """An invented customer; `id` is the number in the orders file."""

    id: str
    first_name: str | None
    """None for customers who never gave their name."""
    last_name: str
    email: str
    country: str
    locale: str
    time_zone: str | None
    consents: bool
    profile_complete: bool


def invent(number: str, dice: Dice) -> Person:
    """The same customer for the same seed."""
    place = dice.pick("place", _PLACES)
    first_name = dice.pick("first name", place.first_names)
    return Person(
        id=f"c-{number}",
        first_name=None if dice.happens("keeps the name private", 0.05) else first_name,
        last_name=dice.pick("last name", place.last_names),
        email=f"customer-{number}@example.com",
        country=place.country,
        locale=place.locale,
        time_zone=place.time_zone if dice.happens("zone is known", KNOWN_ZONE) else None,
        consents=dice.happens("consents", CONSENTING),
        profile_complete=dice.happens("profile is complete", COMPLETE_PROFILE),
    )


_ENGLISH = (
    "Amelia",
    "Grace",
    "Harold",
    "Ida",
    "Jonas",
    "Kit",
    "Lena",
    "Miles",
    "Nora",
    "Oscar",
    "Pearl",
    "Ruth",
)
_SURNAMES = ("Abbott", "Bell", "Carver", "Doyle", "Ellis", "Finch", "Hale", "Lowe", "Marsh", "Nash", "Pike")
_PLACES = (
    Place("US", "en-US", "America/New_York", _ENGLISH, _SURNAMES),
    Place("US", "en-US", "America/Chicago", _ENGLISH, _SURNAMES),
    Place("US", "en-US", "America/Los_Angeles", _ENGLISH, _SURNAMES),
    Place("GB", "en-GB", "Europe/London", _ENGLISH, _SURNAMES),
    Place("AU", "en-AU", "Australia/Sydney", _ENGLISH, _SURNAMES),
    Place("CA", "fr-CA", "America/Toronto", ("Élodie", "Luc", "Maude", "Rémi"), ("Côté", "Gagnon", "Lavoie")),
    Place("DE", "de-DE", "Europe/Berlin", ("Anke", "Jürgen", "Käthe", "Malte"), ("Brandt", "Krüger", "Weiß")),
    Place(
        "ES", "es-ES", "Europe/Madrid", ("Begoña", "Iñaki", "Lucía", "Martín"), ("Ibáñez", "Muñoz", "Ruiz")
    ),
    Place("FR", "fr-FR", "Europe/Paris", ("Aurélie", "Benoît", "Clémence"), ("Girard", "Lefèvre", "Noël")),
    Place("JP", "ja-JP", "Asia/Tokyo", ("葵", "健太", "結衣"), ("佐藤", "鈴木", "高橋")),
)
