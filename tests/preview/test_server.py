"""The preview's answers: the bytes of messages, and which requests get them."""

import email
import email.policy
from email.message import EmailMessage

import pytest
import yaml

from local_cloud import LocalCloud
from preview.desk import PROJECT, Desk


def parts_of(raw: bytes) -> tuple[str, bytes, bytes]:
    """Subject, HTML and text of a MIME message, decoded."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    html, text = message.get_body(("html",)), message.get_body(("plain",))
    assert html is not None
    assert text is not None
    # In transport a message's lines end as SMTP requires.
    html_part, text_part = (part.get_content().replace("\r\n", "\n").encode() for part in (html, text))
    return str(message["Subject"]), html_part, text_part


def test_what_is_shown_is_byte_for_byte_what_is_sent(desk: Desk) -> None:
    with LocalCloud(start="2026-03-02T09:00:00Z", project=PROJECT) as cloud:
        cloud.emit(
            "customer.signed_up",
            {
                "event_id": "e-1",
                "occurred_at": "2026-03-02T09:00:00Z",
                "customer": {
                    "id": "c-zoë",
                    "email": "zoe@example.com",
                    "first_name": "Zoë <3 🌻",
                    "locale": "en-GB",
                    "consent": {"marketing": True, "source": "test", "at": "2026-03-02T09:00:00Z"},
                },
            },
        )
        cloud.settle()
        (sent,) = cloud.outbox
        subject, html, text = parts_of(sent.raw)
        unsubscribe_path = sent.headers["List-Unsubscribe"].strip("<>")
    sample = yaml.safe_load((desk.folder / "onboarding/sample.yaml").read_text())
    customer = {"id": "c-zoë", "email": "zoe@example.com", "first_name": "Zoë <3 🌻", "locale": "en-GB"}
    links = {"unsubscribe": unsubscribe_path, "preferences": unsubscribe_path.replace("/u/", "/p/")}
    sample["people"] = {"zoe": {"customer": customer, "links": links}}
    (desk.folder / "onboarding/sample.yaml").write_text(yaml.safe_dump(sample, allow_unicode=True))

    page = desk.get("/campaigns/onboarding/welcome?sample=zoe")[2].decode()
    assert desk.get("/messages/onboarding/welcome.html?sample=zoe")[2].strip() == html.strip()
    assert desk.get("/messages/onboarding/welcome.txt?sample=zoe")[2].strip() == text.strip()
    assert f'<h1 class="subject">{subject.replace("&", "&amp;").replace("<", "&lt;")}</h1>' in page


@pytest.mark.parametrize("view", ["desktop", "phone", "dark", "phone-dark"])
def test_the_view_does_not_change_a_byte(desk: Desk, view: str) -> None:
    plain = desk.get("/messages/onboarding/welcome.html")[2]

    assert desk.get(f"/messages/onboarding/welcome.html?view={view}")[2] == plain


def test_without_images_only_the_header_says_so(desk: Desk) -> None:
    _, with_images, plain = desk.get("/messages/onboarding/welcome.html")
    _, without, bare = desk.get("/messages/onboarding/welcome.html?images=off")

    assert plain == bare
    assert "img-src https:" in with_images["content-security-policy"]
    assert "img-src 'none'" in without["content-security-policy"]


def test_a_message_may_run_nothing(desk: Desk) -> None:
    policy = desk.get("/messages/onboarding/welcome.html?sample=hostile-name")[1]["content-security-policy"]

    assert policy.startswith("default-src 'none'")
    assert "script-src" not in policy
    assert "allow-scripts" not in policy


def test_a_language_is_chosen_or_the_persons_own(desk: Desk) -> None:
    own = desk.get("/messages/delay-notification/delayed.txt?sample=new")[2].decode()
    chosen = desk.get("/messages/delay-notification/delayed.txt?sample=new&language=fr")[2].decode()

    assert "Hola" in own
    assert "Bonjour" in chosen


@pytest.mark.parametrize(
    "path",
    ["/nothing", "/campaigns/gone", "/campaigns/onboarding/gone", "/messages/onboarding/gone.html",
     "/messages/onboarding/welcome.html?sample=nobody", "/../../etc/passwd", "/style.css/x", "/checks/gone"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(desk: Desk, path: str) -> None:
    status, _, body = desk.get(path)

    assert status == 404
    assert b"Not found" in body


def test_another_sites_page_reads_nothing_here(desk: Desk) -> None:
    assert desk.get("/", host="evil.example.com:4680")[0] == 403


def test_a_message_that_cannot_be_rendered_says_where_and_why(desk: Desk) -> None:
    desk.edit_and_wait("onboarding/welcome.mjml", "{{ customer.first_name or", "{{ customer.frist_name or")

    status, _, body = desk.get("/messages/onboarding/welcome.html")

    assert status == 422
    assert b"onboarding/welcome.mjml:8" in body
