"""The content of many messages in one bulk call: what they share goes into its template, the rest beside it.

Messages of one campaign differ in a few lines. What is common is put into JSON, signed and sent once and
not fifty times (decision 0024).
"""

from __future__ import annotations

import json
from itertools import count
from typing import TYPE_CHECKING

from outreach.adapters.ses.shared_text import shared_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mypy_boto3_sesv2.type_defs import BulkEmailContentTypeDef

    from outreach.domain.sending.rendering import RenderedEmail

_OPENS, _CLOSES = "{{", "}"
"""What SES's template language (Handlebars) interprets. Everything else stays, and nothing is escaped; but a
brace right after a placeholder would make three, which mean something else."""


def running(emails: Sequence[RenderedEmail]) -> tuple[BulkEmailContentTypeDef, list[str]]:
    """The template of the call, and for each message the data that completes it."""
    data: list[dict[str, str]] = [{"subject": email.subject} for email in emails]
    html = "".join(_template("html", [email.html for email in emails], data))
    text = "".join(_template("text", [email.text for email in emails], data))
    template: BulkEmailContentTypeDef = {
        "Template": {
            "TemplateContent": {"Subject": "{{subject}}", "Html": html, "Text": text},
            "TemplateData": json.dumps(dict.fromkeys(data[0], "")),
        }
    }
    return template, [json.dumps(each, ensure_ascii=False) for each in data]


def _template(name: str, texts: Sequence[str], data: list[dict[str, str]]) -> Iterator[str]:
    """The template's pieces; adds to each message's `data` what only that message has."""
    numbers = count(1)
    for piece in shared_lines(texts):
        if isinstance(piece, str) and _OPENS not in piece and not piece.startswith(_CLOSES):
            yield piece
            continue
        place = f"{name}{next(numbers)}"
        own = [piece] * len(data) if isinstance(piece, str) else piece
        for each, value in zip(data, own, strict=True):
            each[place] = value
        yield f"{{{{{place}}}}}"
