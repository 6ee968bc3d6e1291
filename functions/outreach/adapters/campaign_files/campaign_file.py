"""Translates campaign files: from the text of `campaign.yaml` to a Campaign, or to all its problems.

YAML and pydantic are imported at the first file, so that importing this module costs nothing.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from outreach.domain.journeys.campaign import Campaign


def load(
    text: str, *, file: str, version: str = "", check_expression: Callable[[str], None] | None = None
) -> Campaign:
    """Read a campaign file; `file` is its name, for messages and for the rule that folder and name agree.

    `text` may have that of `facts.yaml` below it (see `with_facts`); the campaign then knows its types.

    `check_expression` raises TemplateError (or ValueError) for an expression that is not one. Raises
    InvalidCampaign with every problem found; each says file, line, what, and what would be right.
    """
    from outreach.adapters.campaign_files.check import checked_campaign  # noqa: PLC0415 - pydantic is slow to import

    return checked_campaign(text, file, version, check_expression)


def campaign_schema() -> dict[str, object]:
    """The JSON Schema of campaign files, for editors; kept in docs/campaign.schema.json."""
    from outreach.adapters.campaign_files.check import campaign_json_schema  # noqa: PLC0415 - pydantic is slow to import

    return campaign_json_schema()


if __name__ == "__main__":
    print(json.dumps(campaign_schema(), indent=2))  # noqa: T201 - this is the command's answer
