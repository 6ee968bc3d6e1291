"""Comments for Outlook stand in <mj-raw>, in pairs, and come out as they were written."""

from collections.abc import Callable

import pytest

from outreach.adapters.templates import TemplateBundle
from outreach.domain.sending.rendering import RenderedEmail, TemplateError
from outreach_tools.checks import Checker
from templates.small_folder import BODY, small_folder

BUTTON = (
    '<!--[if mso]><v:roundrect xmlns:v="urn:schemas-microsoft-com:vml" href="{{ links.unsubscribe }}" '
    'style="height:40px;v-text-anchor:middle;width:200px;" arcsize="10%" stroke="f" fillcolor="#2f5d46">'
    "<w:anchorlock></w:anchorlock><center>Go</center></v:roundrect><![endif]-->"
)
KEPT = {
    "a table": "<!--[if mso]><table><tr><td>x</td></tr></table><![endif]-->",
    "a ghost table": (
        '<!--[if (gte mso 9)|(IE)]><table width="600"><tr><td><![endif]--><div>a</div>'
        "<!--[if (gte mso 9)|(IE)]></td></tr></table><![endif]-->"
    ),
    "what Outlook does not read": '<!--[if !mso]><!--><a href="https://x.example">a</a><!--<![endif]-->',
    "the older spelling of it": "<!--[if !mso]>--><b>a</b><!--<![endif]-->",
    "a button": BUTTON,
    "a sheet of settings": (
        "<!--[if mso]><noscript><xml><o:officedocumentsettings><o:pixelsperinch>96</o:pixelsperinch>"
        "</o:officedocumentsettings></xml></noscript><![endif]-->"
    ),
    "a condition on facts": "<!--[if mso]>{% if order.id %}<b>{{ order.id }}</b>{% endif %}<![endif]-->",
}
INLINE = '<mj-style inline="inline">b { color: red }</mj-style>'


@pytest.mark.parametrize("style", ["", INLINE])
@pytest.mark.parametrize("raw", KEPT.values(), ids=KEPT)
def test_what_is_for_outlook_comes_out_as_it_was_written(
    bundle: Callable[..., TemplateBundle], facts: dict[str, object], raw: str, style: str
) -> None:
    head = '---\nsubject: "a"\npreheader: "b"\nlayout: none\n---\n'
    page = f"<mjml><mj-head>{style}</mj-head><mj-body><mj-raw>{raw}</mj-raw></mj-body></mjml>"
    made = bundle(page, head)
    assert list(made.problems("c")) == []
    sent: RenderedEmail = made.render("c", "m", facts)
    expected = (
        raw.replace("{% if order.id %}", "").replace("{% endif %}", "").replace("{{ order.id }}", "o-1")
    )
    assert expected.replace("{{ links.unsubscribe }}", "https://x.example/u") in sent.html
    assert sent.text == "\n"


@pytest.mark.parametrize("raw", KEPT.values(), ids=KEPT)
def test_the_checker_has_nothing_against_it(raw: str) -> None:
    assert Checker().check(small_folder(f"<mj-raw>{raw}</mj-raw>{BODY}")).findings == ()


WORD = "this was pasted from Word: paste it again as plain text"
NO_END = "this comment has no end in its <mj-raw>; write <![endif]--> where it ends"
WRONG = {
    "outside of mj-raw": (
        "<o-card><mj-text><!--[if mso]>a<![endif]--></mj-text></o-card>",
        "5:18: comments for Outlook cannot stand here; put them in <mj-raw>",
    ),
    "between components": (
        "<!--[if mso]><![endif]--><o-card/>",
        "5:1: comments for Outlook cannot stand here; put them in <mj-raw>",
    ),
    "without an end": ("<mj-raw><!--[if mso]><b>a</b></mj-raw>", f"5:9: {NO_END}"),
    "an end in another mj-raw": (
        "<mj-raw><!--[if mso]></mj-raw><mj-raw><![endif]--></mj-raw>",
        f"5:9: {NO_END}",
    ),
    "without a beginning": (
        "<mj-raw><b>a</b><![endif]--></mj-raw>",
        "5:17: <![endif]--> ends nothing; write <!--[if mso]> before it, or take it out",
    ),
    "inside each other": (
        "<mj-raw><!--[if mso]><!--[if IE]><![endif]--><![endif]--></mj-raw>",
        "5:22: this comment begins inside that of line 5; write <![endif]--> where it ends",
    ),
    "a table that is not closed": (
        "<mj-raw><!--[if mso]><table><tr><td><![endif]--></mj-raw>",
        "5:49: </mj-raw> comes while <td> of line 5 is still open: write </td> before it",
    ),
    "an element of Outlook for all": ("<mj-raw><v:rect></v:rect></mj-raw>", f"5:9: {WORD}"),
    "words of Word": ("<o-card><mj-text><p class=MsoNormal>a</p></mj-text></o-card>", f"5:18: {WORD}"),
    "a settings comment of Word": (
        "<o-card><mj-text><!--[if gte mso 9]><xml></xml><![endif]--></mj-text></o-card>",
        f"5:18: {WORD}",
    ),
    "a list of Word": (
        "<o-card><mj-text><p><![if !supportLists]>a<![endif]></p></mj-text></o-card>",
        f"5:21: {WORD}",
    ),
    "a condition that is none": (
        "<mj-raw><!--[if {{ order.id }}]>a<![endif]--></mj-raw>",
        (
            '5:9: this is no well-formed tag: write name="value" with quotes, keep Jinja inside the quotes, '
            "and write a bare < as &lt;"
        ),
    ),
}


@pytest.mark.parametrize(("body", "problem"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_with_it_is_reported_with_its_place(
    bundle: Callable[..., TemplateBundle], facts: dict[str, object], body: str, problem: str
) -> None:
    with pytest.raises(TemplateError) as raised:
        bundle(body).render("c", "m", facts)
    assert str(raised.value) == f"c/m.mjml:{problem}"


@pytest.mark.parametrize(
    ("attribute", "right"),
    [
        ('href="javascript:a()"', "href must begin with https://, http://, mailto: or tel:"),
        (
            'src="a.png"',
            "src must begin with https://: put the picture on the web, for mail programs show no other",
        ),
        ('onclick="a()"', "onclick would run a script; e-mails cannot"),
    ],
)
def test_addresses_and_scripts_for_outlook_are_checked_too(
    bundle: Callable[..., TemplateBundle], attribute: str, right: str
) -> None:
    raw = f"<mj-raw><!--[if mso]><v:rect {attribute}></v:rect><![endif]--></mj-raw>"
    assert [each.problem for each in bundle(raw).problems("c")] == [right]
