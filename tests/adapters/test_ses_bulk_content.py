"""What messages share goes once in a bulk call, and every message still arrives to the character."""

import json

from hypothesis import example, given
from hypothesis import strategies as st

from local_cloud.ses.templates import check_content, fill
from outreach.adapters.ses.bulk_content import running
from outreach.adapters.ses.shared_text import shared_lines
from outreach.domain.sending.rendering import RenderedEmail

STYLE = "<style>\n.a { color: red; }\n" + ".b { color: blue; }\n" * 100 + "</style>\n"
LINES = st.lists(
    st.sampled_from(
        ["same\n", "other\n", "{{subject}}\n", "{{{html1}}}", "\\", "{", "}", "}\r\n", "", " ", "é\n"]
    )
)
TEXTS = LINES.map("".join)
EMAILS = st.lists(st.builds(RenderedEmail, TEXTS, TEXTS, TEXTS), min_size=2, max_size=5)


def delivered(emails: list[RenderedEmail]) -> list[RenderedEmail]:
    """As SES makes them."""
    content, data = running(emails)
    template = content["Template"]["TemplateContent"]
    if template["Html"] or template["Text"]:
        check_content(template)
    known = [json.loads(each) for each in data]
    return [
        RenderedEmail(*(fill(template[part], words) for part in ("Subject", "Html", "Text")))
        for words in known
    ]


@given(EMAILS)
@example(
    [RenderedEmail("a", ".x {\n color: red;\n}\n", ""), RenderedEmail("b", ".x {\n color: blue;\n}\n", "")]
)
@example([RenderedEmail("a", "x\\\n{{a}}\nb", ""), RenderedEmail("b", "x\\\n{{a}}\nc", "")])
def test_every_message_arrives_to_the_character(emails: list[RenderedEmail]) -> None:
    assert delivered(emails) == emails


@given(st.lists(TEXTS, min_size=1, max_size=5))
def test_the_pieces_give_each_text_back(texts: list[str]) -> None:
    pieces = shared_lines(texts)

    for number, text in enumerate(texts):
        assert "".join(piece if isinstance(piece, str) else piece[number] for piece in pieces) == text


def test_what_is_shared_goes_once_however_long_the_messages_are() -> None:
    emails = [
        RenderedEmail("Hi", f"<title>Hi {number}</title>\n{STYLE}<p>\n{'item\n' * number}</p>\nbye\n", "Hi")
        for number in range(5)
    ]

    content, data = running(emails)

    assert STYLE in content["Template"]["TemplateContent"]["Html"]
    assert content["Template"]["TemplateContent"]["Html"].endswith("</p>\nbye\n")
    assert content["Template"]["TemplateContent"]["Text"] == "Hi"
    assert max(map(len, data)) < 100
    assert delivered(emails) == emails


def test_every_variable_has_a_default_as_ses_demands() -> None:
    content, data = running([RenderedEmail("a", "1\nx\n2", "a"), RenderedEmail("b", "3\nx\n4", "b")])

    defaults = json.loads(content["Template"]["TemplateData"])
    assert defaults.keys() == json.loads(data[0]).keys() == json.loads(data[1]).keys()
