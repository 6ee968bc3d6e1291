"""The words of many letters as a bulk call carries them: what they share in its template, the rest beside it.

Letters of one campaign differ in few of their lines. What is common is put into JSON, signed and sent once,
and not fifty times (decision 0024).
"""

from __future__ import annotations

import json
from itertools import count
from typing import TYPE_CHECKING

from outreach.adapters.ses.shared_lines import shared_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mypy_boto3_sesv2.type_defs import BulkEmailContentTypeDef

    from outreach.domain.sending.rendering import RenderedEmail

_OPENS, _CLOSES = "{{", "}"
"""What SES's template language (Handlebars) understands. All else stands for itself, and nothing is escaped;
but a brace right after a place would make three, which mean something else."""


def running(letters: Sequence[RenderedEmail]) -> tuple[BulkEmailContentTypeDef, list[str]]:
    """The template of the call, and for each letter the data that makes that letter of it."""
    data: list[dict[str, str]] = [{"subject": message.subject} for message in letters]
    html = "".join(_template("html", [message.html for message in letters], data))
    text = "".join(_template("text", [message.text for message in letters], data))
    template: BulkEmailContentTypeDef = {
        "Template": {
            "TemplateContent": {"Subject": "{{subject}}", "Html": html, "Text": text},
            "TemplateData": json.dumps(dict.fromkeys(data[0], "")),
        }
    }
    return template, [json.dumps(each, ensure_ascii=False) for each in data]


def _template(name: str, texts: Sequence[str], data: list[dict[str, str]]) -> Iterator[str]:
    """Its pieces; what a letter has for itself is added to the letter's data."""
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
