"""The roles of the stack: what each may do, and what each has done."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from local_cloud.access.actions import Need
from local_cloud.access.callers import ACCOUNT, Caller, role_name
from local_cloud.access.managed import statements_of
from local_cloud.access.policies import as_list, decide, matches
from local_cloud.errors import AwsError


@dataclass(slots=True)
class _Role:
    name: str
    arn: str
    trusted: frozenset[str]
    statements: list[Mapping[str, Any]]
    used: set[str] = field(default_factory=set)
    asked_keys: frozenset[str] = frozenset()
    """Condition keys of its statements, in lower case: no other can change a decision."""
    decisions: dict[tuple[str, tuple[str, ...], tuple[tuple[str, tuple[str, ...]], ...]], bool] = field(
        default_factory=dict
    )


class Roles:
    """Every role by name."""

    def __init__(self) -> None:
        self._roles: dict[str, _Role] = {}

    def add(
        self,
        name: str,
        trust: Mapping[str, Any],
        policies: Iterable[Mapping[str, Any]],
        managed: Iterable[str],
    ) -> str:
        """Create a role and return its ARN."""
        statements = [s for policy in policies for s in as_list(policy["Statement"])]
        statements += [s for arn in managed for s in statements_of(arn)]
        trusted = frozenset(
            str(service)
            for statement in as_list(trust["Statement"])
            for service in as_list(statement.get("Principal", {}).get("Service", []))
        )
        arn = f"arn:aws:iam::{ACCOUNT}:role/{name}"
        self._roles[name] = _Role(name, arn, trusted, statements, asked_keys=_asked_keys(statements))
        return arn

    def extend(self, name: str, policy: Mapping[str, Any]) -> None:
        """Attach one more policy document to a role."""
        role = self._role(name)
        role.statements += as_list(policy["Statement"])
        role.asked_keys = _asked_keys(role.statements)
        role.decisions.clear()

    def exists(self, arn_or_name: str) -> bool:
        return role_name(arn_or_name) in self._roles

    def trusts(self, arn_or_name: str, service: str) -> bool:
        """Whether a service may assume the role."""
        return service in self._role(role_name(arn_or_name)).trusted

    def require(self, caller: Caller, need: Need) -> None:
        """Raise AccessDenied when the caller's role does not allow what is needed.

        Raises AwsError with the code and the text of AWS.
        """
        role = self._role(caller.role)
        context = {name: values for name, values in need.context.items() if name.lower() in role.asked_keys}
        key = (need.action, need.resources, tuple(context.items()))
        allowed = role.decisions.get(key)
        if allowed is None:
            allowed = role.decisions[key] = decide(role.statements, need.action, need.resources, context)
            role.used.add(need.action)
        if not allowed:
            code = "AccessDenied" if need.action.startswith("s3:") else "AccessDeniedException"
            session = f"arn:aws:sts::{ACCOUNT}:assumed-role/{role.name}/{caller.function or 'service'}"
            raise AwsError(
                code,
                f"User: {session} is not authorized to perform: {need.action} on resource: "
                f"{need.resources[0]} because no identity-based policy allows the action",
                403,
            )

    def used(self) -> dict[str, frozenset[str]]:
        """The actions that each role has used so far."""
        return {name: frozenset(role.used) for name, role in self._roles.items()}

    def unused(self) -> dict[str, tuple[str, ...]]:
        """For each role the allowed action patterns that nothing has used so far."""
        found = {}
        for name, role in self._roles.items():
            granted = {
                a for s in role.statements if s["Effect"] == "Allow" for a in as_list(s.get("Action", []))
            }
            idle = [g for g in sorted(granted) if not any(matches(g.lower(), u.lower()) for u in role.used)]
            if idle:
                found[name] = tuple(idle)
        return found

    def _role(self, name: str) -> _Role:
        if name not in self._roles:
            raise AwsError("AccessDeniedException", f"role {name} does not exist in the stack", 403)
        return self._roles[name]


def _asked_keys(statements: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    tests = (test for statement in statements for test in statement.get("Condition", {}).values())
    return frozenset(name.lower() for test in tests for name in test)
