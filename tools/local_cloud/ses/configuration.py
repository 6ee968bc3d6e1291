"""Configuration sets, identities and the suppression list: set up once and read at every send."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from typing import Any

from local_cloud.errors import AwsError


@dataclass(slots=True)
class ConfigurationSet:
    """One configuration set and where its events go."""

    name: str
    suppressed_reasons: tuple[str, ...] | None
    """None means the account's setting."""
    sending_enabled: bool = True
    destinations: dict[str, dict[str, Any]] = field(default_factory=dict)

    def wanting(self, matching: str) -> list[tuple[str, str]]:
        """Where events of this type go: `eventbridge` or `sns`, and the ARN of the bus or topic."""
        return [
            (source, where)
            for each in self.destinations.values()
            if each.get("Enabled", False) and matching in each["MatchingEventTypes"]
            for source, where in (
                ("eventbridge", each.get("EventBridgeDestination", {}).get("EventBusArn", "")),
                ("sns", topic_of(each)),
            )
            if where
        ]


def topic_of(destination: Mapping[str, Any]) -> str:
    """The ARN of the topic of an event destination; empty when it has none."""
    return str(destination.get("SnsDestination", {}).get("TopicArn", ""))


class Identities:
    """Verified addresses and domains; in the local cloud what is created is verified."""

    def __init__(self) -> None:
        self._default_sets: dict[str, str] = {}

    def add(self, identity: str, configuration_set: str) -> None:
        self._default_sets[identity.lower()] = configuration_set

    def remove(self, identity: str) -> None:
        self._default_sets.pop(identity.lower(), None)

    def __contains__(self, identity: str) -> bool:
        return identity.lower() in self._default_sets

    def names(self) -> list[str]:
        return list(self._default_sets)

    def covering(self, sender: str) -> str | None:
        """The identity that lets this sender send: the address, its domain, or a parent domain."""
        address = parseaddr(sender)[1].lower()
        if address in self._default_sets:
            return address
        domain = address.rpartition("@")[2]
        while domain:
            if domain in self._default_sets:
                return domain
            domain = domain.partition(".")[2]
        return None

    def default_configuration_set(self, identity: str) -> str:
        return self._default_sets.get(identity.lower(), "")


class SuppressionList:
    """The account's suppression list."""

    def __init__(self) -> None:
        self._entries: dict[str, tuple[str, float]] = {}

    def put(self, address: str, reason: str, now: float) -> None:
        self._entries[address.lower()] = (reason, now)

    def remove(self, address: str) -> None:
        if self._entries.pop(address.lower(), None) is None:
            raise _not_listed()

    def get(self, address: str) -> tuple[str, float]:
        """Reason and time.

        Raises AwsError when the address is not on the list.
        """
        entry = self._entries.get(address.lower())
        if entry is None:
            raise _not_listed()
        return entry

    def reason(self, address: str) -> str:
        """Why an address is on the list, empty when it is not."""
        return self._entries.get(address.lower(), ("", 0.0))[0]

    def items(self) -> Iterable[tuple[str, tuple[str, float]]]:
        return self._entries.items()


def _not_listed() -> AwsError:
    return AwsError("NotFoundException", "Email address does not exist on your suppression list.", 404)
