"""The checker holds campaigns, messages and samples to `facts.yaml`; samples are of the declared types."""

# ruff: noqa: E501, ISC004 - sentences of the checker stand here as they are printed

import re

import pytest

from outreach.adapters.templates import TemplateBundle
from outreach_tools.checks import Checker, Finding
from templates.small_folder import CAMPAIGN, SAMPLE, small_folder

FACTS = """\
customer:
  plan: {type: text, one_of: [free, pro], default: free}
  birthday: date
  points: {type: number, required: true}
  vip: {type: yes_no, default: false}
  tags: {list_of: text}
events:
  order.placed:
    total: money
    ends_at: {type: moment, required: true}
    note: {type: text, required: true}
    items: {list_of: {name: {type: text, required: true}, price: money}, required: true}
"""
GIVEN = (
    "{points: 120, birthday: 1990-05-04}",
    '{total: "59.90", ends_at: 2026-03-05T09:00:00Z, note: hi, items: [{name: Pan, price: 9}, {name: Lid}]}',
)


def sample(attributes: str = GIVEN[0], properties: str = GIVEN[1]) -> str:
    return SAMPLE.replace("attributes: {}", f"attributes: {attributes}").replace(
        "properties: {}", f"properties: {properties}"
    )


def folder(body: str = "", facts: str | None = FACTS, **files: str) -> dict[str, bytes]:
    named = {"sample": "c/sample.yaml", "campaign": "c/campaign.yaml"}
    more: dict[str, str | None] = {"facts.yaml": facts, "c/sample.yaml": sample()}
    inside = f"<o-card><mj-text>Hello {body}</mj-text></o-card>"
    return small_folder(inside, files={**more, **{named[name]: text for name, text in files.items()}})


def findings(files: dict[str, bytes]) -> list[Finding]:
    return list(Checker().check(files).findings)


def rendered(body: str, **files: str) -> str:
    bundle = TemplateBundle(folder(body, **files))
    text = bundle.render("c", "m", {**bundle.samples("c")["ana"], "message": {"name": "m"}}).text
    return re.sub(r"\s+", " ", text).split("Unsubscribe")[0].removeprefix("Hello ").strip()


def test_a_folder_that_uses_what_it_declares_has_no_findings() -> None:
    body = (
        "{{ customer.attributes.plan }} {{ customer.attributes.points }} {{ event.properties.ends_at | date }}"
        "{% if customer.attributes.birthday %}{{ customer.attributes.birthday | date }}{% endif %}"
        "{% for item in event.properties['items'] %}{{ item.name }} {% if item.price %}{{ item.price }}"
        "{% endif %}{% endfor %}{% if order.total and order.total > 50 %}much{% endif %}"
        "{% if 'steam' in (customer.attributes.tags or []) and customer.attributes.vip %}steam{% endif %}"
    )
    assert [each for each in findings(folder(body)) if each.rule != "never-taken"] == []


def test_without_the_file_everything_is_as_before() -> None:
    body = "{% if customer.attributes.points == '3' %}{{ customer.attributes.plna or 'x' }}{% endif %}"

    assert {each.rule for each in findings(folder(body, facts=None))} == {"never-taken"}


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("{{ customer.attributes.plan }}", "free"),
        ("{{ customer.attributes.birthday | date }}", "Friday, 4 May 1990"),
        ("{{ event.properties.ends_at | date }}", "Thursday, 5 March"),
        ("{{ event.properties.total | money('EUR') }}", "€59.90"),
        ("{% if event.properties.total > 50 %}much{% endif %}", "much"),
        ("{% if order.total > 50.5 and order.total < 60 %}much{% endif %}", "much"),
        ("{{ (order.total * 2) | money(order.currency) }}", "€119.80"),
        ("{{ (order.total - 0.9) | round }}", "59.0"),
        ("{{ (event.properties.total + 1.1) | money('EUR') }}", "€61.00"),
        ("{{ event.properties['items'] | map(attribute='price') | select | sum | money('EUR') }}", "€9"),
        ("{{ ['9.00', '10.00'] | max }}", "9.00"),
        ("{% if event.properties.ends_at > now %}soon{% endif %}", "soon"),
        ("{% if customer.attributes.vip %}vip{% else %}not yet{% endif %}", "not yet"),
    ],
)
def test_declared_facts_arrive_as_what_they_are(body: str, shown: str) -> None:
    assert rendered(body) == shown


def test_amounts_are_ordered_by_value() -> None:
    facts = "events: {order.placed: {prices: {list_of: money}}}"
    files = folder(
        "{{ event.properties.prices | sort | join(' ') }} {{ event.properties.prices | max }}", facts
    )
    files["c/sample.yaml"] = sample(properties='{prices: ["10.00", "9.00", 100]}').encode()
    bundle = TemplateBundle(files)

    assert (
        "9.00 10.00 100 100"
        in bundle.render("c", "m", {**bundle.samples("c")["ana"], "message": {"name": "m"}}).text
    )


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (
            "{{ customer.attributes.plna or 'x' }}",
            "facts.yaml declares no plna of customer.attributes; did you mean `plan`?",
        ),
        (
            "{% if event.properties.totl %}x{% endif %}",
            "facts.yaml declares no totl of event.properties; did you mean `total`?",
        ),
        (
            "{% for each in event.properties['items'] %}{{ each.prise or '' }}{% endfor %}",
            "facts.yaml declares no prise of event.properties.items[]; did you mean `price`?",
        ),
        (
            "{% if customer.attributes.plan > 3 %}x{% endif %}",
            "customer.attributes.plan is text, and 3 is a number; compare it with text between quotes",
        ),
        (
            "{% if event.properties.total and event.properties.total > '50' %}x{% endif %}",
            "event.properties.total is an amount of money, and '50' is text; compare it with a number, such as 50",
        ),
        (
            "{% if customer.attributes.birthday == '1990-05-04' %}x{% endif %}",
            "customer.attributes.birthday is a day, and '1990-05-04' is text; "
            "compare it with now, or with another day or time",
        ),
        (
            "{% if customer.attributes.vip == 'yes' %}x{% endif %}",
            "customer.attributes.vip is a yes or no, and 'yes' is text; write it alone, or with `not` before it",
        ),
        (
            "{% if customer.attributes.tags == 'steam' %}x{% endif %}",
            "customer.attributes.tags is a list, and 'steam' is text; "
            "ask for one of its entries with `in`, or for how many there are with | length",
        ),
        (
            "{% if customer.attributes.tags and 3 in customer.attributes.tags %}x{% endif %}",
            "customer.attributes.tags is a list of text, and 3 is a number; compare it with text between quotes",
        ),
        (
            "{% if customer.attributes.plan == 'por' %}x{% endif %}",
            "customer.attributes.plan is never 'por'; did you mean `pro`?",
        ),
        (
            "{% set plan = customer.attributes.plan %}{% if plan in ['pro', 'gold'] %}x{% endif %}",
            "customer.attributes.plan is never 'gold'; there is: free, pro",
        ),
        (
            "{{ event.properties.total }}",
            "event.properties.total may be missing: facts.yaml has no required and no default for it; write "
            '{{ event.properties.total or "..." }}, or put {% if event.properties.total %} around it',
        ),
        (
            "{% for each in event.properties['items'] %}{{ each.price }}{% endfor %}",
            "each.price may be missing: facts.yaml has no required and no default for it; write "
            '{{ each.price or "..." }}, or put {% if each.price %} around it',
        ),
    ],
)
def test_what_does_not_fit_the_declarations_is_reported(body: str, told: str) -> None:
    found = [each for each in findings(folder(body)) if each.rule in {"declared-fact", "optional-fact"}]

    assert [each.what for each in found] == [told]
    assert found[0].file == "c/m.mjml"
    assert found[0].line == 5


def test_the_expressions_of_a_campaign_are_held_to_the_declarations() -> None:
    campaign = CAMPAIGN.replace("  - send: m\n", "") + (
        "  - send: m\n    if: customer.attributes.pionts > 100\n  - wait: 1d\n"
        "  - {label: again, send: m, unless: \"event.properties.total == 'much'\"}\n"
    )
    found = findings(folder(campaign=campaign))

    assert [(each.file, each.line, each.rule) for each in found] == [
        ("c/campaign.yaml", 11, "declared-fact"),
        ("c/campaign.yaml", 13, "declared-fact"),
    ]
    assert found[0].what.endswith("did you mean `points`?")


def test_an_event_of_which_nothing_is_declared_may_have_any_properties() -> None:
    campaign = CAMPAIGN.replace("trigger: order.placed", "trigger: cart.left")

    assert findings(folder("{{ event.properties.anything or 'x' }}", campaign=campaign)) == []


@pytest.mark.parametrize(
    ("attributes", "told"),
    [
        (
            "{points: many}",
            "customer.attributes.points does not fit facts.yaml, so it counts as missing; write a number",
        ),
        ("{pionts: 1}", "facts.yaml declares no pionts; did you mean `points`?"),
        ("{points: 1, birthday: 4 May}", "write a day, such as 2026-03-05"),
        ("{points: 1, plan: gold}", "write one of its 2 values"),
    ],
)
def test_samples_are_held_to_the_declarations(attributes: str, told: str) -> None:
    found = [each for each in findings(folder(sample=sample(attributes))) if each.rule == "sample"]

    assert len(found) == 1
    assert found[0].what.endswith(told)
    assert (found[0].file, found[0].line) == ("c/sample.yaml", 2)


def test_a_mistake_in_the_file_is_reported_once_and_in_its_own_line() -> None:
    files = folder("{{ customer.attributes.plna or 'x' }}", "customer:\n  plan: txt\n")
    report = Checker().check(files)

    assert [(each.file, each.line, each.column, each.rule) for each in report.findings] == [
        ("facts.yaml", 2, 3, "facts-file")
    ]
    assert report.of("c") == report.errors


def test_a_change_of_the_file_is_noticed_by_a_checker_that_remembers() -> None:
    checker = Checker()
    assert checker.check(folder("{{ customer.attributes.plan }}")).findings == ()

    changed = folder("{{ customer.attributes.plan }}", FACTS.replace(", default: free", ""))
    assert [each.rule for each in checker.check(changed).findings] == ["optional-fact"]
