"""Links: every customer may follow their own, and a link cannot be forged for another customer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import a_campaign
from outreach.adapters.pages.signed_links import LinkToken, SignedLinks
from outreach.domain.errors import InvalidTokenError
from outreach.domain.sending.send import SendId

LINKS = SignedLinks("https://mail.example.com/", key=lambda: b"the stack's own secret")
ANA = LinkToken("c-ana", "getting-started")


def test_links_lead_to_the_pages_of_the_stack() -> None:
    links = LINKS.links_for(ANA.customer_id, ANA.topic, a_campaign())

    token = LINKS.token(ANA)
    assert links.unsubscribe == f"https://mail.example.com/u/{token}"
    assert links.preferences == f"https://mail.example.com/p/{token}"
    assert links.survey == f"https://mail.example.com/s/{token}"


def test_a_campaign_may_have_a_survey_elsewhere() -> None:
    campaign = a_campaign(values={"survey_url": "https://survey.example.net/7"})

    assert LINKS.links_for("c-ana", "t", campaign).survey == "https://survey.example.net/7"


def test_the_survey_link_of_a_message_names_its_send() -> None:
    send = SendId(ANA.customer_id, "onboarding", "o-1", 2, "how-is-it-going")

    link = LINKS.survey_of(send, ANA.topic, a_campaign())

    root, _, token = link.rpartition("/")
    assert root == "https://mail.example.com/s"
    assert LINKS.read(token) == LinkToken(ANA.customer_id, ANA.topic, send)


def test_a_campaign_whose_survey_is_elsewhere_has_the_same_link_for_every_send() -> None:
    campaign = a_campaign(values={"survey_url": "https://survey.example.net/7"})
    send = SendId("c-ana", "onboarding", "o-1", 2, "how-is-it-going")

    assert LINKS.survey_of(send, "t", campaign) == "https://survey.example.net/7"


def test_a_link_in_mail_that_was_sent_before_links_named_their_send_is_read() -> None:
    assert LINKS.token(ANA) == "m1gI7ogGIMw8yLOt5FPbhGMtYW5hH2dldHRpbmctc3RhcnRlZA"
    assert LINKS.read("m1gI7ogGIMw8yLOt5FPbhGMtYW5hH2dldHRpbmctc3RhcnRlZA") == ANA


def test_a_token_is_read_back_as_it_was_made() -> None:
    assert LINKS.read(LINKS.token(ANA)) == ANA


@given(customer_id=st.text(st.characters(exclude_categories=("C",)), min_size=1), topic=st.text("abc-"))
def test_a_token_is_one_word_for_any_customer(customer_id: str, topic: str) -> None:
    content = LinkToken(customer_id, topic)
    token = LINKS.token(content)

    assert LINKS.read(token) == content
    assert token.isascii()
    assert token.replace("-", "").replace("_", "").isalnum()


def test_no_character_of_a_token_can_be_changed_left_out_or_added() -> None:
    token = LINKS.token(ANA)
    others = {
        changed
        for place in range(len(token) + 1)
        for changed in (
            *(token[:place] + other + token[place + 1 :] for other in "Ab0-_"),
            token[:place] + token[place + 1 :],
            token[:place] + "A" + token[place:],
            *([token[:place] + "!" + token[place:]] if 0 < place < len(token) else []),
        )
    } - {token}
    assert len(others) > len(token)

    for other in others:
        with pytest.raises(InvalidTokenError):
            LINKS.read(other)


@pytest.mark.parametrize(
    "nonsense", ["", "=", "a", "ñandú", "\x00", "AAAA", "A" * 10_000, "../../etc/passwd"]
)
def test_nonsense_is_no_token(nonsense: str) -> None:
    with pytest.raises(InvalidTokenError):
        LINKS.read(nonsense)


@pytest.mark.parametrize(
    "behind", [".", ")", ">", " ", "/", "=", ",", "\u201d", ").", "/ ", "=20", "/?x", "%20", "%3E"]
)
def test_a_link_survives_what_mail_programs_put_behind_it(behind: str) -> None:
    assert LINKS.read(LINKS.token(ANA) + behind) == ANA


@pytest.mark.parametrize("soft_break", ["=", "=\r\n", "=\n", "= ", "=\r\n "])
def test_a_link_survives_a_line_break_within_it(soft_break: str) -> None:
    token = LINKS.token(ANA)

    for place in range(1, len(token)):
        assert LINKS.read(token[:place] + soft_break + token[place:]) == ANA


@pytest.mark.parametrize("before", ["<", "(", " ", "="])
def test_a_link_survives_what_stands_before_its_token(before: str) -> None:
    assert LINKS.read(before + LINKS.token(ANA)) == ANA


def test_a_token_of_another_stack_is_no_token() -> None:
    other = SignedLinks("https://mail.example.com", key=lambda: b"another secret")

    with pytest.raises(InvalidTokenError):
        LINKS.read(other.token(ANA))


def test_nothing_asks_for_the_key_before_a_link_is_made() -> None:
    def no_key() -> bytes:
        raise AssertionError("asked for")

    links = SignedLinks("https://mail.example.com", key=no_key)

    with pytest.raises(AssertionError, match="asked for"):
        links.token(ANA)
