"""Addresses of Outreach's pages, signed so that a link cannot be forged for another customer.

A token holds ids only and an HMAC-SHA256 over them: no address (RFC 8058 section 3 asks for an opaque part
that is hard to forge). It never expires: the unsubscribe link of the oldest message must work.
"""

from __future__ import annotations

import base64
import hmac
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from outreach.domain.errors import InvalidTokenError
from outreach.domain.journeys.facts import Links
from outreach.domain.sending.send import SendId

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from outreach.domain.journeys.campaign import Campaign

_SIGNATURE_BYTES = 16
_SEPARATOR = "\x1f"
_WORD = re.compile(r"[A-Za-z0-9_-]+")
_SOFT_BREAK = re.compile(r"=\s*(?=[A-Za-z0-9_-])")
"""A line break of quoted-printable (RFC 2045 section 6.7) that a mail program left in an address."""


@dataclass(frozen=True, slots=True)
class LinkToken:
    """The customer of a link, and the topic it opts them out of."""

    customer_id: str
    topic: str
    send: SendId | None = None
    """The send whose message holds the link; only survey links name it, and old ones do not."""


class SignedLinks:
    """Makes links, and reads the tokens in them."""

    def __init__(self, public_url: str, *, key: Callable[[], bytes]) -> None:
        self._root = public_url.rstrip("/")
        self._key = key

    def links_for(self, customer_id: str, topic: str, campaign: Campaign) -> Links:
        """The same customer and topic always get the same links."""
        token = self.token(LinkToken(customer_id, topic))
        return Links(
            unsubscribe=f"{self._root}/u/{token}",
            preferences=f"{self._root}/p/{token}",
            survey=self._survey(token, campaign),
        )

    def survey_of(self, send_id: SendId, topic: str, campaign: Campaign) -> str:
        """The survey link of one message: its answer is kept with the send."""
        return self._survey(self.token(LinkToken(send_id.customer_id, topic, send_id)), campaign)

    def _survey(self, token: str, campaign: Campaign) -> str:
        elsewhere = campaign.values.get("survey_url")
        return elsewhere if isinstance(elsewhere, str) else f"{self._root}/s/{token}"

    def token(self, content: LinkToken) -> str:
        """One URL-safe string."""
        send = content.send
        parts = () if send is None else (send.campaign, send.key, str(send.run), send.step)
        body = _SEPARATOR.join((content.customer_id, content.topic, *parts)).encode()
        return _word(self._signature(body) + body)

    def read(self, given: str) -> LinkToken:
        """Read the token in a link as a browser or mail program made it.

        Mail programs append what follows an address in a text (`.`, `)`, `>`, a space, `/`, `=`) and break
        long lines with `=`: what cannot be part of a token is not read. Raises InvalidTokenError for anything
        that `token` did not make.
        """
        for word in _words_in(given):
            try:
                return self._read(word)
            except InvalidTokenError:
                continue
        raise InvalidTokenError("not a token of this stack")

    def _read(self, token: str) -> LinkToken:
        try:
            signed = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        except ValueError:
            raise InvalidTokenError("not a token") from None
        if _word(signed) != token:
            raise InvalidTokenError("not a token")  # base64 ignores spare bits
        signature, body = signed[:_SIGNATURE_BYTES], signed[_SIGNATURE_BYTES:]
        if not hmac.compare_digest(signature, self._signature(body)):
            raise InvalidTokenError("the signature does not fit")
        customer_id, topic, *parts = body.decode().split(_SEPARATOR)
        if not parts:
            return LinkToken(customer_id, topic)
        campaign, key, run, step = parts
        return LinkToken(customer_id, topic, SendId(customer_id, campaign, key, int(run), step))

    def _signature(self, body: bytes) -> bytes:
        return hmac.digest(self._key(), body, "sha256")[:_SIGNATURE_BYTES]


def _words_in(given: str) -> Iterator[str]:
    """What may be the token: its first word, with the lines joined again or as it stands."""
    found = (_WORD.search(text) for text in (_SOFT_BREAK.sub("", given), given))
    return iter(dict.fromkeys(match[0] for match in found if match))


class UnsignedLinks:
    """The same addresses without a token, for facts that no message is rendered from."""

    def __init__(self, public_url: str) -> None:
        self._root = public_url.rstrip("/")

    def links_for(self, customer_id: str, topic: str, campaign: Campaign) -> Links:  # noqa: ARG002 - of the port
        """The same for every customer, except for the campaign's own survey."""
        survey = campaign.values.get("survey_url")
        return Links(
            unsubscribe=f"{self._root}/u",
            preferences=f"{self._root}/p",
            survey=survey if isinstance(survey, str) else f"{self._root}/s",
        )

    def survey_of(self, send_id: SendId, topic: str, campaign: Campaign) -> str:
        """The same for every send."""
        return self.links_for(send_id.customer_id, topic, campaign).survey


def _word(signed: bytes) -> str:
    return base64.urlsafe_b64encode(signed).decode().rstrip("=")
