"""A visitor's choices, kept in the address: which person, language and view."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self
from urllib.parse import urlencode


class View(StrEnum):
    """How a message is shown. The order is that of the keys 1 to 6."""

    DESKTOP = "desktop"
    PHONE = "phone"
    DARK = "dark"
    PHONE_DARK = "phone-dark"
    IMAGES_OFF = "images-off"
    TEXT = "text"

    @property
    def words(self) -> str:
        return {"phone-dark": "Phone, dark", "images-off": "Images off"}.get(self, self.capitalize())

    @property
    def is_phone(self) -> bool:
        return self in {View.PHONE, View.PHONE_DARK}

    @property
    def is_dark(self) -> bool:
        return self in {View.DARK, View.PHONE_DARK}


@dataclass(frozen=True, slots=True)
class Choice:
    """An empty text chooses what fits best."""

    person: str = ""
    language: str = ""
    view: View = View.DESKTOP

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Self:
        """From an address; an unknown value is left at its default."""
        view = query.get("view", "")
        known = View(view) if view in set(View) else View.DESKTOP
        return cls(query.get("sample", ""), query.get("language", ""), known)

    def query(self, **changed: str) -> str:
        """With a leading `?`, or empty when everything is at its default."""
        now = replace(self, **changed)  # type: ignore[arg-type]  # names are the fields'
        said = {"sample": now.person, "language": now.language}
        if now.view != View.DESKTOP:
            said["view"] = str(now.view)
        told = urlencode({name: value for name, value in said.items() if value})
        return f"?{told}" if told else ""
