"""The errors of the local cloud: those AWS would answer with, and those that mean it cannot do something."""

from typing import Any


class AwsError(Exception):
    """An answer of an AWS service that is an error; the client sees it as a ClientError of that code."""

    def __init__(self, code: str, message: str, status: int = 400, **fields: Any) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status
        self.fields = fields


class NotEmulatedError(NotImplementedError):
    """The real AWS can do this and the local cloud cannot; better loud than wrong."""


class AlreadyRunningError(RuntimeError):
    """Only one LocalCloud can run at a time in a process."""


class TemplateError(ValueError):
    """The template cannot be deployed; the message says where, what is wrong, and what would be right."""
