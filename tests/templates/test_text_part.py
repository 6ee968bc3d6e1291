"""The text part says the same as the HTML, and reads as if a person had written it."""

from collections.abc import Callable

import pytest

from outreach.adapters.templates import TemplateBundle
from outreach.domain.sending.rendering import RenderedEmail


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<h1>Title</h1><p>One</p><p>Two<br>lines</p>", "Title\n=====\n\nOne\n\nTwo\nlines\n"),
        ("<h2>Small</h2>Words", "Small\n-----\n\nWords\n"),
        ("<ul><li>One</li><li><strong>Two</strong></li></ul>After", "- One\n- Two\n\nAfter\n"),
        ("<ol><li>One</li><li>Two</li></ol>", "1. One\n2. Two\n"),
        ("<ul>{% for i in order.items %}<li>{{ i.name }}</li>{% endfor %}</ul>", "- Oven\n- Peel\n"),
        ('See <a href="https://a.example">this</a>.', "See this <https://a.example>.\n"),
        ('<a href="https://a.example">https://a.example</a>', "https://a.example\n"),
        ('<a href="mailto:a@b.example">a@b.example</a>', "a@b.example\n"),
        ("Dear Ana,<br><br>\nOne<br>Two<br/> <br/>Three", "Dear Ana,\n\nOne\nTwo\n\nThree\n"),
        ("{% if order.delays %}Late<br><br>but{% endif %} coming", "Late\nbut coming\n"),
        ("<blockquote>Words</blockquote>", "> Words\n"),
        ("A<hr>B", "A\n\n" + "-" * 40 + "\n\nB\n"),
        ("{% if order.delays %}<p>Late</p>{% endif %}<p>End</p>", "Late\n\nEnd\n"),
        ("Hi{% if customer.first_name %}, {{ customer.first_name }}{% endif %}!", "Hi, Ana!\n"),
        ("{% if order.url %}<p>never</p>{% endif %}Only", "Only\n"),
        ("<table><tr><td>a</td><td>b<br>c</td></tr></table>", "a  b c\n"),
    ],
)
def test_html_becomes_text(render: Callable[..., RenderedEmail], markup: str, text: str) -> None:
    assert render(f"<o-card><mj-text>{markup}</mj-text></o-card>").text == text


JOINED = {
    "Persian": ("می\u200cشد", "می\u200cشد"),
    "a family of emoji": ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
    "Hindi, with an element inside": ("क्\u200d<b>ष</b>", "क्\u200dष"),
    "a fact behind a joiner": ("می\u200c{{ customer.first_name }}", "می\u200cAna"),
    "joiners at the ends of words": ("\u200cword\u200d \u200c word", "word word"),
    "filler behind a preheader": (
        "Peek&zwnj;&nbsp;&zwnj;&nbsp;&#847;&#8203;&#65279;&zwnj; text",
        "Peek text",
    ),
    "characters that only HTML needs": ("a\u200bb\ufeffc\u034fd", "abcd"),
}


@pytest.mark.parametrize(("words", "text"), JOINED.values(), ids=JOINED)
def test_joiners_stay_inside_of_words(render: Callable[..., RenderedEmail], words: str, text: str) -> None:
    assert render(f"<o-card><mj-text>{words}</mj-text></o-card>").text == f"{text}\n"


def test_joiners_stay_in_subject_preview_and_alternative_text(render: Callable[..., RenderedEmail]) -> None:
    word = "می\u200cشد"
    image = f'<o-card><mj-image src="https://a.example/x.png" alt="{word}"/></o-card>'
    email = render(image, f'---\nsubject: "{word}"\npreheader: "so {word}"\n---\n')
    assert (email.subject, email.text) == (word, f"{word}\n")
    assert f"so {word}" in email.html


def test_components_become_text(render: Callable[..., RenderedEmail]) -> None:
    email = render(
        "<o-card><mj-text>Top</mj-text><mj-divider/><mj-spacer/>"
        '<mj-image src="https://a.example/x.png" alt="An oven" href="https://a.example"/>'
        '<mj-image src="https://a.example/y.png" alt=""/><mj-raw><p>hidden</p></mj-raw>'
        '<o-button href="https://a.example/?a=1&amp;b=2">Go <strong>on</strong></o-button></o-card>'
    )
    rule = "-" * 40
    assert email.text == f"Top\n\n{rule}\n\nAn oven: https://a.example\n\nGo on: https://a.example/?a=1&b=2\n"


def test_icons_of_networks_have_a_name(render: Callable[..., RenderedEmail]) -> None:
    icons = (
        '<mj-social-element name="facebook-noshare" href="https://a.example/f"/>'
        '<mj-social-element name="x" alt="Us on X" href="https://a.example/x"> </mj-social-element>'
        '<mj-social-element name="github" href="https://a.example/g">Our code</mj-social-element>'
        '<mj-social-element name="pinterest"/>'
    )
    text = render(f"<o-card><mj-social>{icons}</mj-social></o-card>").text
    assert text == (
        "Facebook: https://a.example/f\n\nUs on X: https://a.example/x\n\nOur code: https://a.example/g\n"
    )


def test_a_link_may_come_from_a_class_or_from_the_defaults_of_a_component(
    bundle: Callable[..., TemplateBundle], facts: dict[str, object]
) -> None:
    head = (
        '<mj-attributes><mj-class name="big" font-size="20px"/><mj-class name="go" href="https://a.example/go"/>'
        '<mj-image alt="An oven" href="https://a.example"/><mj-all color="#111111"/></mj-attributes>'
    )
    images = '<mj-image src="https://a.example/x.png"/><mj-image alt=""/>'
    column = f'<mj-button mj-class="go big">Go</mj-button>{images}'
    document = (
        f"<mjml><mj-head>{head}</mj-head><mj-body><mj-section><mj-column>{column}</mj-column></mj-section>"
        "</mj-body></mjml>"
    )
    made = bundle("", files={"c/d.mjml": f"---\nsubject: a\npreheader: b\nlayout: none\n---\n{document}"})
    assert made.render("c", "d", facts).text == "Go: https://a.example/go\n\nAn oven: https://a.example\n"


def test_a_number_in_front_of_a_row_makes_a_numbered_list(render: Callable[..., RenderedEmail]) -> None:
    rows = "<tr><td>1</td><td><strong>Do</strong><br>this</td></tr><tr><td>2</td><td>Then that</td></tr>"
    assert render(f"<o-card><mj-table>{rows}</mj-table></o-card>").text == "1. Do\n   this\n\n2. Then that\n"


def test_lines_are_wrapped_also_when_facts_decide_how_long_they_are(
    render: Callable[..., RenderedEmail],
) -> None:
    words = "word " * 30 + "{{ customer.first_name }} " + "word " * 30
    for name in ("A", "Wolfeschlegelsteinhausenbergerdorff"):
        text = render(f"<o-card><mj-text>{words}</mj-text></o-card>", customer={"first_name": name}).text
        assert max(map(len, text.splitlines())) <= 72
        assert len(text.splitlines()) <= 6


def test_an_address_is_never_broken(render: Callable[..., RenderedEmail]) -> None:
    address = "https://a.example/" + "x" * 100
    assert address in render(f'<o-card><mj-text>See <a href="{address}">it</a></mj-text></o-card>').text


def test_a_text_part_written_by_hand_wins(
    bundle: Callable[..., TemplateBundle], facts: dict[str, object]
) -> None:
    made = bundle(
        "<o-card><mj-text>made</mj-text></o-card>", files={"c/m.txt": "By hand, {{ customer.first_name }}."}
    )
    email = made.render("c", "m", facts)
    assert email.text == "By hand, Ana.\n"
    assert "made" in email.html


def test_an_error_in_a_text_part_written_by_hand_has_its_line(bundle: Callable[..., TemplateBundle]) -> None:
    made = bundle(
        "<o-card><mj-text>made</mj-text></o-card>", files={"c/m.txt": "One\nTwo {{ customer.nme }}"}
    )
    assert [problem.where for problem in made.problems("c")] == ["c/m.txt:2:1"]
