"""The sent messages, as JSON."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from local_cloud import LocalCloud, SentEmail
from outreach_tools.local_server.exchange import RefusedRequestError

FILTERS = ("to", "campaign", "message")


def messages(cloud: LocalCloud, query: Mapping[str, str]) -> list[dict[str, Any]]:
    """Every message in the order of sending, or those that match the filters.

    Raises RefusedRequestError for a filter that does not exist.
    """
    unknown = sorted(set(query) - set(FILTERS))
    if unknown:
        raise RefusedRequestError(
            HTTPStatus.BAD_REQUEST, f"{', '.join(unknown)}: no such filter; use {', '.join(FILTERS)}"
        )
    found = map(_document, cloud.outbox)
    return [each for each in found if all(_same(each[name], value) for name, value in query.items())]


def line_of(sent: SentEmail) -> str:
    """One message on one line, for the terminal."""
    document = _document(sent)
    what = f"{document['campaign']}/{document['message']}"
    return f"{sent.sent_at:%Y-%m-%d %H:%M}  {what} to {sent.to}: {sent.subject}"


def _same(have: str, wanted: str) -> bool:
    return have.casefold() == wanted.casefold()


def _document(sent: SentEmail) -> dict[str, Any]:
    return {
        "at": sent.sent_at.isoformat(),
        "to": sent.to,
        "from": sent.sender,
        "subject": sent.subject,
        "campaign": sent.headers.get("X-Outreach-Campaign", ""),
        "message": sent.headers.get("X-Outreach-Message", ""),
        "text": sent.text,
        "html": sent.html,
        "headers": sent.headers,
    }
