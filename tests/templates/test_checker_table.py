"""Twenty-one mistakes that people made, and the sentence that the checker answers each with."""

import pytest

from outreach_tools.checks import Checker
from templates.small_folder import BODY, BRAND, CAMPAIGN, HEAD, SAMPLE, small_folder

BUTTON = {"_layout/button.mjml": '<mj-button href="[[ href ]]">[[ content ]]</mj-button>'}


def said(files: dict[str, bytes]) -> list[str]:
    """Place, what is wrong and why, of each finding."""
    return [
        f"{each.where}: {each.what}{f' | {each.why}' if each.why else ''}"
        for each in Checker().check(files).findings
    ]


def text(inside: str) -> str:
    return f"<o-card><mj-text>{inside}</mj-text></o-card>"


REFUSED = "a message with this in it is refused when it is sent"
UNREAD = "what cannot be read cannot be sent"
AS_IT_STANDS = "customers would read it as it stands here"
THERE = 'write {{ customer.first_name or "there" }}'
BODIES = {
    "C1 an unclosed tag": (
        text("<b>a"),
        [
            (
                "c/m.mjml:5:22: </mj-text> comes while <b> of line 5 is still open: write </b> before it"
                f" | {UNREAD}"
            )
        ],
    ),
    "C2 curly quotes in Jinja": (
        text("{{ customer.first_name or “you” }}"),
        [f"c/m.mjml:5:18: write straight quotes, ' or \", instead of “ | {REFUSED}"],
    ),
    "C2b curly quotes in HTML": (
        text("<a href=“https://x.example”>a</a>"),
        [
            (
                "c/m.mjml:5:18: this is no well-formed tag: write straight quotes, ' or \", instead of “"
                f" | {UNREAD}"
            )
        ],
    ),
    "C3 a name without its fact": (
        text("{{ first_name }}"),
        [f"c/m.mjml:5:18: nothing is called 'first_name'; did you mean 'customer.first_name'? | {REFUSED}"],
    ),
    "C4 tags of another service": (
        text("*|FNAME|* %FIRSTNAME%"),
        [
            f"c/m.mjml:5:18: *|FNAME|* is a tag of another service; {THERE} | {AS_IT_STANDS}",
            f"c/m.mjml:5:28: %FIRSTNAME% is a tag of another service; {THERE} | {AS_IT_STANDS}",
        ],
    ),
    "C5 a filter of Liquid": (
        text("{{ customer.first_name | default: 'there' }}"),
        [f"c/m.mjml:5:18: write default(\"there\") instead of default: 'there' | {REFUSED}"],
    ),
    "C6 a missing endif": (
        text("{% if order.id %}a"),
        [
            (
                "c/m.mjml:5:36: </mj-text> ends inside {% if %} of line 5: write {% endif %} before it"
                f" | {UNREAD}"
            ),
        ],
    ),
    "C6b one equals sign, and else if": (
        text('{% if order.id = "b" %}a{% endif %}{% if order.id %}a{% else if order.url %}b{% endif %}'),
        [
            f"c/m.mjml:5:18: write == instead of = to compare two values | {REFUSED}",
            f"c/m.mjml:5:71: write {{% elif ... %}} instead of {{% else if ... %}} | {REFUSED}",
        ],
    ),
    "C6c a tag with one brace": (
        text("{{ order.id }"),
        [f"c/m.mjml:5:18: this {{{{ is never closed: end it with }}}} | {UNREAD}"],
    ),
    "C7 pasted from Word": (
        text("<p class=MsoNormal>a<o:p></o:p></p><!--[if gte mso 9]><xml></xml><![endif]-->"),
        [f"c/m.mjml:5:18: this was pasted from Word: paste it again as plain text | {UNREAD}"],
    ),
    "C9 addresses that lead nowhere": (
        text(
            '<a href="mailto:">a</a><a href="https://">a</a><a href="/a b">b</a><a>c</a>'
            '<a href="https://a b.example/x">c</a><a href="tel:">c</a><a href="https:///x">c</a>'
        ),
        [
            "c/m.mjml:5:21: href has nothing behind mailto:; write mailto:hello@shop.example",
            "c/m.mjml:5:44: href has no host behind https://; write the whole address",
            "c/m.mjml:5:74: href must begin with https://, http://, mailto: or tel:",
            (
                'c/m.mjml:5:85: <a> has no href, and is no link; write href="https://..." in it, '
                "or take its tags away"
            ),
            "c/m.mjml:5:96: href has a space in its address; write %20, or take it out",
            "c/m.mjml:5:133: href has nothing behind tel:; write tel:+441234567890",
            "c/m.mjml:5:153: href has no host behind https:///x; write the whole address",
        ],
    ),
    "C10 a picture that is too wide": (
        text('<img src="https://x.example/a.png" alt="" width="1800">'),
        [
            (
                'c/m.mjml:5:18: the picture is 1800 px wide, and a message 600; write width="600" or less'
                " | Outlook shows a picture in the width that is written, and the message with it"
            ),
        ],
    ),
    "C11 an unsubscribe link of another service": (
        text('<a href="*|UNSUB|*">u</a>'),
        [
            (
                "c/m.mjml:5:27: *|UNSUB|* is a tag of another service; write {{ links.unsubscribe }}"
                f" | {AS_IT_STANDS}"
            ),
        ],
    ),
    "C12 a video": (
        '<o-card><mj-video src="https://x.example/a"/></o-card>',
        [
            (
                "c/m.mjml:5:9: <mj-video> cannot stand in <mj-column>; mail programs play no video: "
                "show a picture of it with a link, <mj-image src href alt>"
            ),
        ],
    ),
    "C12b a part that is nearly one": (
        '<o-card><o-buton href="https://x.example">a</o-buton></o-card>',
        [f"c/m.mjml:5:9: there is no part <o-buton>; did you mean <o-button>? | {UNREAD}"],
    ),
    "C13 wrong nesting": (
        "<mj-text>a</mj-text>",
        [
            (
                "c/m.mjml:5:1: <mj-text> cannot stand in <mj-body>; put it in <mj-column> or <mj-hero>, "
                "or in a part that holds one, such as <o-card>"
            ),
        ],
    ),
    "a loop around columns": (
        f"<mj-section>{{% for i in order.items %}}<mj-column/>{{% endfor %}}</mj-section>{BODY}",
        [
            (
                "c/m.mjml:5:13: {% for %} cannot stand in <mj-section>; put it around a whole section, "
                "or inside a column"
            ),
            (
                "c/m.mjml:5:51: {% endfor %} cannot stand in <mj-section>; put it around a whole section, "
                "or inside a column"
            ),
        ],
    ),
    "C17 nine mistakes in one file": (
        (
            '<o-card><o-buton href="https://x.example">a</o-buton>\n'
            '<mj-text color="#12"><a href="http://x.example">{{ custmer.id }} {{ order.id | dat }}</a>\n'
            '<img src="https://x.example/a.png"></mj-text>\n<mj-image src="a.png" alt=""/>\n'
            '<mj-text color="#999999">g {{ order.url }}</mj-text></o-card>'
        ),
        [
            f"c/m.mjml:5:9: there is no part <o-buton>; did you mean <o-button>? | {UNREAD}",
            "c/m.mjml:6:10: color cannot be '#12': write a colour such as #2f5d46 or white",
            (
                "c/m.mjml:6:25: href begins with http://; write https:// | "
                "mail programs warn of links that are not https://, and some open none"
            ),
            f"c/m.mjml:6:49: nothing is called 'custmer'; did you mean 'customer'? | {REFUSED}",
            f"c/m.mjml:6:66: there is no filter 'dat'; did you mean 'date'? | {REFUSED}",
            (
                'c/m.mjml:7:1: <img> has no alt; write alt="what it shows", or alt="" where it only '
                "decorates | many customers read the text instead of the image, or have it read aloud"
            ),
            (
                "c/m.mjml:8:16: src must begin with https://: put the picture on the web, "
                "for mail programs show no other"
            ),
            (
                "c/m.mjml:9:10: #999999 on #ffffff has a contrast of 2.8 to 1; 4.5 is needed | "
                "WCAG AA asks for 4.5 to 1 (large text: 3 to 1): many people cannot read this"
            ),
            (
                'c/m.mjml:9:28: order.url is not known of every customer; write {{ order.url or "..." }}, '
                "or put {% if order.url %} around it | "
                "a message that shows what is not known is not sent, and some would get nothing"
            ),
        ],
    ),
    "C20 a branch that no sample takes": (
        text("{% if customer.attributes.vipp %}a{% elif customer.orders > 5 %}b{% endif %}"),
        [
            f"c/m.mjml:5:{column}: no person in sample.yaml gets what {branch} chooses; add a person who "
            "does to sample.yaml, or take it out | what no sample shows, a customer is the first to see"
            for column, branch in (
                (18, "{% if customer.attributes.vipp %}"),
                (52, "{% elif customer.orders > 5 %}"),
            )
        ],
    ),
    "C21 a hidden preheader": (
        text('<div style="display:none;color:#000">Peek</div><p style="visibility:hidden;color:#eee">a</p>b'),
        [],
    ),
    "C21 a cell on a white table": (
        text('<table style="background:#ffffff"><tr><td><span style="color:#000">a</span></td></tr></table>'),
        [],
    ),
}


@pytest.mark.parametrize(("body", "expected"), BODIES.values(), ids=BODIES)
def test_a_mistake_in_a_message_is_answered_with_this(body: str, expected: list[str]) -> None:
    assert said(small_folder(body, files=BUTTON)) == expected


HEADS = {
    "C16 double quotes inside double quotes": (
        'subject: "Hi {{ customer.first_name or "you" }}"',
        (
            "c/m.mjml:2:41: double quotes cannot stand inside double quotes; write single quotes outside: "
            """subject: 'Hi {{ customer.first_name or "you" }}'"""
        ),
    ),
    "a colon": (
        "subject: Don't miss: x",
        '''c/m.mjml:2:20: put the text between quotes: subject: "Don't miss: x"''',
    ),
    "a bracket": ("subject: [New] Hi", 'c/m.mjml:2:16: put the text between quotes: subject: "[New] Hi"'),
    "a sign": ("subject: @home", 'c/m.mjml:2:10: put the text between quotes: subject: "@home"'),
}


@pytest.mark.parametrize(("line", "expected"), HEADS.values(), ids=HEADS)
def test_a_mistake_in_the_head_of_a_message_is_answered_with_this(line: str, expected: str) -> None:
    assert said(small_folder(head=f'---\n{line}\npreheader: "A word"\n---\n')) == [f"{expected} | {UNREAD}"]


NOT_LOADED = "a campaign with this in it is not loaded, and enrolls no customer"
CAMPAIGNS = {
    "C14 a tab": (
        CAMPAIGN.replace("  - send", "\t- send"),
        [
            (
                "c/campaign.yaml:10:1: is not valid YAML: indent with spaces, not tabs, and quote values "
                f"that begin with @, `, % or {{{{ | {NOT_LOADED}"
            ),
        ],
    ),
    "C15 a key twice": (
        CAMPAIGN.replace("key: order.id", "key: order.id\nkey: order.id"),
        [f"c/campaign.yaml:7:1: `key` stands here a second time (first on line 6) | {NOT_LOADED}"],
    ),
    "C18 a broken step beside a missing message": (
        CAMPAIGN + "  - wait: 2days\n  - send: helo\n",
        [
            (
                "c/campaign.yaml:11:5: step 2, `wait`: not a duration; write a number and a unit, such as "
                f"45m, 12h, 3d or 2w | {NOT_LOADED}"
            ),
            (
                "c/campaign.yaml:12:5: no message 'helo'; there is: m. Or write c/helo.mjml"
                " | a customer at this step gets nothing"
            ),
        ],
    ),
    "C19 wrong indentation": (
        CAMPAIGN + " - send: m\n",
        [
            (
                "c/campaign.yaml:11:2: is not valid YAML: indent this line as the lines of the same list or "
                f"group above it | {NOT_LOADED}"
            ),
        ],
    ),
}


@pytest.mark.parametrize(("campaign", "expected"), CAMPAIGNS.values(), ids=CAMPAIGNS)
def test_a_mistake_in_a_campaign_file_is_answered_with_this(campaign: str, expected: list[str]) -> None:
    assert set(expected) <= set(said(small_folder(files={"c/campaign.yaml": campaign})))


WRONG_TAGS = {
    "{{ order. }}": "a name is missing behind the dot",
    "{{ order.id | }}": "this ends too early: a name is missing before }}",
    "{{ order.id order.x }}": "nothing can follow before 'order': put and, or, == or ~ between two values, "
    "or take it out",
    "{% for x order.items %}{% endfor %}": "in is missing before 'order'",
    "{% if %}a{% endif %}": "this tag lacks a condition or a value: write one into it",
    "{{ (order.id }}": ") is missing before }",
    "{{ order.id! }}": "! means nothing here: take it out, or put text between quotes",
    "{{ order.id ? 'a' : 'b' }}": "write (a if condition else b) instead of condition ? a : b",
    "{% set x %}": "write {% set name = value %}, for a name gets its value in the same tag",
    "{{ order.id and }}": "this ends too early: a value is missing at its end",
}
OF_JINJA = ("expected token", "end of print", "end of statement", "unexpected", "Jinja", "jinja")


@pytest.mark.parametrize(("tag", "right"), WRONG_TAGS.items(), ids=WRONG_TAGS)
def test_a_wrong_tag_is_answered_in_our_own_words(tag: str, right: str) -> None:
    (found,) = Checker().check(small_folder(text(tag))).findings
    assert (found.where, found.what) == ("c/m.mjml:5:18", right)
    assert not any(words in found.what for words in OF_JINJA)


WRONG_YAML = {
    "a colon": (
        BRAND.replace("name: Shop", "name: Shop: x"),
        "quote the whole value when it holds a colon and a space",
    ),
    "a colour without quotes": (
        BRAND.replace("'#222222'", "#222222"),
        "close every bracket that was opened, and quote values that begin with # or {",
    ),
    "a quote without an end": (
        BRAND.replace("name: Shop", 'name: "Shop'),
        "end the text with the quote that it begins with",
    ),
    "indentation": (
        BRAND.replace("language", " language"),
        "quote the whole value when it holds a colon and a space",
    ),
}


@pytest.mark.parametrize(("brand", "right"), WRONG_YAML.values(), ids=WRONG_YAML)
def test_yaml_that_cannot_be_read_is_answered_in_our_own_words(brand: str, right: str) -> None:
    told = [each.what for each in Checker().check(small_folder(files={"brand.yaml": brand})).findings]
    assert set(told) == {f"this is not YAML: {right}"}


SEVERAL = {
    "a wrong tag and a wrong fact": (text("<a href=“x”>a</a>{{ custmer.id }}"), {"unreadable", "words"}),
    "an unclosed tag and a link": (text('<b>a<a href="http://x.example">b</a>'), {"unreadable", "link"}),
    "a stray end and grey words": (
        '<o-card></b><mj-text color="#999999">a</mj-text></o-card>',
        {"unreadable", "colour-contrast"},
    ),
    "an attribute twice and a tag of another service": (
        '<o-card><mj-text color="#000" color="#111">*|FNAME|*</mj-text></o-card>',
        {"unreadable", "foreign-tag"},
    ),
    "a wrong attribute of a part and a link": (
        '<o-card><o-button hrf="x" href="http://x.example">a</o-button></o-card>',
        {"unreadable", "link"},
    ),
    "a missing attribute of a part and a fact": (
        "<o-card><o-button>a {{ custmer.id }}</o-button></o-card>",
        {"unreadable", "words"},
    ),
    "an unknown part around everything and a picture": (
        '<o-zebra><mj-image src="https://x.example/a.png"/></o-zebra>',
        {"unreadable", "image-alt"},
    ),
}


@pytest.mark.parametrize(("body", "rules"), SEVERAL.values(), ids=SEVERAL)
def test_what_cannot_be_read_hides_nothing_else(body: str, rules: set[str]) -> None:
    found = Checker().check(small_folder(body, files=BUTTON)).findings
    assert {each.rule for each in found} == rules


def test_what_is_wrong_in_one_message_is_not_forgotten_when_it_is_sent() -> None:
    checker = Checker()
    wrong = small_folder('<o-card><o-buton href="https://x.example">a</o-buton></o-card>', files=BUTTON)
    assert checker.check(wrong).errors
    assert not checker.check(small_folder(files=BUTTON)).errors


def test_a_person_with_the_fact_makes_the_branch_seen() -> None:
    sample = SAMPLE + "  vip: {customer: {attributes: {vip: true}}}\n"
    body = text("{% set vip = customer.attributes.vip %}{% if vip %}a{% endif %}")
    assert said(small_folder(body, files={"c/sample.yaml": sample})) == []
    assert len(said(small_folder(body))) == 1
    assert HEAD


def test_a_file_of_another_kind_is_not_answered_with_thousands_of_findings() -> None:
    found = Checker().check(small_folder(text("a < b " * 5_000))).findings
    assert 1 < len(found) <= 60
