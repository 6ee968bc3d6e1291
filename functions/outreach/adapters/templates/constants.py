"""The constants of a campaign's messages: the brand, and the campaign's own values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from markupsafe import escape

from outreach.adapters.templates.sandbox.vocabulary import Vocabulary
from outreach.adapters.templates.yaml_file import read_mapping
from outreach.domain.sending.rendering import TemplateError, UnknownMessageError

if TYPE_CHECKING:
    from outreach.adapters.templates.source_files import SourceFiles

BRAND = "brand.yaml"
REQUIRED = ("name", "language", "site_url", "support_email", "postal_address")


@dataclass(frozen=True, slots=True)
class Constants:
    """Facts that are the same for every customer."""

    brand: Mapping[str, Any]
    values: Mapping[str, Any]
    marketing: bool
    """Marketing messages carry an unsubscribe link."""
    markup: Mapping[str, str]
    """`brand.name`, `values.coupon_code` and so on with their text, escaped for HTML."""

    @property
    def vocabulary(self) -> Vocabulary:
        """The names that a message may use because of them."""
        return Vocabulary(frozenset(self.brand), frozenset(self.values))


def read_constants(files: SourceFiles, campaign: str) -> Constants:
    """Raises TemplateError when brand.yaml or campaign.yaml is missing or has another form."""
    path = f"{campaign}/campaign.yaml"
    if path not in files.files:
        raise UnknownMessageError(f"there is no campaign {campaign!r}", file=path)
    brand = read_mapping(files, BRAND)
    for name in REQUIRED:
        if not brand.get(name):
            near = get_close_matches(name, [each for each in map(str, brand) if each not in REQUIRED], n=1)
            hint = f"; did you mean it by {near[0]!r}?" if near else ""
            raise TemplateError(f"{name} is missing: every e-mail needs it{hint}", file=BRAND)
    content = read_mapping(files, path)
    values = content.get("values") or {}
    if not isinstance(values, Mapping):
        raise TemplateError("values must be names with values, such as coupon_code: HELLO10", file=path)
    return Constants(brand, values, content.get("class") != "transactional", _markup(brand, values))


def _markup(brand: Mapping[str, Any], values: Mapping[str, Any]) -> Mapping[str, str]:
    return {
        f"{name}.{key}": str(escape(value))
        for name, known in (("brand", brand), ("values", values))
        for key, value in known.items()
        if type(value) in {str, int}
    }
