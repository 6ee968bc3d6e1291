"""The examined stack, and how commands for it are written."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from outreach_tools.places import command_name

type Lookup = Callable[[str], Sequence[str] | None]
"""The TXT records of a name in DNS; none when there are none, None when DNS gave no answer."""


class Stack(Protocol):
    """What a check needs of a stack."""

    @property
    def outputs(self) -> Mapping[str, str]: ...

    def client(self, service: str) -> Any: ...


@dataclass(frozen=True, slots=True)
class Site:
    """One deployed stack."""

    stack: Stack
    name: str
    lookup: Lookup

    @property
    def sender_domain(self) -> str:
        """Of the address that messages come from, in lower case."""
        return self.stack.outputs["Sender"].rstrip(">").rpartition("@")[2].lower()

    @property
    def region(self) -> str:
        region: str = self.stack.client("sesv2").meta.region_name
        return region

    def outreach(self, command: str) -> str:
        """An `outreach` command as it is typed for this stack."""
        stack = "" if self.name == "outreach" else f" --stack {self.name}"
        return f"{command_name()} {command}{stack}"

    def aws(self, command: str) -> str:
        """A command of the AWS CLI as it is typed for the stack's Region."""
        return f"aws {command} --region {self.region}"
