"""HTTP API: unsubscribing from all marketing (RFC 8058). A GET shows a button, and only a POST acts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from outreach import wiring
from outreach.adapters.pages import read_request
from outreach.domain.errors import InvalidTokenError
from outreach.telemetry import observed, tell

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


@observed
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Any POST opts out: a body that was damaged on the way must not keep a customer in."""
    request = read_request(event)
    try:
        link = wiring.link_reader().read(request.token)
    except InvalidTokenError:
        return wiring.pages().not_found(request)
    if not request.acts:
        return wiring.pages().unsubscribe(request)
    ended = wiring.unsubscribe()(link.customer_id)
    tell("unsubscribed", topic=link.topic, ended=ended)
    return wiring.pages().unsubscribed(request)
