"""Messages from elsewhere become ones that pass the check, and a list of what is left to do."""

import json
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from outreach.adapters.templates import TemplateBundle
from outreach.domain.sending.rendering import RenderedEmail
from outreach_tools.cli.templates.importing import app
from outreach_tools.importing.importer import CannotImportError, Imported, import_template
from outreach_tools.importing.ses_template import ForeignTemplate, NotATemplateError, read_ses_template
from templates.small_folder import CAMPAIGN, SAMPLE, small_folder

ANA = {
    "customer": {"id": "c-1", "first_name": "Ana", "attributes": {"city": "Cádiz"}},
    "order": {
        "id": "o-1",
        "url": None,
        "items": ({"name": "Oven", "sku": "x", "quantity": 2, "price": None},),
    },
    "links": {"unsubscribe": "https://x.example/u", "preferences": "https://x.example/p"},
}


def imported(template: ForeignTemplate) -> Imported:
    return import_template(template, campaign="c", message="old", folder=small_folder())


def from_html(html: str, subject: str = "Hello") -> Imported:
    return imported(ForeignTemplate(html=html, subject=subject))


def from_handlebars(html: str) -> Imported:
    return imported(ForeignTemplate(html=html, subject="Hello", is_handlebars=True))


def rendered(made: Imported) -> RenderedEmail:
    files = {path: text.encode() for path, text in made.files.items()}
    return TemplateBundle({**small_folder(), **files}).render("c", "old", ANA)


def told(made: Imported, kind: str) -> list[str]:
    return [f"{note.line}: {note.what}" for note in made.notes if note.kind == kind]


def test_words_alone_get_the_look_of_the_shop() -> None:
    made = from_html("<html><body><h1>Hi</h1><p>Some <b>words</b>.</p></body></html>")
    assert "<o-card>\n  <mj-text>\n<h1>Hi</h1><p>Some <b>words</b>.</p>" in made.files["c/old.mjml"]
    assert made.findings == ()
    assert "Some words." in rendered(made).text


def test_a_page_of_tables_stays_as_it_was_and_has_a_text_part() -> None:
    made = from_html(
        '<table bgcolor="#eeeeee"><tr><td>One</td><td><a href="https://a.b/x">Two</a></td></tr></table>'
    )
    assert made.findings == ()
    assert '<table bgcolor="#eeeeee"><tbody><tr><td>One</td>' in rendered(made).html
    assert "One\n\nTwo <https://a.b/x>\n" in rendered(made).text


GONE = {
    "a script": ("<p>a</p>\n<script>alert(1)</script>", "2: <script>", "alert"),
    "an event handler": ('<p onclick="steal()">a</p>', "1: onclick", "steal"),
    "a form": ('<p>a</p><form action="https://evil.example"><input name="card"></form>', "1: <form>", "evil"),
    "a style sheet": ("<style>p { color: red }</style><p>a</p>", "1: <style>", "red"),
    "a style sheet from elsewhere": (
        '<link rel="stylesheet" href="https://c.example/x.css"><p>a</p>',
        "1: <link>",
        "c.example",
    ),
    "a frame": ('<p>a</p><iframe src="https://evil.example"></iframe>', "1: <iframe>", "evil"),
    "an element nobody knows": ("<p>a</p><marquee>b</marquee>", "1: <marquee>", "marquee"),
}


@pytest.mark.parametrize(("html", "note", "gone"), GONE.values(), ids=GONE)
def test_what_an_e_mail_cannot_have_is_taken_out_and_reported(html: str, note: str, gone: str) -> None:
    made = from_html(html)
    assert gone not in rendered(made).html
    assert any(each.startswith(note) for each in told(made, "done"))
    assert made.findings == ()


def test_styles_that_load_something_are_left_out_one_by_one() -> None:
    made = from_html('<p style="padding:1px;background:url(https://spy.example/x.png);margin:2px">a</p>')
    assert 'style="padding:1px;margin:2px"' in made.files["c/old.mjml"]
    assert "spy.example" not in rendered(made).html


ADDRESSES = {
    '<a href="http://a.example/x">a</a>': ('href="https://a.example/x"', "became https://"),
    '<a href="//a.example/x">a</a>': ('href="https://a.example/x"', ""),
    '<a href="/x">a</a>': ("<a>a</a>", "no whole address"),
    '<a href="javascript:alert(1)">a</a>': ("<a>a</a>", ""),
    '<a href="mailto:a@b.example">a</a>': ('href="mailto:a@b.example"', ""),
    '<a href="tel:+4912345">a</a>': ('href="tel:+4912345"', ""),
    '<p>a</p><img src="images/x.png" alt="An oven">': ("An oven", "no whole address"),
    '<p>a</p><img src="https://a.example/x.png">': ('alt=""', "write its alt"),
}


@pytest.mark.parametrize(("html", "expected"), ADDRESSES.items(), ids=ADDRESSES)
def test_links_and_images_become_fit_for_e_mails(html: str, expected: tuple[str, str]) -> None:
    made = from_html(html)
    assert expected[0] in made.files["c/old.mjml"]
    assert any(expected[1] in note for note in told(made, "look"))
    lost = {"link"} if "<a>" in made.files["c/old.mjml"] else set()
    assert {each.rule for each in made.findings} == lost


VARIABLES = {
    "Hi {{first_name}}": "Hi Ana",
    "Hi {{ FirstName }}": "Hi Ana",
    "Hi *|FNAME|*": "Hi Ana",
    "Hi %%first_name%%": "Hi Ana",
    'Hi {{ first_name | default: "you" }}': "Hi Ana",
    "{{#if first_name}}yes{{else}}no{{/if}}": "yes",
    "{{#unless first_name}}yes{{else}}no{{/unless}}": "no",
    "*|IF:FNAME|*yes*|ELSE:|*no*|END:IF|*": "yes",
    "{{${first_name}}}": "Ana",
    "{!Contact.FirstName}": "Ana",
    "{contactfield=firstname}": "Ana",
    "%FIRSTNAME%": "Ana",
    "{{ order.id | upper }}": "O-1",
    "{% if order.id == 'o-1' %}yes{% else %}no{% endif %}": "yes",
    "*|LIST:COMPANY|*": "Shop &amp; Co",
    "{{order_number}}": "o-1",
    "{{!-- a remark --}}said": "said",
    '<a href="*|UNSUB|*">out</a>': "https://x.example/u",
    '<a href="https://a.example/?c={{customer_id}}">a</a>': "https://a.example/?c=c-1",
    "{{{first_name}}}": "Ana",
}


@pytest.mark.parametrize(("html", "shown"), VARIABLES.items(), ids=VARIABLES)
def test_the_merge_tags_of_others_become_facts_of_ours(html: str, shown: str) -> None:
    made = from_html(f"<p>{html}</p>")
    assert [each for each in made.findings if each.rule != "never-taken"] == []
    assert shown in rendered(made).html


def test_the_result_of_each_tag_is_reported_with_its_line() -> None:
    made = from_html("<p>a</p>\n<p>{{first_name}}</p>\n<p>{{shoe_size}}</p>\n<p>{% if x %}b{% endif %}</p>")
    assert '2: {{first_name}} became customer.first_name or ""' in told(made, "done")
    look = told(made, "look")
    assert "3: {{shoe_size}} is no fact of ours: import left a gap here" in look
    assert "4: {% if x %} and what it controls were kept out: import left a gap here" in look


def test_loops_over_what_was_ordered_work_and_report_each_name() -> None:
    rows = "{{#each items}}<tr><td>{{this.name}}</td><td>{{qty}}</td></tr>{{/each}}"
    made = from_handlebars(f"<table>{rows}</table>")
    assert "<tr><td>Oven</td><td>2</td></tr>" in rendered(made).html
    assert told(made, "done")[1:] == [
        "1: {{#each items}} became a loop over order.items",
        "1: {{qty}} became item.quantity",
        "1: {{this.name}} became item.name",
    ]
    assert made.findings == ()


def test_illegible_text_becomes_legible() -> None:
    made = from_html('<table bgcolor="#222222"><tr><td style="color:#333333;padding:1px">a</td></tr></table>')
    assert 'style="color:#ffffff;padding:1px"' in made.files["c/old.mjml"]
    assert made.findings == ()


PINPOINT = {
    "EmailTemplateResponse": {
        "Subject": "Hi {{User.UserAttributes.FirstName}}",
        "HtmlPart": "<p>Dear {{User.UserAttributes.FirstName}},\nyou live here.</p>",
        "TextPart": "Dear {{User.UserAttributes.FirstName}}",
        "DefaultSubstitutions": json.dumps({"User.UserAttributes.FirstName": "friend"}),
    }
}
SES = {
    "ses v1": {
        "Template": {"TemplateName": "t", "SubjectPart": "Hi", "HtmlPart": "<p>a</p>", "TextPart": "a"}
    },
    "ses v2": {"TemplateName": "t", "TemplateContent": {"Subject": "Hi", "Html": "<p>a</p>", "Text": "a"}},
    "the input of a command": {
        "TemplateName": "t",
        "SubjectPart": "Hi",
        "HtmlPart": "<p>a</p>",
        "TextPart": "a",
    },
}


def test_a_pinpoint_template_keeps_its_defaults_and_its_text() -> None:
    made = imported(read_ses_template(json.dumps(PINPOINT)))
    assert "subject: 'Hi {{ customer.first_name or \"friend\" }}'" in made.files["c/old.mjml"]
    email = rendered(made)
    assert email.subject == "Hi Ana"
    assert "you live here." in email.html
    assert email.text == "Dear Ana\n\nUnsubscribe: https://x.example/u\n"
    assert made.findings == ()


@pytest.mark.parametrize("document", SES.values(), ids=SES)
def test_the_templates_of_ses_are_read_in_every_form(document: dict[str, object]) -> None:
    template = read_ses_template(json.dumps(document))
    assert (template.subject, template.html, template.text) == ("Hi", "<p>a</p>", "a")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"Template": {}}', '{"HtmlPart": 5}', "<p>"])
def test_what_is_no_template_is_refused(text: str) -> None:
    with pytest.raises(NotATemplateError):
        read_ses_template(text)


def test_a_file_without_words_and_a_campaign_that_is_not_there_are_refused() -> None:
    with pytest.raises(CannotImportError, match="no text"):
        from_html("<img src='https://a.example/x.png'>")
    with pytest.raises(CannotImportError, match="no campaign 'd'"):
        import_template(ForeignTemplate(html="<p>a</p>"), campaign="d", message="m", folder=small_folder())


PIECES = st.sampled_from(
    [
        "<p>", "</p>", "<table>", "</table>", "<tr>", "</tr>", "<td>", "</td>", "<b>", "</i>", "<br>",
        "<div style='color:red'>", "words", " & ", "<", ">", "{{first_name}}", "{{#if x}}", "{{else}}",
        "{{/if}}", "{% if customer.orders %}", "{% else %}", "{% endif %}",
        "{{#each items}}", "{{name}}", "{{/each}}", "*|FNAME|*", "*|IF:X|*", "*|END:IF|*", "%%a%%",
        "{%", "{{", "}}", "{#", "<!--", "-->", "zq0qz", "oq0qo", "<a href='{{url}}'>", "</a>", "<a href='https://a.b/{{x}}'>",
        "<img src='http://a.b/c'>", "<script>", "</script>", "\ue000content\ue001", "<o-html>",
        "<mj-text>", "\x00", "--", "---\n", "'", '"', "[[ x ]]", "[%", "&#123;&#123; x }}",
    ]
)  # fmt: skip


@given(pieces=st.lists(PIECES, max_size=14))
@example(pieces=["<p>", "zq0qz", "oq0qo", "words"])
@example(pieces=["{{", "%%a%%"])
@example(pieces=["words", "{", "*|IF:X|*", "a", "*|END:IF|*"])
@example(pieces=["words", "&#123;&#123; x }}", "<table>", "[[ x ]]"])
@settings(max_examples=60, deadline=None)
def test_whatever_is_imported_can_be_read_and_rendered(pieces: list[str]) -> None:
    try:
        made = from_html("".join(pieces))
    except CannotImportError:
        return
    assert [finding for finding in made.findings if finding.rule in {"unreadable", "markup", "words"}] == []
    if "import_gap(" in "".join(made.files.values()):
        assert "import-gap" in {finding.rule for finding in made.findings}
    else:
        assert "<script" not in rendered(made).html


def test_the_command_writes_the_file_and_says_what_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in (("campaign.yaml", CAMPAIGN), ("sample.yaml", SAMPLE)):
        file = tmp_path / "templates" / "c" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    for path, content in small_folder().items():
        file = tmp_path / "templates" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    Path("old.html").write_text("<p>Hi *|FNAME|*</p>")
    order = ["import", "html", "old.html", "--campaign", "c", "--message", "old"]
    done = CliRunner().invoke(app, order, catch_exceptions=False)
    assert done.exit_code == 0
    assert "wrote" in done.stdout
    assert "old.html:1: *|FNAME|* became customer.first_name" in done.stdout
    assert Path("templates/c/old.mjml").exists()
    again = CliRunner().invoke(app, order)
    assert again.exit_code == 1
    assert "--replace" in again.stderr
    as_json = CliRunner().invoke(app, [*order, "--replace", "--json"], catch_exceptions=False)
    assert json.loads(as_json.stdout)["findings"] == []
    Path("old.json").write_text(json.dumps(PINPOINT))
    ses = CliRunner().invoke(app, ["import", "ses", "old.json", "--campaign", "c", "--message", "ses"])
    assert ses.exit_code == 0
    assert Path("templates/c/ses.txt").read_text().startswith('Dear {{ customer.first_name or "friend" }}')
