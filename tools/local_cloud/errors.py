"""The errors of the local cloud: those AWS would answer with, and those of what it cannot do."""

from typing import Any


class AwsError(Exception):
    """An error answer of an AWS service; the client sees it as a ClientError of that code."""

    def __init__(self, code: str, message: str, status: int = 400, **fields: Any) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status
        self.fields = fields


class NotEmulatedError(NotImplementedError):
    """The real AWS can do this and the local cloud cannot: it fails instead of giving a wrong answer."""


class AlreadyRunningError(RuntimeError):
    """Only one LocalCloud can run at a time in a process."""


class TemplateError(ValueError):
    """The template cannot be deployed; the message says where, what is wrong, and what would be right."""
