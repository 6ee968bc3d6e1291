"""The checker reports everything that is wrong: where, what, what would be right, and why it matters."""

import re
from html import unescape

import pytest

from outreach.adapters.templates import TemplateBundle
from outreach_tools.checks import Checker, Finding, Severity
from outreach_tools.checks.contrast import colour_of, contrast
from outreach_tools.checks.reasons import REASONS
from templates.small_folder import BODY, BRAND, CAMPAIGN, HEAD, PAGE, SAMPLE, small_folder

LONG = "A subject that goes on and on until nobody reads it to the end"


def findings(files: dict[str, bytes]) -> tuple[Finding, ...]:
    return Checker().check(files).findings


def text(inside: str) -> str:
    return f"<o-card><mj-text>{inside}</mj-text></o-card>"


FOOTER = PAGE.replace("Unsubscribe</a>", "Unsubscribe</a> about {{ order.id }}")
NO_ORDER = CAMPAIGN.replace("key: order.id\n", "")


def two_campaigns(page: str, other: str) -> dict[str, bytes]:
    """The second has two messages, and another person in its sample."""
    more = {
        "_layout/page.mjml": page,
        "d/campaign.yaml": other.replace("name: c", "name: d") + "  - send: n\n",
        "d/sample.yaml": re.sub("order: {id.*", "order: null", SAMPLE).replace("ana:", "bo:"),
        "d/m.mjml": HEAD + BODY,
        "d/n.mjml": HEAD + BODY,
    }
    return small_folder(files=more)


def test_what_is_wrong_in_a_shared_part_is_reported_once_and_names_a_message_that_meets_it() -> None:
    report = Checker().check(two_campaigns(FOOTER, NO_ORDER))

    (finding,) = report.errors
    assert finding.file == "_layout/page.mjml"
    assert finding.what.endswith("put {% if order %} around it (met by d/m.mjml and 1 more)")
    assert [report.of(name) for name in ("c", "d")] == [(), (finding,)]


def test_what_is_wrong_in_a_shared_part_for_every_campaign_belongs_to_each_and_is_reported_once() -> None:
    report = Checker().check(two_campaigns(FOOTER.replace("order.id", "ordr.id"), CAMPAIGN))

    (finding,) = report.errors
    assert finding.what.endswith("(met by c/m.mjml and 2 more)")
    assert [report.of(name) for name in ("c", "d")] == [(finding,), (finding,)]


def test_a_sound_folder_has_no_findings() -> None:
    report = Checker().check(small_folder())
    assert report.findings == ()
    assert report.messages == 1
    assert [campaign and campaign.title for campaign in report.campaigns.values()] == ["A campaign"]


WRONG_BODIES = {
    "an unknown name in a branch that no sample takes": (
        text("{% if order.delays > 9 %}{{ custmer.id }}{% endif %}"),
        ("words", "c/m.mjml:5:43", "did you mean 'customer'"),
    ),
    "an unknown value of the campaign": (
        text("{{ values.cupon_code }}"),
        ("words", "c/m.mjml:5:18", "did you mean 'coupon_code'"),
    ),
    "a missing default": (
        text("{% if order.delays > 9 %}{{ order.delay_reason }}{% endif %}"),
        ("optional-fact", "c/m.mjml:5:43", 'order.delay_reason or "..."'),
    ),
    "invalid MJML": (
        "<o-card><mj-txt>a</mj-txt></o-card>",
        ("markup", "c/m.mjml:5:9", "did you mean <mj-text>"),
    ),
    "a value MJML does not take": (
        '<o-card><mj-text font-size="big">a</mj-text></o-card>',
        ("markup", "c/m.mjml:5:18", "such as 16px"),
    ),
    "a colour that is none": (
        '<o-card><mj-text color="#12">a</mj-text></o-card>',
        ("markup", "c/m.mjml:5:18", "such as #2f5d46"),
    ),
    "a link without https": (
        text('<a href="http://shop.example">a</a>'),
        ("link", "c/m.mjml:5:21", "write https://"),
    ),
    "an image without alt": (
        '<o-card><mj-image src="https://shop.example/a.png"/></o-card>',
        ("image-alt", "c/m.mjml:5:9", 'alt="what it shows"'),
    ),
    "an image in words without alt": (
        text('<img src="https://shop.example/a.png">'),
        ("image-alt", "c/m.mjml:5:18", "alt"),
    ),
    "grey on white": (
        '<o-card><mj-text color="#999999">a</mj-text></o-card>',
        ("colour-contrast", "c/m.mjml:5:18", "2.8 to 1"),
    ),
    "grey on grey, inherited": (
        '<mj-section background-color="#555"><mj-column><mj-text><b>a</b></mj-text></mj-column></mj-section>',
        ("colour-contrast", "c/m.mjml:5:48", "on #555555"),
    ),
    "an inline colour": (
        text('<span style="color:#aaa">a</span>'),
        ("colour-contrast", "c/m.mjml:5:24", "#aaaaaa on #ffffff"),
    ),
    "an inline colour that vanishes in the dark": (
        text('<span style="color:#222">a</span>'),
        ("colour-in-the-dark", "c/m.mjml:5:24", "dark mode"),
    ),
    "a button nobody can read": (
        '<o-card><mj-button href="https://a.b" background-color="#ffffff">a</mj-button></o-card>',
        ("colour-contrast", "c/m.mjml:5:9", "#ffffff on #ffffff"),
    ),
    "a tag that is never closed": (
        "<o-card><mj-text>a</o-card>",
        ("unreadable", "c/m.mjml:5:19", "</mj-text>"),
    ),
}


@pytest.mark.parametrize(("body", "expected"), WRONG_BODIES.values(), ids=WRONG_BODIES)
def test_what_is_wrong_with_a_body_is_reported_with_its_place(
    body: str, expected: tuple[str, str, str]
) -> None:
    (finding,) = [each for each in findings(small_folder(body)) if each.rule != "never-taken"]
    assert (finding.rule, finding.where) == expected[:2]
    assert expected[2] in finding.what


CERTAIN = {
    "*|FNAME|*": 'write {{ customer.first_name or "there" }}',
    "*|DATE:d/m/Y|*": "write a fact of ours instead, or take it out",
    "*|UNSUB|*": "write {{ links.unsubscribe }}",
    "%%first_name%%": 'write {{ customer.first_name or "there" }}',
    "%%=v(@a)=%%": "write a fact of ours instead, or take it out",
    "%FIRSTNAME%": 'write {{ customer.first_name or "there" }}',
    "{!Contact.FirstName}": 'write {{ customer.first_name or "there" }}',
    "{contactfield=email}": 'write {{ customer.email or "..." }}',
    "{unsubscribe_url}": "write {{ links.unsubscribe }}",
    "${first_name}": 'write {{ customer.first_name or "there" }}',
    "&lt;%= name %&gt;": "write a fact of ours instead, or take it out",
    "&laquo;First_Name&raquo;": 'write {{ customer.first_name or "there" }}',
    "[[FNAME]]": 'write {{ customer.first_name or "there" }}',
}


@pytest.mark.parametrize(("tag", "right"), CERTAIN.items(), ids=CERTAIN)
def test_a_tag_of_another_service_is_an_error_with_our_spelling(tag: str, right: str) -> None:
    (found,) = findings(small_folder(text(f"Hi {tag}")))
    shown = unescape(tag)
    assert (found.rule, found.where, found.severity) == ("foreign-tag", "c/m.mjml:5:21", "error")
    assert found.what == f"{shown} is a tag of another service; {right}"


UNCERTAIN = {
    "[First Name]": 'write {{ customer.first_name or "there" }}',
    "[Product Name]": "write a fact, or the text that belongs here",
    "[name]": "write a fact, or the text that belongs here",
    "[firstname,fallback=you]": 'write {{ customer.first_name or "there" }}',
    "-firstname-": 'write {{ customer.first_name or "there" }}',
    "{first_name}": 'write {{ customer.first_name or "there" }}',
    "«Name»": "write a fact, or the text that belongs here",
}


@pytest.mark.parametrize(("tag", "right"), UNCERTAIN.items(), ids=UNCERTAIN)
def test_what_may_be_a_tag_of_another_service_is_a_warning(tag: str, right: str) -> None:
    (found,) = findings(small_folder(text(f"Hi {tag}")))
    assert (found.rule, found.where, found.severity) == ("foreign-tag", "c/m.mjml:5:21", "warning")
    assert found.what == f"{tag} looks like a place to be filled in; if it is one, {right}"


HONEST = (
    "100 %", "50 % off, 20% more", "[1]", "[sic]", "[...]", "«Bonjour», « Guten Tag »", "a well-known-brand",
    "a - b - c", "{ }", "a * b | c", "50%OFF%", "C:%20", "*not* |this|", "see [2] and [3]", "$ {5}",
    '<a href="https://x.example/%C3%A9%20%E4%BD%A0?a=%7B%7D">a</a>',
)  # fmt: skip


@pytest.mark.parametrize("words", HONEST)
def test_honest_words_are_no_tags(words: str) -> None:
    assert findings(small_folder(text(words))) == ()


def test_tags_of_other_services_are_found_in_head_links_pictures_and_a_written_text() -> None:
    head = "---\nsubject: \"Hi *|FNAME|*\"\npreheader: 'Hi %FNAME%'\n---\n"
    body = text('<a href="*|UNSUB|*">a</a><img src="https://x.example/a.png" alt="{!Contact.FirstName}">')
    found = findings(small_folder(body, head, files={"c/m.txt": "{{ links.unsubscribe }}\nHi %%fname%%"}))
    there = 'customer.first_name or "there"'
    assert [(each.where, each.what.rpartition("write ")[2]) for each in found] == [
        ("c/m.mjml:2:10", "{{ customer.first_name or 'there' }}"),
        ("c/m.mjml:3:12", f"{{{{ {there} }}}}"),
        ("c/m.mjml:5:27", "{{ links.unsubscribe }}"),
        ("c/m.mjml:5:83", f"{{{{ {there} }}}}"),
        ("c/m.txt:2:4", f"{{{{ {there} }}}}"),
    ]


@pytest.mark.parametrize(
    "heading", ["{{ customer.last_name or '' }}", "<b>{{ customer.attributes.x or '' }}</b> "]
)
def test_a_heading_that_is_empty_for_every_sample_is_a_warning(heading: str) -> None:
    (found,) = findings(small_folder(text(f"<p>a</p><h2>{heading}</h2>")))
    assert (found.rule, found.where, found.severity) == ("heading", "c/m.mjml:5:26", "warning")
    assert found.what == "<h2> is empty for every person in sample.yaml; write what it says without the fact"


@pytest.mark.parametrize(
    "heading",
    ["{{ customer.first_name or '' }}", "For you {{ customer.last_name or '' }}", "{% set a = 'b' %}{{ a }}"],
)
def test_a_heading_that_says_something_to_a_sample_is_fine(heading: str) -> None:
    assert findings(small_folder(text(f"<h2>{heading}</h2>"))) == ()


def test_filler_text_is_an_error() -> None:
    (found,) = findings(small_folder(text("Lorem ipsum dolor")))
    assert found.what == "Lorem ipsum only fills space; write what customers should read"


def test_the_remedy_for_a_missing_default_can_be_pasted_into_the_subject() -> None:
    found = findings(small_folder(head=HEAD.replace("Hello", "{{ customer.last_name }}")))
    assert "write {{ customer.last_name or '...' }}" in found[0].what


BESIDE_A_HOST = (
    "https://shop.example{{ customer.id }}",
    "https://{{ customer.id }}.shop.example/",
    "{{ brand.site_url }}{{ customer.id }}",
    "{{ brand.site_url or 'https://a.example' }}{{ customer.id }}",
    "https://shop.example{% if order.delays %}/late{% endif %}{{ customer.id }}",
    "{% if order.delays %}https://a.example{% else %}https://a.example/{% endif %}{{ customer.id }}",
    "https://shop.example:{{ customer.id }}",
)


@pytest.mark.parametrize("address", BESIDE_A_HOST)
def test_a_fact_beside_the_host_of_a_link_is_an_error(address: str) -> None:
    (found,) = findings(small_folder(text(f'<a href="{address}">a</a>')))
    right = "a fact right beside the host can make another host of it; write /, ? or # between them"
    assert (found.rule, found.what) == ("link-host", f"{{{{ customer.id }}}}: {right}")


@pytest.mark.parametrize(
    "address",
    [
        "{{ brand.site_url }}/{{ customer.id }}",
        "https://shop.example?c={{ customer.id }}",
        "https://shop.example#{{ customer.id }}",
        "{{ links.survey }}&c={{ customer.id }}",
        "https://shop.example{% if order.delays %}/late/{{ customer.id }}{% endif %}",
        "mailto:{{ brand.support_email }}?subject={{ customer.id }}",
    ],
)
def test_a_fact_behind_the_host_is_fine(address: str) -> None:
    assert findings(small_folder(text(f'<a href="{address}">a</a>'))) == ()


NOT_LOADED = "put the picture on the web, for mail programs show no other"
ATTRIBUTES = {
    'srcset="http:a.png 1x"': f"srcset must begin with https://: {NOT_LOADED}",
    'srcset="https://a.b/c.png 1x, c.png 2x"': f"srcset must begin with https://: {NOT_LOADED}",
    'background="c.png"': f"background must begin with https://: {NOT_LOADED}",
    'background="javascript:a()"': f"background must begin with https://: {NOT_LOADED}",
    'style="background:url(c.png)"': f"url(...) must begin with https://: {NOT_LOADED}",
    r'style="background:u\72l(c.png)"': f"url(...) must begin with https://: {NOT_LOADED}",
    'style="width:expression(a())"': "expression would run a script; e-mails cannot",
    r'style="width:e\78pression(a())"': "expression would run a script; e-mails cannot",
    'ping="https://a.example"': "<td> cannot have 'ping' in an e-mail; take it out",
    'formaction="https://a.example"': "<td> cannot have 'formaction' in an e-mail; take it out",
    'xlink:href="https://a.example"': "<td> cannot have 'xlink:href' in an e-mail; take it out",
    'colspn="2"': "<td> cannot have 'colspn' in an e-mail; did you mean 'colspan'?",
}


@pytest.mark.parametrize(("attribute", "what"), ATTRIBUTES.items(), ids=ATTRIBUTES)
def test_attributes_of_html_are_checked_as_links_are(attribute: str, what: str) -> None:
    body = f"<mj-raw><table><tr><td {attribute}>a</td></tr></table></mj-raw>"
    (found,) = findings(small_folder(body))
    assert (found.rule, found.where, found.what) == ("markup", "c/m.mjml:5:24", what)


def test_a_style_that_runs_a_script_is_refused() -> None:
    told = [each.what for each in findings(small_folder(text('<p style="a:url(javascript:b())">a</p>')))]
    assert told[0] == "javascript would run a script; e-mails cannot"


def test_a_refresh_of_the_page_is_refused() -> None:
    body = '<mj-raw><meta http-equiv="refresh" content="0;url=https://a.example"></mj-raw>'
    (found,) = findings(small_folder(body))
    assert found.what == "a refresh would leave the message for another page; take it out"


@pytest.mark.parametrize(
    "attributes",
    [
        'background="https://a.example/b.png" bgcolor="#ffffff" style="background:url(https://a.example/b.png)"',
        'srcset="https://a.example/a,b.png 1x, https://a.example/c.png 2x" data-id="1" aria-label="a"',
    ],
)
def test_what_mail_programs_load_may_stand_on_html(attributes: str) -> None:
    found = findings(small_folder(f"<mj-raw><table><tr><td {attributes}>a</td></tr></table></mj-raw>"))
    assert found == ()


def test_a_published_message_with_another_attribute_is_still_sent() -> None:
    bundle = TemplateBundle(small_folder(text('<p ping="https://a.example">a</p>')))
    assert bundle.prepare("c", "m")
    assert [problem.problem for problem in bundle.problems("c")] == [
        "<p> cannot have 'ping' in an e-mail; take it out"
    ]


WRONG_FOLDERS = {
    "a subject that is too long": (
        {"c/m.mjml": HEAD.replace("Hello", LONG) + BODY},
        ("subject", "c/m.mjml:2:10", "62 characters"),
    ),
    "a subject that is too long for one person": (
        {
            "c/m.mjml": HEAD.replace(
                "Hello", "{{ (customer.first_name or 'Hi') ~ (customer.first_name or '') }}"
            )
            + BODY,
            "c/sample.yaml": SAMPLE + f"  long: {{customer: {{first_name: {'Ana' * 26}}}}}\n",
        },
        ("subject", "c/m.mjml:2:10", "for long"),
    ),
    "a subject that is empty for one person": (
        {"c/m.mjml": HEAD.replace("Hello", "{% if customer.first_name %}Hi{% endif %}") + BODY},
        ("rendering", "c/m.mjml:2:10", "for nobody: the subject is empty"),
    ),
    "no preheader": (
        {"c/m.mjml": '---\nsubject: "a"\n---\n' + BODY},
        ("unreadable", "c/m.mjml:1:1", "preheader is missing"),
    ),
    "a preheader that repeats the subject": (
        {"c/m.mjml": HEAD.replace("A word", "Hello") + BODY},
        ("preheader", "c/m.mjml:3:12", "the same as the subject"),
    ),
    "too much HTML": (
        {"c/m.mjml": HEAD + text("<p>" + "many words " * 10_000 + "</p>")},
        ("size", "c/m.mjml:2:10", "102,000 is the most"),
    ),
    "marketing without a way out": (
        {"_layout/page.mjml": PAGE.replace("{{ links.unsubscribe }}", "https://x.example")},
        ("unsubscribe", "c/m.mjml:1:1", "links.unsubscribe"),
    ),
    "a way out that not everybody sees": (
        {
            "_layout/page.mjml": PAGE.replace("{{ links.unsubscribe }}", "https://x.example"),
            "c/m.mjml": HEAD + text("{% if customer.first_name %}{{ links.unsubscribe }}{% endif %}"),
        },
        ("unsubscribe", "c/m.mjml:1:1", "for nobody"),
    ),
    "a missing translation": (
        {
            "c/m.fr.mjml": HEAD + BODY,
            "c/n.mjml": HEAD + BODY,
            "c/campaign.yaml": CAMPAIGN + "  - send: n\n",
        },
        ("translation", "c/n.mjml", "write c/n.fr.mjml"),
    ),
    "a shared part without the language": (
        {"c/m.fr.mjml": HEAD + BODY, "_layout/note.mjml": "a", "_layout/note.de.mjml": "a"},
        ("translation", "_layout/note.mjml", "write _layout/note.fr.mjml"),
    ),
    "a message that no step sends": (
        {"c/spare.mjml": HEAD + BODY},
        ("unused-message", "c/spare.mjml", "- send: spare"),
    ),
    "a step that names no message": (
        {"c/campaign.yaml": CAMPAIGN.replace("- send: m", "- send: m\n  - send: mm # why")},
        ("missing-message", "c/campaign.yaml:11:5", "did you mean `m`"),
    ),
    "a person with a fact that there is none of": (
        {"c/sample.yaml": SAMPLE.replace("{customer: {first_name: null}}", "{customer: {frist_name: null}}")},
        ("sample", "c/sample.yaml:10:23", "did you mean 'first_name'"),
    ),
    "a person with something that is no fact": (
        {"c/sample.yaml": SAMPLE.replace("  ana: {}", "  ana: {custmer: {}}")},
        ("sample", "c/sample.yaml:9:9", "did you mean 'customer'"),
    ),
    "a name that no step can send": (
        {"c/My news.mjml": HEAD + BODY},
        ("file-name", "c/My news.mjml", "call it my-news.mjml"),
    ),
    "a language that is none": (
        {"c/m.french.mjml": HEAD + BODY},
        ("file-name", "c/m.french.mjml", "such as m.fr.mjml"),
    ),
    "a campaign file that is wrong": (
        {"c/campaign.yaml": CAMPAIGN.replace("key: order.id", "kye: order.id")},
        ("campaign", "c/campaign.yaml:6:1", "did you mean `key`"),
    ),
    "an expression that names nothing": (
        {"c/campaign.yaml": CAMPAIGN + "    if: custmer.orders > 1\n"},
        ("campaign", "c/campaign.yaml:11:5", "did you mean 'customer'"),
    ),
    "no samples": ({"c/sample.yaml": None}, ("sample", "c/sample.yaml", "missing")),
    "samples without people": (
        {"c/sample.yaml": "defaults: {}\npeople: {}\n"},
        ("sample", "c/sample.yaml", "no people"),
    ),
    "no brand": ({"brand.yaml": None}, ("unreadable", "brand.yaml", "missing")),
    "a brand that cannot be read": (
        {"brand.yaml": BRAND.replace("#eeeeee", "#333333")},
        ("colour-contrast", "brand.yaml:7:13", "dark.ink on dark.card"),
    ),
    "a brand whose name no From can hold": (
        {"brand.yaml": BRAND.replace("Shop & Co", "\u041b\u0430\u0432\u043a\u0430" * 24)},
        ("sender-name", "brand.yaml:1:7", "320 is the most that SES takes"),
    ),
    "a brand colour that is none": (
        {"brand.yaml": BRAND.replace("#eeeeee", "bluish")},
        ("colour", "brand.yaml:7:13", "no colour"),
    ),
    "an order that not everybody has": (
        {
            "c/campaign.yaml": CAMPAIGN.replace("order.id", "customer.id"),
            "c/m.mjml": HEAD + text("{{ order.id }}"),
        },
        ("optional-fact", "c/m.mjml:5:18", "not every customer of this campaign has an order"),
    ),
}


@pytest.mark.parametrize(("files", "expected"), WRONG_FOLDERS.values(), ids=WRONG_FOLDERS)
def test_what_is_wrong_with_a_folder_is_reported(
    files: dict[str, str | None], expected: tuple[str, str, str]
) -> None:
    found = findings(small_folder(files=files))
    assert expected[:2] in [(finding.rule, finding.where) for finding in found]
    assert any(expected[2] in finding.what for finding in found if finding.rule == expected[0])


def test_every_problem_is_reported_at_once_in_the_order_of_places() -> None:
    body = (
        '<o-card><mj-image src="http://a.b/x.png"/>\n<mj-text color="#ccc">{{ order.url }}</mj-text></o-card>'
    )
    told = [(finding.line, finding.rule) for finding in findings(small_folder(body))]
    assert told == [
        (5, "image-alt"),
        (5, "link"),
        (6, "colour-contrast"),
        (6, "optional-fact"),
    ]


def test_everything_is_for_a_reason() -> None:
    for reason in REASONS.values():
        assert reason == reason.strip().rstrip(".")


def test_a_warning_keeps_nothing_from_being_published() -> None:
    report = Checker().check(small_folder(files={"c/spare.mjml": HEAD + BODY}))
    assert [finding.severity for finding in report.findings] == [Severity.WARNING]
    assert report.errors == ()


def test_marketing_needs_an_unsubscribe_link_and_transactional_mail_does_not() -> None:
    plain = CAMPAIGN.replace("class: marketing", "class: transactional")
    page = PAGE.replace("{{ links.unsubscribe }}", "https://x.example")
    assert findings(small_folder(files={"c/campaign.yaml": plain, "_layout/page.mjml": page})) == ()


def test_a_message_in_another_language_is_checked_as_well() -> None:
    (finding,) = findings(small_folder(files={"c/m.fr.mjml": HEAD + text("{{ order.url }}")}))[:1]
    assert finding.file == "c/m.fr.mjml"


def test_a_text_part_written_by_hand_is_checked_as_well() -> None:
    by_hand = "Hello {{ customer.last_name }},\n{{ links.unsubscribe }}\n"
    found = findings(small_folder(files={"c/m.txt": by_hand}))
    assert ("optional-fact", "c/m.txt:1:1") in [(finding.rule, finding.where) for finding in found]


def test_only_what_changed_is_looked_at_again() -> None:
    second = {"c/n.mjml": HEAD + BODY, "c/campaign.yaml": CAMPAIGN + "  - send: n\n"}
    checker = Checker()
    assert checker.check(small_folder(files=second)).looked_at == ("c/m.mjml", "c/n.mjml")
    assert checker.check(small_folder(files=second)).looked_at == ()
    changed = checker.check(small_folder(text("{{ nobody }}"), files=second))
    assert changed.looked_at == ("c/m.mjml",)
    assert [finding.rule for finding in changed.findings] == ["words"]
    assert checker.check(small_folder(text("{{ nobody }}"), files=second)).findings == changed.findings
    assert checker.check(small_folder(files=second)).findings == ()


def test_a_change_that_all_messages_share_is_a_change_of_all() -> None:
    checker = Checker()
    checker.check(small_folder())
    assert checker.check(small_folder(files={"_layout/note.mjml": "a"})).looked_at == ("c/m.mjml",)
    assert checker.check(small_folder(files={"c/sample.yaml": SAMPLE + "  more: {}\n"})).looked_at == (
        "c/m.mjml",
    )


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000", "white", 21.0),
        ("#767676", "#ffffff", 4.54),
        ("#777777", "rgb(255, 255, 255)", 4.48),
        ("#ff0000", "blue", 2.15),
        ("teal", "teal", 1.0),
    ],
)
def test_contrast_is_what_wcag_says_it_is(one: str, other: str, ratio: float) -> None:
    above, below = colour_of(one), colour_of(other)
    assert above is not None
    assert below is not None
    assert round(contrast(above, below), 2) == ratio
    assert contrast(above, below) == contrast(below, above)


@pytest.mark.parametrize("text", ["inherit", "transparent", "#12345", "bluish", ""])
def test_what_is_no_opaque_colour_has_no_contrast(text: str) -> None:
    assert colour_of(text) is None
