"""From an address to an answer of a web server, on a laptop or behind an API."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from importlib.resources import files
from urllib.parse import parse_qsl, unquote, urlsplit

from outreach.domain.sending.rendering import TemplateError
from outreach_tools.preview import pages
from outreach_tools.preview.catalogue import Catalogue, NotHereError
from outreach_tools.preview.choice import Choice

PAGE_POLICY = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self'; connect-src 'self'; "
    "frame-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
EMAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; font-src https:; img-src {images}; "
    "frame-ancestors 'self'; sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox"
)
"""The page does not trust the message in its frame, which may run and send nothing and load only images."""
_ASSETS = {"style.css": "text/css", "script.js": "text/javascript"}


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to the browser."""

    body: bytes
    kind: str = "text/html"
    status: HTTPStatus = HTTPStatus.OK
    headers: Mapping[str, str] = field(default_factory=dict)


def answer(catalogue: Catalogue, address: str) -> Answer:
    """Answer a GET. Every page is made for the present state of the catalogue."""
    split = urlsplit(address)
    parts = [unquote(part) for part in split.path.strip("/").split("/") if part]
    query = dict(parse_qsl(split.query))
    try:
        return _answer(catalogue, parts, query)
    except NotHereError as missing:
        return _page(pages.not_found(catalogue, str(missing)), HTTPStatus.NOT_FOUND)


def _answer(catalogue: Catalogue, parts: list[str], query: Mapping[str, str]) -> Answer:
    match parts:
        case []:
            return _page(pages.overview(catalogue))
        case [name] if name in _ASSETS:
            return Answer((files(__package__) / "assets" / name).read_bytes(), _ASSETS[name])
        case ["campaigns", campaign]:
            return _page(pages.campaign_page(catalogue, campaign, Choice.of(query)))
        case ["campaigns", campaign, message]:
            return _page(pages.message_page(catalogue, campaign, message, Choice.of(query)))
        case ["checks", campaign]:
            return _page(pages.checks(catalogue, campaign, query.get("message", "")))
        case ["messages", campaign, file] if file.endswith((".html", ".txt")):
            return _email(catalogue, campaign, file, query)
        case _:
            raise NotHereError("there is no such page")


def _email(catalogue: Catalogue, campaign: str, file: str, query: Mapping[str, str]) -> Answer:
    """The bytes that would be sent; a header beside them says what they may load."""
    message, _, ending = file.rpartition(".")
    choice = Choice.of(query)
    person = choice.person or catalogue.reader(campaign, message)
    try:
        email = catalogue.email(campaign, message, person, choice.language or None)
    except TemplateError as problem:
        body = f"This message cannot be rendered.\n{problem}\n".encode()
        return Answer(body, "text/plain", HTTPStatus.UNPROCESSABLE_ENTITY)
    images = "'none'" if query.get("images") == "off" else "https: http: data:"
    policy = {"Content-Security-Policy": EMAIL_POLICY.format(images=images)}
    if ending == "txt":
        return Answer(email.text.encode(), "text/plain", headers=policy)
    return Answer(email.html.encode(), "text/html", headers=policy)


def _page(body: str, status: HTTPStatus = HTTPStatus.OK) -> Answer:
    return Answer(body.encode(), status=status, headers={"Content-Security-Policy": PAGE_POLICY})
