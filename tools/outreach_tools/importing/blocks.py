"""Builds the conditions and loops of a text from its tags."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from outreach_tools.importing.tags import Part, Tag


@dataclass(slots=True)
class Block:
    """A condition or loop with its content."""

    opening: Tag
    middles: list[Tag] = field(default_factory=list)
    closing: Tag | None = None
    """None where it is never closed: then it is unknown what it controls, and it goes to the end."""
    children: list["Block | Tag"] = field(default_factory=list)

    @property
    def tags(self) -> tuple[Tag, ...]:
        """Its own tags, in order."""
        return (self.opening, *self.middles, *([self.closing] if self.closing else ()))


def in_blocks(tags: Iterable[Tag]) -> list[Block | Tag]:
    """Tags and blocks in order. A tag that closes or continues nothing stays by itself."""
    top: list[Block | Tag] = []
    open_blocks: list[Block] = []

    def inside() -> list[Block | Tag]:
        return open_blocks[-1].children if open_blocks else top

    for tag in tags:
        if tag.part is Part.OPEN:
            block = Block(tag)
            inside().append(block)
            open_blocks.append(block)
        elif tag.part is Part.MIDDLE and open_blocks and open_blocks[-1].opening.language == tag.language:
            open_blocks[-1].middles.append(tag)
        elif tag.part is Part.CLOSE and (found := _opened_by(tag, open_blocks)) is not None:
            for unclosed in open_blocks[found + 1 :]:
                unclosed.closing = None
            open_blocks[found].closing = tag
            del open_blocks[found:]
        else:
            inside().append(tag)
    return top


def _opened_by(closing: Tag, open_blocks: list[Block]) -> int | None:
    """The innermost open block that the tag can close."""
    for index in range(len(open_blocks) - 1, -1, -1):
        opening = open_blocks[index].opening
        if opening.language == closing.language and closing.name in {"", opening.name}:
            return index
    return None
