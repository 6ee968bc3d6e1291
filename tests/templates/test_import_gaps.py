"""What import cannot translate with certainty is left out, behind a mark that keeps it from publishing."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from outreach.adapters.templates import TemplateBundle
from outreach.domain.sending.rendering import TemplateError
from outreach_tools.cli.templates.importing import app
from outreach_tools.importing.importer import Imported, import_template
from outreach_tools.importing.ses_template import ForeignTemplate
from templates.small_folder import small_folder


def from_html(html: str, subject: str = "Hello") -> Imported:
    template = ForeignTemplate(html=html, subject=subject)
    return import_template(template, campaign="c", message="old", folder=small_folder())


def file_of(made: Imported) -> str:
    return made.files["c/old.mjml"]


def gaps(made: Imported) -> list[str]:
    """What the marks hold, in order; each of them is an error of the checker."""
    marks = re.findall(r'import_gap\("([^"]*)"\)', file_of(made))
    errors = [each for each in made.findings if each.rule == "import-gap" and each.severity == "error"]
    assert len(errors) == len(marks)
    return marks


def told(made: Imported, kind: str) -> list[str]:
    return [note.what for note in made.notes if note.kind == kind]


CONDITIONS = {
    "Jinja": ("{% if vip %}GOLD{% else %}GREY{% endif %}", "if vip"),
    "Jinja with a branch more": ("{% if vip %}GOLD{% elif x %}GREY{% endif %}", "if vip"),
    "Liquid unless": ("{% unless vip %}GOLD{% endunless %}", "unless vip"),
    "Liquid elsif": ("{% if vip == 1 %}GOLD{% elsif x %}GREY{% endif %}", "if vip == 1"),
    "Liquid case": ("{% case x %}{% when 1 %}GOLD{% when 2 %}GREY{% endcase %}", "case x"),
    "Liquid loop": ("{% for line in line_items %}GOLD{% endfor %}", "for line in line_items"),
    "Django": ("{% ifequal a b %}GOLD{% else %}GREY{% endifequal %}", "ifequal a b"),
    "Klaviyo": ("{% if person.vip|default:False %}GOLD{% endif %}", "if person.vip|default:False"),
    "HubSpot": ("{% if contact.city is string_containing 'x' %}GOLD{% endif %}", "if contact.city"),
    "spaces are controlled": ("{%- if vip -%}GOLD{%- endif -%}", "if vip"),
    "a condition in a remark": (
        "<!-- {% if vip %} -->GOLD<!-- {% else %} -->GREY<!-- {% endif %} -->",
        "if vip",
    ),
    "Handlebars": ("{{#if vip}}GOLD{{else}}GREY{{/if}}", "if vip"),
    "a helper of Handlebars": ("{{#eq a b}}GOLD{{else}}GREY{{/eq}}", "eq a b"),
    "Handlebars with an else if": ("{{#if first_name}}GOLD{{else if vip}}GREY{{/if}}", "if first_name"),
    "a loop of Handlebars": ("{{#each offers}}GOLD{{/each}}", "each offers"),
    "SendGrid": ("{{#greaterThan orders 5}}GOLD{{else}}GREY{{/greaterThan}}", "greaterThan orders 5"),
    "Mustache": ("{{^vip}}GOLD{{/vip}}", "^vip"),
    "Go": ("{{if .Vip}}GOLD{{else}}GREY{{end}}", "if .Vip"),
    "Mailchimp": ("*|IF:VIP=yes|*GOLD*|ELSE:|*GREY*|END:IF|*", "*|IF:VIP=yes|*"),
    "Mailchimp with a branch more": ("*|IF:FNAME|*GOLD*|ELSEIF:X|*GREY*|END:IF|*", "*|IF:FNAME|*"),
    "Mailchimp groups": ("*|INTERESTED:A:B|*GOLD*|END:INTERESTED|*", "*|INTERESTED:A:B|*"),
    "Salesforce": ("%%[ IF @x == 1 THEN ]%%GOLD%%[ ELSE ]%%GREY%%[ ENDIF ]%%", "[ IF @x == 1"),
    "ActiveCampaign": ("%IF vip%GOLD%ELSE%GREY%/IF%", "IF vip"),
    "Campaign Monitor": ("[if:vip]GOLD[else]GREY[endif]", "[if:vip]"),
    "Marketo": ("#if($vip)GOLD#else GREY#end", "if($vip)"),
    "ERB": ("<% if vip %>GOLD<% else %>GREY<% end %>", "<% if vip %>"),
    "one that is never closed": ("{% if vip %}GOLD", "if vip"),
    "one of Handlebars that is never closed": ("{{#if first_name}}GOLD", "if first_name"),
    "one of ours that cuts through elements": (
        "<b>{% if customer.orders > 5 %}GOLD</b>{% endif %}",
        "if customer.orders",
    ),
    "one inside of another": (
        "{% if vip %}{% if customer.orders > 5 %}GOLD{% endif %}GREY{% endif %}",
        "if vip",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("html", "what"), CONDITIONS.values(), ids=CONDITIONS)
def test_what_a_foreign_condition_or_loop_controls_is_sent_to_no_customer(html: str, what: str) -> None:
    made = from_html(f"<p>words {html}</p>")
    (gap,) = gaps(made)
    assert gap.startswith(what)
    without_mark = file_of(made).replace(gap, "")
    assert "GOLD" not in without_mark
    assert "GREY" not in without_mark
    assert any(note.endswith("were kept out: import left a gap here") for note in told(made, "look"))


@pytest.mark.parametrize(
    "html",
    [
        "<table>{{#if first_name}}<tr><td>GOLD</td>{{/if}}<td>b</td></tr></table>",
        "<table>{% if customer.orders > 5 %}GOLD{% else %}GREY{% endif %}<tr><td>b</td></tr></table>",
        '<p {{#if first_name}}class="GOLD"{{/if}}>b</p>',
        "<select>{% if customer.orders > 5 %}</select>GOLD<select>{% endif %}</select><p>b</p>",
    ],
)
def test_a_condition_that_html_cannot_keep_around_its_words_is_kept_out(html: str) -> None:
    made = from_html(html)
    assert set(gaps(made)) <= {"if first_name", "if customer.orders > 5"}
    assert gaps(made)
    assert "GOLD" not in file_of(made)
    assert "GREY" not in file_of(made)


OURS = [
    "{% if customer.orders > 5 %}GOLD{% else %}GREY{% endif %}",
    "{% for item in order.items %}{{ item.name }}{% endfor %}",
    '{{ customer.first_name or "there" }}',
    "{{ order.promised_at | date }}",
    "{{ customer.first_name | capitalize }}",
    "{{ order.total | money(order.currency) }}",
    "{{ values.coupon_code }}",
]


@pytest.mark.parametrize("html", OURS)
def test_what_already_is_ours_stays_as_it_is(html: str) -> None:
    made = from_html(f"<p>words {html}</p>")
    assert f"<p>words {html}</p>" in file_of(made)
    assert gaps(made) == []
    assert told(made, "done") == []


HOLES = {
    '{{ x | date: "%B" }}': "x | date: '%B'",
    "{{formatDate d}}": "formatDate d",
    "{{price a b}}": "price a b",
    "{{var order.id}}": "var order.id",
    "{{city}}": "city",
    "{{> footer}}": "> footer",
    '{% include "footer" %}': "include 'footer'",
    "{% assign a = 1 %}": "assign a = 1",
    "*|ARCHIVE|*": "*|ARCHIVE|*",
    "*|DATE:d/m/Y|*": "*|DATE:d/m/Y|*",
    "%%something_else%%": "something_else",
    "{!Opportunity.Amount}": "!Opportunity.Amount",
    "{{/if}}": "/if",
    "{{else}}": "else",
    '{{ city | default: "town" }}': "city | default: 'town'",
    "<a href='{{trial_url}}'>go</a>": "trial_url",
    "<a href='{{first_name}}'>go</a>": "the address of the link",
    "<b style='color:{{colour}}'>x</b>": "colour",
}


@pytest.mark.parametrize(("html", "what"), HOLES.items(), ids=HOLES)
def test_what_cannot_be_translated_leaves_a_mark_and_no_hole(html: str, what: str) -> None:
    made = from_html(f"<p>words {html}</p>")
    assert gaps(made) == [what]
    assert "default(" not in file_of(made).replace(what, "")
    assert any(note.endswith("import left a gap here") for note in told(made, "look"))


MONEY = (
    "amount", "total", "price", "name", "address", "reason", "tracking_url", "description", "currency",
    "title",
)  # fmt: skip


@pytest.mark.parametrize("name", MONEY)
def test_a_name_that_can_mean_several_things_is_never_guessed(name: str) -> None:
    made = from_html(f"<p>words {{{{{name}}}}}</p>")
    assert gaps(made) == [name]
    assert f"{{{{{name}}}}} can mean several things: import left a gap here" in told(made, "look")


@pytest.mark.parametrize("name", sorted({*MONEY} - {"name"}))
def test_nor_is_it_inside_of_a_loop(name: str) -> None:
    made = from_html(f"<p>words {{{{#each items}}}}{{{{name}}}}: {{{{{name}}}}}{{{{/each}}}}</p>")
    assert gaps(made) == [name]
    assert f"{{{{{name}}}}} can mean several things: import left a gap here" in told(made, "look")
    assert "{{name}} became item.name" in told(made, "done")


def test_a_gap_in_the_subject_and_in_the_text_part_is_an_error_too() -> None:
    template = ForeignTemplate(html="<p>a</p>", subject="Hi {{city}}", text="Hi {{#if vip}}GOLD{{/if}}")
    made = import_template(template, campaign="c", message="old", folder=small_folder())
    found = [(each.where, each.rule) for each in made.findings]
    assert found == [("c/old.mjml:2:10", "import-gap"), ("c/old.txt:1:1", "import-gap")]
    assert "GOLD" not in made.files["c/old.txt"]


def test_the_preheader_holds_only_text_that_every_customer_gets() -> None:
    made = from_html("<p>For you{% if customer.orders > 5 %}: GOLD{% endif %}, today {{first_name}}</p>")
    assert "preheader: 'For you , today {{ customer.first_name or \"\" }}'" in file_of(made)


def test_what_goes_anyway_leaves_no_gap() -> None:
    made = from_html(
        "<style>p{color:{{c}}}</style><p>a</p><!-- {{ x }} --><script>{% if a %}{% endif %}</script>"
    )
    assert gaps(made) == []


def test_lines_after_a_gap_keep_their_numbers() -> None:
    made = from_html("<p>a{% if vip %}\n\n\n{% endif %}</p>\n<p>{{city}}</p>")
    assert [note.line for note in made.notes if "{{city}}" in note.what] == [5]


def test_the_engine_refuses_a_gap_and_says_what_stood_there() -> None:
    made = from_html("<p>words {% if vip %}GOLD{% endif %}</p>")
    files = {path: text.encode() for path, text in made.files.items()}
    with pytest.raises(TemplateError) as raised:
        TemplateBundle({**small_folder(), **files}).prepare("c", "old")
    right = "import left a gap here: if vip; write what belongs here in place of this mark"
    assert raised.value.problem == right


def test_the_command_exits_with_1_when_import_left_a_gap(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for path, content in small_folder().items():
        file = tmp_path / "templates" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    Path("old.html").write_text("<p>Save {% if vip %}50%{% else %}0%{% endif %}</p>")
    done = CliRunner().invoke(app, ["import", "html", "old.html", "--campaign", "c", "--message", "old"])
    assert done.exit_code == 1
    assert (
        "old.html:1: {% if vip %} and what it controls were kept out: import left a gap here" in done.stdout
    )
    assert "error: import left a gap here: if vip; write what belongs here" in done.stderr
    assert "50%" not in Path("templates/c/old.mjml").read_text()


LOADING = [
    r"background:u\72l(https://spy.example/x.png)",
    "background:url/**/(https://spy.example/x.png)",
    "background:image-set('https://spy.example/x.png' 1x)",
    "background:\\75 rl(https://spy.example/x.png)",
    'background:url("https://spy.example/x;y.png") no-repeat',
    "list-style:-webkit-image-set('//spy.example/x.png' 1x)",
]


@pytest.mark.parametrize("style", LOADING)
def test_no_style_that_loads_something_passes_however_it_is_written(style: str) -> None:
    written = style.replace('"', "&quot;")
    made = from_html(f'<p style="margin:1px;{written};padding:2px">a</p>')
    assert '<p style="margin:1px;padding:2px">a</p>' in file_of(made)
