"""CloudFormation's intrinsic functions and conditions."""

import base64
import re
from collections.abc import Callable, Mapping
from typing import Any

from local_cloud.access.callers import ACCOUNT, REGION
from local_cloud.errors import TemplateError

NO_VALUE = object()
_PLACE = re.compile(r"\$\{([^}]+)\}")


class Resolver:
    """Replaces intrinsic functions by values, as far as the resources they name exist already."""

    def __init__(self, template: Mapping[str, Any], parameters: Mapping[str, str], stack: str) -> None:
        self._template = template
        self._physical: dict[str, str] = {}
        self._attributes: dict[str, Mapping[str, str]] = {}
        self._values = _parameter_values(template.get("Parameters", {}), parameters)
        self._pseudo: dict[str, Any] = {
            "AWS::AccountId": ACCOUNT,
            "AWS::NoValue": NO_VALUE,
            "AWS::NotificationARNs": [],
            "AWS::Partition": "aws",
            "AWS::Region": REGION,
            "AWS::StackId": f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/{stack}/local",
            "AWS::StackName": stack,
            "AWS::URLSuffix": "amazonaws.com",
        }
        self._functions: dict[str, Callable[[Any], Any]] = {
            "Ref": self.ref,
            "Condition": self.condition,
            "Fn::GetAtt": self._get_att,
            "Fn::Sub": self._sub,
            "Fn::Join": lambda v: str(v[0]).join(map(str, self.resolve(v[1]))),
            "Fn::If": lambda v: self.resolve(v[1] if self.condition(v[0]) else v[2]),
            "Fn::Select": lambda v: self.resolve(v[1])[int(self.resolve(v[0]))],
            "Fn::Split": lambda v: self.resolve(v[1]).split(v[0]),
            "Fn::FindInMap": self._find_in_map,
            "Fn::Base64": lambda v: base64.b64encode(str(self.resolve(v)).encode()).decode(),
            "Fn::GetAZs": lambda _: [f"{REGION}{zone}" for zone in "abc"],
            "Fn::Equals": lambda v: self.resolve(v[0]) == self.resolve(v[1]),
            "Fn::Not": lambda v: not self.condition(v[0]),
            "Fn::And": lambda v: all(map(self.condition, v)),
            "Fn::Or": lambda v: any(map(self.condition, v)),
        }

    def created(self, logical_id: str, physical_id: str, attributes: Mapping[str, str]) -> None:
        """Register a resource for references to it."""
        self._physical[logical_id] = physical_id
        self._attributes[logical_id] = attributes

    def condition(self, condition: Any) -> bool:
        """Whether a condition, by name or in place, holds."""
        if isinstance(condition, str):
            return self.condition(self._template["Conditions"][condition])
        return bool(self.resolve(condition))

    def resolve(self, value: Any) -> Any:
        """A copy of a piece of template with every intrinsic function replaced.

        Raises TemplateError for an unknown function or name.
        """
        if isinstance(value, list):
            return [inner for each in value if (inner := self.resolve(each)) is not NO_VALUE]
        if not isinstance(value, Mapping):
            return value
        if len(value) == 1:
            ((name, argument),) = value.items()
            if name in self._functions and (name != "Condition" or isinstance(argument, str)):
                return self._functions[name](argument)
            if name.startswith("Fn::"):
                raise TemplateError(f"{name}: the local cloud does not know this function")
        resolved = ((key, self.resolve(inner)) for key, inner in value.items())
        return {key: inner for key, inner in resolved if inner is not NO_VALUE}

    def ref(self, name: str) -> Any:
        for known in (self._pseudo, self._values, self._physical):
            if name in known:
                return known[name]
        raise TemplateError(f"Ref {name}: there is no such parameter or resource")

    def attribute(self, logical_id: str, name: str) -> str:
        """What Fn::GetAtt gives."""
        attributes = self._attributes.get(logical_id)
        if attributes is None:
            raise TemplateError(f"GetAtt {logical_id}.{name}: there is no resource {logical_id}")
        if name not in attributes:
            known = ", ".join(sorted(attributes)) or "none"
            raise TemplateError(
                f"GetAtt {logical_id}.{name}: the local cloud knows these attributes of it: {known}"
            )
        return attributes[name]

    def _get_att(self, argument: Any) -> str:
        logical_id, name = argument if isinstance(argument, list) else argument.split(".", 1)
        return self.attribute(logical_id, name)

    def _sub(self, argument: Any) -> str:
        text, own = (argument, {}) if isinstance(argument, str) else argument

        def value(place: re.Match[str]) -> str:
            name = place[1]
            if name.startswith("!"):
                return "${" + name[1:] + "}"
            if name in own:
                return str(self.resolve(own[name]))
            if "." in name:
                return self.attribute(*name.split(".", 1))
            return str(self.ref(name))

        return _PLACE.sub(value, text)

    def _find_in_map(self, argument: list[Any]) -> Any:
        mapping, first, second = (self.resolve(each) for each in argument[:3])
        return self._template["Mappings"][mapping][first][second]


def names_in(value: Any) -> set[str]:
    """The logical ids that a piece of template refers to."""
    if isinstance(value, list):
        return set().union(*map(names_in, value)) if value else set()
    if not isinstance(value, Mapping):
        return set()
    found: set[str] = set()
    for key, inner in value.items():
        if key == "Ref":
            found.add(inner)
        elif key == "Fn::GetAtt":
            found.add(inner[0] if isinstance(inner, list) else inner.split(".")[0])
        elif key == "Fn::Sub":
            text, own = (inner, {}) if isinstance(inner, str) else inner
            found |= {n.split(".")[0] for n in _PLACE.findall(text) if n not in own and not n.startswith("!")}
            found |= names_in(own)
        else:
            found |= names_in(inner)
    return found


def _parameter_values(declared: Mapping[str, Any], given: Mapping[str, str]) -> dict[str, Any]:
    if unknown := set(given) - set(declared):
        raise TemplateError(f"parameters {sorted(unknown)}: the template declares {sorted(declared)}")
    values: dict[str, Any] = {}
    for name, declaration in declared.items():
        value = given.get(name, declaration.get("Default"))
        if value is None:
            raise TemplateError(f"parameter {name} has no default: give it, parameters={{{name!r}: …}}")
        allowed = declaration.get("AllowedValues")
        if allowed and str(value) not in map(str, allowed):
            raise TemplateError(f"parameter {name} is {value!r}: use one of {allowed}")
        if "List" in declaration["Type"] or declaration["Type"] == "CommaDelimitedList":
            value = [part.strip() for part in str(value).split(",")] if value != "" else []
        values[name] = value if isinstance(value, list) else str(value)
    return values
