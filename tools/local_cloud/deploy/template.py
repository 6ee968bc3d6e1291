"""Reads a SAM template, puts local files into it, and makes CloudFormation of it with SAM's translator."""

import json
import logging
import os
import pickle
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import samtranslator
import yaml
from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

from local_cloud.access.callers import REGION
from local_cloud.access.managed import NAMES_FOR_SAM
from local_cloud.errors import TemplateError

_CODE_KEY = "local/"
type Template = dict[str, Any]


class _ManagedPolicies:
    """Replaces the translator's loader, which would ask IAM."""

    def load(self) -> dict[str, str]:
        return NAMES_FOR_SAM


def read_template(path: Path, parameters: Mapping[str, str]) -> Template:
    """The CloudFormation template that SAM makes of a file.

    Raises TemplateError when the file is no template, or SAM refuses it.
    """
    try:
        template = _parsed(path.read_text())
    except (OSError, yaml.YAMLError) as error:
        raise TemplateError(f"{path}: cannot be read as a template: {error}") from None
    if not isinstance(template, dict) or "Resources" not in template:
        raise TemplateError(f"{path}: has no Resources, so it is no template")
    _localize(template, path.parent)
    os.environ.setdefault("AWS_DEFAULT_REGION", REGION)
    # At its end the translator warns that no statistics were published about it.
    logging.getLogger("samtranslator.metrics.metrics").setLevel(logging.ERROR)
    try:
        return pickle.loads(_transformed(pickle.dumps((template, dict(parameters)))))  # type: ignore[no-any-return]  # noqa: S301 - our own
    except samtranslator.model.exceptions.InvalidDocumentException as error:
        causes = "; ".join(cause.message for cause in error.causes)
        raise TemplateError(f"{path}: SAM refuses it: {causes}") from None


@lru_cache(maxsize=8)
def _parse(text: str) -> bytes:
    return pickle.dumps(yaml_parse(text))


def _parsed(text: str) -> Any:
    """A copy of its own for each caller: SAM's translator changes what it gets."""
    return pickle.loads(_parse(text))  # noqa: S301 - our own


@lru_cache(maxsize=32)
def _transformed(pickled: bytes) -> bytes:
    template, parameters = pickle.loads(pickled)  # noqa: S301 - our own
    return pickle.dumps(transform(template, parameters, _ManagedPolicies()))


def stateless_packages(template: Template) -> tuple[str, ...]:
    """The packages that processes may share, by the template's `Metadata`."""
    return tuple(template.get("Metadata", {}).get("LocalCloud", {}).get("StatelessPackages", ()))


def _localize(template: Template, directory: Path) -> None:
    """Replace names of local files by what the translator takes: an S3 object, an inline definition."""
    shared = template.get("Globals", {}).get("Function", {}).pop("CodeUri", None)
    for logical_id, resource in template["Resources"].items():
        properties = resource.setdefault("Properties", {})
        match resource["Type"]:
            case "AWS::Serverless::Function":
                if "InlineCode" not in properties:
                    code = properties.get("CodeUri", shared)
                    properties["CodeUri"] = _place(directory, code, f"{logical_id}.CodeUri")
            case "AWS::Serverless::LayerVersion":
                properties["ContentUri"] = _place(
                    directory, properties.get("ContentUri"), f"{logical_id}.ContentUri"
                )
            case "AWS::Serverless::StateMachine" if isinstance(properties.get("DefinitionUri"), str):
                properties["Definition"] = _definition(
                    directory / properties.pop("DefinitionUri"), logical_id
                )
            case _:
                pass


def _place(directory: Path, uri: object, where: str) -> dict[str, str]:
    if not isinstance(uri, str) or not (directory / uri).is_dir():
        raise TemplateError(
            f"{where}: {uri!r} is not a directory below {directory}; name the folder of the code"
        )
    return {"Bucket": "local", "Key": _CODE_KEY + str((directory / uri).resolve())}


def directory_of(code: Mapping[str, Any], where: str) -> Path:
    """The local directory behind the Code of a function or the Content of a layer."""
    key = str(code.get("S3Key", ""))
    if not key.startswith(_CODE_KEY):
        raise TemplateError(
            f"{where}: only local folders (CodeUri, ContentUri) can be run, not {sorted(code)}"
        )
    return Path(key.removeprefix(_CODE_KEY))


def _definition(path: Path, logical_id: str) -> Any:
    try:
        text = path.read_text()
        return json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise TemplateError(f"{logical_id}.DefinitionUri: {path.name} cannot be read: {error}") from None
