"""The content that is sent: that of the newest published bundle that has the message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from outreach.domain.sending.rendering import RenderedEmail, UnknownMessageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from outreach.adapters.bundles.newest_bundles import NewestBundles
    from outreach.adapters.templates import TemplateBundle


class PublishedContent:
    """Implements the ports Renderer and Expressions. Senders, previews and tests render with it."""

    def __init__(self, newest: NewestBundles, deployed: TemplateBundle) -> None:
        self._newest = newest
        self._deployed = deployed

    def render(
        self, campaign: str, message: str, facts: Mapping[str, object], *, locale: str | None = None
    ) -> RenderedEmail:
        """Raises UnknownMessageError when no published or deployed version has it, and TemplateError."""
        loaded = self._newest.now().get(campaign)
        newest = self._deployed if loaded is None else loaded.templates
        try:
            return newest.render(campaign, message, facts, locale=locale)
        except UnknownMessageError:
            older = self._newest.older_words(campaign, message) or self._deployed
            return older.render(campaign, message, facts, locale=locale)

    def evaluate(self, expression: str, facts: Mapping[str, object]) -> object:
        """The value of an expression; an unknown fact is false. Raises ExpressionFailedError."""
        return self._deployed.evaluate(expression, facts)

    def check_expression(self, expression: str) -> None:
        """Raises TemplateError unless `evaluate` could take it."""
        self._deployed.check_expression(expression)
