"""Finds the project whose template is deployed."""

from pathlib import Path


def project_directory(start: Path) -> Path:
    """The nearest directory, from `start` upwards, that holds a template.yaml.

    Raises FileNotFoundError when there is none.
    """
    for directory in (start, *start.parents):
        if (directory / "template.yaml").is_file():
            return directory
    raise FileNotFoundError(
        f"no template.yaml in {start} or above it: give project=, the directory that holds it"
    )
