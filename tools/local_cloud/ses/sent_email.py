"""One e-mail that SES accepted and sent."""

import json
import zlib
from dataclasses import dataclass, field
from datetime import datetime

from local_cloud.ses.mime import compose


def pack(subject: str, text: str, html: str) -> bytes:
    """Bodies are kept compressed: a long simulation holds tens of thousands of them."""
    return zlib.compress(json.dumps([subject, text, html]).encode(), 1)


@dataclass(frozen=True, slots=True)
class SentEmail:
    """A sent e-mail, as its recipient got it."""

    message_id: str
    sent_at: datetime
    sender: str
    recipients: tuple[str, ...]
    """All recipients, plain addresses."""
    reply_to: tuple[str, ...]
    headers: dict[str, str]
    """`From` and the custom headers of the request; for a raw message, all of its headers."""
    tags: dict[str, str]
    configuration_set: str
    function: str
    """Logical id of the function that sent it."""
    to_addresses: tuple[str, ...] = ()
    cc_addresses: tuple[str, ...] = ()
    _body: bytes = field(default=b"", repr=False)
    _raw: bytes = field(default=b"", repr=False)

    @property
    def to(self) -> str:
        """The (first) recipient's address."""
        return self.recipients[0]

    @property
    def subject(self) -> str:
        return self._parts()[0]

    @property
    def text(self) -> str:
        return self._parts()[1]

    @property
    def html(self) -> str:
        return self._parts()[2]

    @property
    def raw(self) -> bytes:
        """The MIME message."""
        if self._raw:
            return zlib.decompress(self._raw)
        subject, text, html = self._parts()
        return compose(
            sender=self.sender,
            to=self.to_addresses,
            cc=self.cc_addresses,
            reply_to=self.reply_to,
            subject=subject,
            text=text,
            html=html,
            headers=self.headers,
            message_id=self.message_id,
            sent_at=self.sent_at,
        )

    def _parts(self) -> tuple[str, str, str]:
        subject, text, html = json.loads(zlib.decompress(self._body))
        return subject, text, html
