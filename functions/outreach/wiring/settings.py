"""The environment that template.yaml gives a function."""

import os
from dataclasses import dataclass
from functools import cache


class MissingSettingError(Exception):
    """An environment variable that template.yaml sets is missing."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The environment that template.yaml gives a function. A setting is read when it is used."""

    environment: dict[str, str]

    def __getitem__(self, name: str) -> str:
        """Raises MissingSettingError, which names the variable."""
        try:
            return self.environment[name]
        except KeyError:
            raise MissingSettingError(
                f"environment variable {name} is not set; template.yaml sets it"
            ) from None


@cache
def settings() -> Settings:
    """The environment as it was at the first call."""
    return Settings(dict(os.environ))
