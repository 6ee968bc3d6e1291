"""What the demo writes: raw e-mails, pages to look at, figures."""

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest

from outreach_tools.demo.emails import numbered
from outreach_tools.demo.orders_file import purchases_by_customer
from outreach_tools.demo.out_folder import write_out
from outreach_tools.demo.plan import plan
from outreach_tools.demo.summary import Summary
from outreach_tools.demo.tally import Tally

SUBJECT = 'Two for one & a <script>alert("x")</script>'


@dataclass(frozen=True)
class SomeEmail:
    to: str = "customer-0001@example.com"
    subject: str = SUBJECT
    html: str = (
        '<html><div style="display:none;max-height:0">Only today &#847;&nbsp;</div><p>Hello</p></html>'
    )
    text: str = "Hello <you>"
    headers: dict[str, str] = field(
        default_factory=lambda: {
            "X-Outreach-Campaign": "win-back",
            "X-Outreach-Message": "an-offer",
            "X-Outreach-Customer": "c-../1",
        }
    )
    sent_at: datetime = datetime(1997, 2, 3, 4, 5, 6, tzinfo=UTC)
    raw: bytes = b"Subject: Two for one\r\n\r\nHello"


class Page(HTMLParser):
    """Collects the tags of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag == name]


@pytest.fixture
def summary() -> Summary:
    figures = Tally(3, 4, Counter({"an-offer": 2}), 1, Counter({"holdout": 4}), 1, ["c-9"])
    return Summary(2, 696, 12.345, {"win-back": figures}, "ab" * 32)


@pytest.fixture
def out(tmp_path: Path, summary: Summary) -> Path:
    events = plan(purchases_by_customer(), 2, seed=1)
    write_out(tmp_path, numbered([SomeEmail(), SomeEmail()]), events, summary)
    return tmp_path


def test_every_email_is_written_byte_for_byte_under_a_name_that_sorts(out: Path) -> None:
    files = sorted((out / "outbox").iterdir())
    assert [file.name for file in files] == [
        "00001-1997-02-03-win-back-an-offer-c-.._1.eml",
        "00002-1997-02-03-win-back-an-offer-c-.._1.eml",
    ]
    assert files[0].read_bytes() == SomeEmail().raw


def test_a_second_run_leaves_nothing_of_the_first(out: Path, summary: Summary) -> None:
    write_out(out, numbered([SomeEmail()]), [], summary)
    assert len(list((out / "outbox").iterdir())) == 1
    assert len(list((out / "emails").iterdir())) == 2


def test_the_figures_have_the_agreed_form(out: Path) -> None:
    assert json.loads((out / "summary.json").read_text(encoding="utf-8")) == {
        "customers": 2,
        "virtual_days": 696,
        "real_seconds": 12.35,
        "campaigns": {
            "win-back": {
                "enrolled": 3,
                "runs": 4,
                "sent": {"an-offer": 2},
                "held": 1,
                "skipped": {"holdout": 4},
                "goals": 1,
                "holdout": ["c-9"],
            }
        },
        "trace": "ab" * 32,
    }


def test_the_page_needs_nothing_from_elsewhere(out: Path) -> None:
    text = (out / "index.html").read_text(encoding="utf-8")
    page = Page(text)
    assert [attributes for attributes in page.all("script") if "src" in attributes] == []
    assert page.all("link") == []
    assert not re.search(r"url\(|@import|https?://", text)


def test_a_subject_cannot_become_markup(out: Path) -> None:
    page = Page((out / "index.html").read_text(encoding="utf-8"))
    assert len(page.all("script")) == 1


def test_emails_are_shown_in_a_frame_that_may_do_nothing(out: Path) -> None:
    page = Page((out / "index.html").read_text(encoding="utf-8"))
    (frame,) = page.all("iframe")
    assert frame["sandbox"] == ""
    assert frame["title"]
    links = [link for link in page.all("a") if link.get("target") == frame["name"]]
    assert len(links) == 2
    for link in links:
        assert (out / str(link["href"])).read_text(encoding="utf-8") == SomeEmail().html
        assert "Hello &lt;you&gt;" in (out / str(link["data-text"])).read_text(encoding="utf-8")


def test_the_list_shows_the_preheader_without_its_padding(out: Path) -> None:
    assert '<span class="preheader">Only today</span>' in (out / "index.html").read_text(encoding="utf-8")


def test_every_control_of_the_page_has_a_label(out: Path) -> None:
    text = (out / "index.html").read_text(encoding="utf-8")
    page = Page(text)
    controls = len(page.all("select")) + len(page.all("input"))
    assert controls == len(page.all("label"))
    assert page.all("html")[0]["lang"] == "en"
