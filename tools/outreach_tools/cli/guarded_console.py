"""A console that shows control characters instead of obeying them."""

from collections.abc import Iterable
from typing import override

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

from outreach_tools.printable import printable


class GuardedConsole(Console):
    """Filters whatever is rendered: text, tables, trees and progress. Its own colours are no text."""

    @override
    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        for segment in super().render(renderable, options):
            text, style, control = segment
            yield segment if control else Segment(printable(text), style)
