"""Whether SES will take the From and Reply-To that samconfig.toml sets. Run by `make deploy`, before it."""

import shlex
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from outreach.adapters.mime import sender_address
from outreach_tools.local.project import project_directory

SENT_AS = {"FromName": "Juniper & Oak", "FromAddress": "hello@example.com", "ReplyTo": ""}
"""The parameters of template.yaml, with their defaults there."""


def main() -> None:
    """Exit 1, with what would be right, when SES would refuse every message."""
    file = project_directory(Path.cwd()) / "samconfig.toml"
    if problems := [*sender_problems(file.read_text("utf-8"))] if file.is_file() else []:
        sys.exit("\n".join(f"{file.name}: {problem}" for problem in problems))


def sender_problems(samconfig: str) -> Iterator[str]:
    """For the text of a samconfig.toml."""
    given = SENT_AS | _overrides(tomllib.loads(samconfig))
    senders = {"FromName": f"{given['FromName']} <{given['FromAddress']}>", "ReplyTo": given["ReplyTo"]}
    for parameter, sender in senders.items():
        try:
            if sender:
                sender_address(sender)
        except ValueError as problem:
            yield f"{parameter}: {problem}"


def _overrides(config: Mapping[str, object]) -> dict[str, str]:
    """`parameter_overrides` as the SAM CLI reads them: a text or a list of `Name=value`, or a table."""
    found: object = config
    for part in ("default", "deploy", "parameters", "parameter_overrides"):
        found = found.get(part) if isinstance(found, Mapping) else None
    if isinstance(found, Mapping):
        return {str(name): str(value) for name, value in found.items()}
    pairs = shlex.split(found) if isinstance(found, str) else found if isinstance(found, list) else []
    return {name: value for name, _, value in (str(pair).partition("=") for pair in pairs)}


if __name__ == "__main__":
    main()
