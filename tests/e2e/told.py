"""What a list of events says about each customer: the facts that expected mail is derived from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

NEVER = datetime.max.replace(tzinfo=UTC)
ZONE_OF_COUNTRY = {
    "US": "America/Chicago",
    "GB": "Europe/London",
    "AU": "Australia/Sydney",
    "CA": "America/Toronto",
    "DE": "Europe/Berlin",
    "ES": "Europe/Madrid",
    "FR": "Europe/Paris",
    "JP": "Asia/Tokyo",
}


@dataclass(slots=True)
class Parcel:
    """One order: its first promise, its reported delays, and when it was shipped."""

    placed_at: datetime
    promised_at: datetime
    delays: list[tuple[datetime, datetime]] = field(default_factory=list)
    """When it was reported, and the new promise."""
    shipped_at: datetime = NEVER
    lines: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Life:
    """One customer."""

    id: str
    zone: ZoneInfo
    signed_up_at: datetime
    consents: bool
    profile_complete: bool
    activated_at: datetime = NEVER
    withdrawn_at: datetime = NEVER
    deleted_at: datetime = NEVER
    parcels: dict[str, Parcel] = field(default_factory=dict)
    delivered: list[tuple[datetime, str]] = field(default_factory=list)
    """When, and which product line."""
    used: dict[str, datetime] = field(default_factory=dict)
    """Feature of a product, and when it was first tried."""

    @property
    def gone_at(self) -> datetime:
        """When marketing ended permanently."""
        return min(self.withdrawn_at, self.deleted_at) if self.consents else self.signed_up_at


def lives(events: Iterable[tuple[str, Mapping[str, Any]]]) -> dict[str, Life]:
    """Read names and details of events, in time's order."""
    found: dict[str, Life] = {}
    for name, detail in events:
        at, who = datetime.fromisoformat(detail["occurred_at"]), detail["customer"]
        if name == "customer.signed_up":
            found[who["id"]] = Life(
                id=who["id"],
                zone=ZoneInfo(who.get("time_zone") or ZONE_OF_COUNTRY[who["country"]]),
                signed_up_at=at,
                consents=who["consent"]["marketing"],
                profile_complete=who["attributes"]["profile_complete"],
            )
            continue
        _live(found[who["id"]], name, at, detail)
    return found


def _live(life: Life, name: str, at: datetime, detail: Mapping[str, Any]) -> None:
    order = detail.get("order", {})
    match name:
        case "customer.activated":
            life.activated_at = at
        case "customer.updated":
            life.withdrawn_at = at
        case "customer.deleted":
            life.deleted_at = at
        case "product.feature_used":
            life.used.setdefault(detail["properties"]["feature"], at)
        case "order.placed":
            lines = [item["product_line"] for item in order["items"]]
            promised_at = datetime.fromisoformat(order["promised_at"])
            life.parcels[order["id"]] = Parcel(at, promised_at, lines=lines)
        case "order.delayed":
            promised_at = datetime.fromisoformat(order["promised_at"])
            life.parcels[order["id"]].delays.append((at, promised_at))
        case "order.shipped":
            life.parcels[order["id"]].shipped_at = at
        case "order.delivered":
            life.delivered += [(at, line) for line in life.parcels[order["id"]].lines]
