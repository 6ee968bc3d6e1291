"""HTTP API: the one question that a message may ask. A GET shows it, and only a POST answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from outreach import wiring
from outreach.adapters.pages import read_request
from outreach.domain.errors import InvalidTokenError
from outreach.domain.feedback.survey import SCORES, Question
from outreach.telemetry import observed, tell
from outreach.usecases.feedback.answer_survey import InvalidScoreError

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


@observed
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """An answer that was not offered gets the question again."""
    request = read_request(event)
    pages = wiring.pages()
    try:
        link = wiring.link_reader().read(request.token)
    except InvalidTokenError:
        return pages.not_found(request)
    if not request.acts:
        return pages.survey(request, SCORES)
    try:
        answer = wiring.answer_survey()(
            Question(link.customer_id, link.topic, link.send), request.form.get("score", "")
        )
    except InvalidScoreError:
        return pages.survey(request, SCORES, status=400)
    if answer is not None:
        tell("survey answered", topic=link.topic, score=answer.score)
    return pages.thanks(request)
