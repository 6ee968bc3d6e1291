"""Creates the resources of a CloudFormation template in the order of their references."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from local_cloud.deploy.intrinsics import NO_VALUE, Resolver, names_in
from local_cloud.errors import AwsError, TemplateError


@dataclass(frozen=True, slots=True)
class Created:
    """A resource that exists: what Ref gives, and what Fn::GetAtt gives by name."""

    physical_id: str
    attributes: Mapping[str, str] = field(default_factory=dict)


type Properties = dict[str, Any]
type Make = Callable[[str, Properties], Created]
"""(logical id, resolved properties) -> the resource"""


class Stack:
    """One deployed template."""

    def __init__(
        self,
        template: Mapping[str, Any],
        parameters: Mapping[str, str],
        makers: Mapping[str, Make],
        name: str,
    ) -> None:
        self._template = template
        self._makers = makers
        self._resolver = Resolver(template, parameters, name)
        self._created: dict[str, Created] = {}
        self.types: dict[str, str] = {}
        self.outputs: dict[str, Any] = {}

    def deploy(self) -> None:
        """Create everything.

        Raises TemplateError that names the resource which cannot be created.
        """
        for logical_id, resource in self._in_order():
            make = self._makers.get(resource["Type"])
            if make is None:
                raise TemplateError(f"{logical_id}: the local cloud cannot make a {resource['Type']}")
            try:
                created = make(logical_id, self._resolver.resolve(resource.get("Properties", {})))
            except (TemplateError, AwsError) as error:
                raise TemplateError(f"{logical_id} ({resource['Type']}): {error}") from error
            except KeyError as error:
                raise TemplateError(
                    f"{logical_id} ({resource['Type']}): the property {error} is missing"
                ) from error
            self._created[logical_id] = created
            self.types[logical_id] = resource["Type"]
            self._resolver.created(logical_id, created.physical_id, created.attributes)
        for name, output in self._template.get("Outputs", {}).items():
            if "Condition" not in output or self._resolver.condition(output["Condition"]):
                value = self._resolver.resolve(output["Value"])
                if value is not NO_VALUE:
                    self.outputs[name] = value

    def physical_id(self, logical_id: str) -> str:
        return self._known(logical_id).physical_id

    def attribute(self, logical_id: str, name: str) -> str:
        self._known(logical_id)
        return self._resolver.attribute(logical_id, name)

    def of_type(self, resource_type: str) -> list[str]:
        """The logical ids of all resources of a type."""
        return [logical_id for logical_id, found in self.types.items() if found == resource_type]

    def _known(self, logical_id: str) -> Created:
        if logical_id not in self._created:
            raise LookupError(f"no resource {logical_id}: the stack has {', '.join(sorted(self._created))}")
        return self._created[logical_id]

    def _in_order(self) -> list[tuple[str, Mapping[str, Any]]]:
        wanted = {
            logical_id: resource
            for logical_id, resource in self._template["Resources"].items()
            if "Condition" not in resource or self._resolver.condition(resource["Condition"])
        }
        waiting = {name: (_needed_by(resource) & set(wanted)) - {name} for name, resource in wanted.items()}
        ordered: list[str] = []
        while waiting:
            ready = [name for name, needed in waiting.items() if needed <= set(ordered)]
            if not ready:
                raise TemplateError(f"circular references: {' needs '.join(_circle(waiting, set(ordered)))}")
            ordered += ready
            for name in ready:
                del waiting[name]
        return [(name, wanted[name]) for name in ordered]


def _circle(waiting: Mapping[str, set[str]], made: set[str]) -> list[str]:
    """Resources that need each other, beginning and ending with the same one."""
    path = [min(waiting)]
    while True:
        path.append(min(waiting[path[-1]] - made))
        if path[-1] in path[:-1]:
            return path[path.index(path[-1]) :]


def _needed_by(resource: Mapping[str, Any]) -> set[str]:
    depends = resource.get("DependsOn", [])
    return names_in(resource.get("Properties", {})) | set([depends] if isinstance(depends, str) else depends)


def physical_name(stack: str, logical_id: str) -> str:
    """A name like CloudFormation's: the stack, the logical id, and a unique suffix."""
    suffix = hashlib.sha256(f"{stack}/{logical_id}".encode()).hexdigest()[:12].upper()
    return f"{stack}-{logical_id}-{suffix}"
