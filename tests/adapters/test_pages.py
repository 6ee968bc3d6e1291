"""The pages that links lead to: what a visitor sees, and the headers that a browser gets."""

import base64
import re
from hashlib import sha256
from html.parser import HTMLParser
from typing import Any

import pytest

from outreach.adapters.pages import PageRequest, Pages, read_request
from outreach.adapters.pages.languages import LANGUAGES, preferred_language
from outreach.adapters.pages.words import WORDS

PAGES = Pages('Juniper & <b>"Oak"</b>')
EVERY_PAGE = ("unsubscribe", "unsubscribed", "thanks", "not_found")


def a_visit(language: str = "en", method: str = "GET") -> PageRequest:
    return PageRequest(method, "token", language, {})


def page(name: str, request: PageRequest) -> dict[str, Any]:
    if name == "survey":
        return PAGES.survey(request, range(1, 6))
    response: dict[str, Any] = getattr(PAGES, name)(request)
    return response


class Elements(HTMLParser):
    """The elements of a page, and those that were left open."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


@pytest.mark.parametrize("name", [*EVERY_PAGE, "survey"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_whole_in_every_language_and_loads_nothing(name: str, language: str) -> None:
    response = page(name, a_visit(language))

    elements = Elements(response["body"])
    assert elements.open == []
    assert elements.of("html") == [{"lang": language}]
    assert len(elements.of("h1")) == len(elements.of("main")) == len(elements.of("title")) == 1
    assert {"name": "viewport", "content": "width=device-width, initial-scale=1"} in elements.of("meta")
    assert not {"script", "img", "link", "iframe", "a"} & {tag for tag, _ in elements.found}
    assert response["headers"]["content-language"] == language
    assert "$" not in response["body"]


def test_the_shops_name_cannot_break_the_page() -> None:
    assert "Juniper &amp; &lt;b&gt;&quot;Oak&quot;&lt;/b&gt;" in PAGES.unsubscribe(a_visit())["body"]


def test_unsubscribing_is_one_button_that_posts_what_mail_programs_post() -> None:
    elements = Elements(PAGES.unsubscribe(a_visit())["body"])

    assert elements.of("form") == [{"method": "post"}]
    assert elements.of("button") == [{"name": "List-Unsubscribe", "value": "One-Click"}]
    assert elements.of("input") == []


def test_the_survey_has_a_button_for_each_score() -> None:
    elements = Elements(page("survey", a_visit())["body"])

    assert [button["value"] for button in elements.of("button")] == ["1", "2", "3", "4", "5"]
    assert {button["name"] for button in elements.of("button")} == {"score"}


@pytest.mark.parametrize("name", EVERY_PAGE)
def test_no_page_is_cached_indexed_framed_or_sent_to_others_and_none_sets_a_cookie(name: str) -> None:
    response = page(name, a_visit())
    headers = response["headers"]

    assert (headers["cache-control"], headers["referrer-policy"]) == ("no-store", "no-referrer")
    assert headers["x-robots-tag"] == "noindex, nofollow"
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert "cookies" not in response
    assert not {"set-cookie", "location"} & set(headers)


def test_the_policy_lets_just_the_pages_own_style_through() -> None:
    response = PAGES.unsubscribe(a_visit())
    style = re.search(r"<style>(.*)</style>", response["body"], re.DOTALL)

    assert style
    digest = base64.b64encode(sha256(style[1].encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in response["headers"]["content-security-policy"]


def test_a_head_request_gets_the_same_answer_without_its_body() -> None:
    visit, head = PAGES.unsubscribe(a_visit()), PAGES.unsubscribe(a_visit(method="HEAD"))

    assert head == visit | {"body": ""}


def test_a_foreign_link_reveals_nothing() -> None:
    response = PAGES.not_found(a_visit())

    assert response["statusCode"] == 404
    assert Elements(response["body"]).of("form") == []


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("de", "de"),
        ("de-CH, fr;q=0.9", "de"),
        ("fr;q=0.3, es;q=0.8, en;q=0.2", "es"),
        ("ja, ko;q=0.9, FR-ca;q=0.1", "fr"),
        ("ja", "en"),
        ("*", "en"),
        ("es;q=0, de;q=0.1", "de"),
        ("fr;q=nan, es;q=high, de;q=2, en", "en"),
        (",;q=,=;;,", "en"),
    ],
)
def test_the_readers_language_is_the_best_one_we_have(header: str, language: str) -> None:
    assert preferred_language(header) == language


def test_every_language_says_everything() -> None:
    assert tuple(WORDS) == LANGUAGES
    assert all(WORDS[each].unsubscribe.button for each in LANGUAGES)


def an_event(body: str = "", **fields: Any) -> dict[str, Any]:
    return {
        "headers": {"accept-language": "fr"},
        "pathParameters": {"token": "abc"},
        "requestContext": {"http": {"method": "POST"}},
        "body": body,
        "isBase64Encoded": False,
        **fields,
    }


def test_a_form_is_read_whether_or_not_it_comes_in_base64() -> None:
    plain = read_request(an_event("score=5&x=%C3%A9"))
    encoded = read_request(an_event(base64.b64encode(b"score=5&x=%C3%A9").decode(), isBase64Encoded=True))

    assert plain == encoded == PageRequest("POST", "abc", "fr", {"score": "5", "x": "é"})
    assert plain.acts


@pytest.mark.parametrize(
    "event",
    [
        an_event("&" * 5000),
        an_event("a=1&" * 100),
        an_event("//8=", isBase64Encoded=True),
        an_event("no base64!", isBase64Encoded=True),
        {"requestContext": {"http": {"method": "POST"}}},
    ],
)
def test_a_body_of_nonsense_is_an_empty_form(event: dict[str, Any]) -> None:
    assert read_request(event).form == {}


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "post"])
def test_only_a_post_acts(method: str) -> None:
    assert not a_visit(method=method).acts
