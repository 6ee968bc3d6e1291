"""Reads the YAML files of a bundle, and says where one is not YAML."""

from collections.abc import Mapping
from typing import Any

import yaml

from outreach.adapters.templates.source_files import SourceFiles
from outreach.domain.rendering import TemplateError


def read_mapping(files: SourceFiles, path: str) -> Mapping[str, Any]:
    """The names and values of a file. Raises TemplateError when it is missing, not YAML, or a bare list."""
    try:
        content = yaml.load(files.text(path), yaml.CSafeLoader)
    except KeyError:
        raise TemplateError("this file is missing", file=path) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise TemplateError(
            f"this is not YAML: {error.problem}", file=path, line=line, column=column
        ) from None
    if not isinstance(content, Mapping):
        raise TemplateError("write name: value on each line", file=path, line=1, column=1)
    return content
