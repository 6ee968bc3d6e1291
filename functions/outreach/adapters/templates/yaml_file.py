"""Reads the YAML files of a bundle, and reports where one is not YAML."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import yaml

from outreach.adapters.validation.yaml_problems import yaml_problem
from outreach.domain.sending.rendering import TemplateError

if TYPE_CHECKING:
    from outreach.adapters.templates.source_files import SourceFiles


def read_mapping(files: SourceFiles, path: str) -> Mapping[str, Any]:
    """The names and values of a file. Raises TemplateError when it is missing, not YAML, or a bare list."""
    try:
        text = files.text(path)
    except KeyError:
        raise TemplateError("this file is missing", file=path) from None
    try:
        content = yaml.load(text, yaml.CSafeLoader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # ValueError: a date with a 13th month
        (line, column), problem = yaml_problem(error, text)
        raise TemplateError(problem, file=path, line=line, column=column) from None
    if not isinstance(content, Mapping):
        raise TemplateError("write name: value on each line", file=path, line=1, column=1)
    return content
