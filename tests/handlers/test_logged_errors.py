"""What a log says of an error: our own text, the operation and code of AWS, of any other the kind."""

import ast
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from outreach.domain.errors import ConflictError, InvalidCampaignError, OutreachError, Problem
from outreach.telemetry import facts_of

FUNCTIONS = Path(__file__).parents[2] / "functions" / "outreach"
NOT_A_VALUE = {"email", "address", "recipient", "to", "body", "detail", "text", "value", "given", "facts"}
"""Names that no text of our errors may contain: in this code they hold values from outside."""


def raised(error: Exception) -> Exception:
    with pytest.raises(type(error)) as caught:
        raise error
    return caught.value


def test_an_error_of_ours_is_logged_in_its_own_words() -> None:
    problem = Problem("onboarding/campaign.yaml:12", "trigger is missing")

    facts = facts_of(raised(InvalidCampaignError((problem,))))

    assert (facts["error"], facts["why"]) == (
        "InvalidCampaignError",
        "onboarding/campaign.yaml:12: trigger is missing",
    )
    assert facts["at"]
    assert facts_of(raised(ConflictError("the order changed")), frames=1)["why"] == "the order changed"


def test_of_what_aws_refuses_the_operation_and_the_code_are_logged() -> None:
    answer = {"Error": {"Code": "ValidationException", "Message": "bad value ana@example.com"}}

    facts = facts_of(raised(ClientError(answer, "PutItem")))  # type: ignore[arg-type]  # the rest is not read

    assert (facts["operation"], facts["code"]) == ("PutItem", "ValidationException")
    assert "ana@" not in str(facts)


def test_the_words_of_a_foreign_error_are_not_logged() -> None:
    facts = facts_of(raised(ValueError("ana@example.com")))

    assert facts["error"] == "ValueError"
    assert "ana@example" not in str({**facts, "at": ""})


def our_errors() -> set[str]:
    """The names of all classes of our errors, however deep."""
    bases = {
        node.name: {base.id for base in node.bases if isinstance(base, ast.Name)}
        for file in FUNCTIONS.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    }
    ours = {OutreachError.__name__}
    while found := {name for name, of in bases.items() if of & ours} - ours:
        ours |= found
    return ours


def test_no_error_of_ours_has_a_value_from_outside_in_its_words() -> None:
    ours, interpolated = our_errors(), []
    for file in FUNCTIONS.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if (
                not isinstance(node, ast.Call)
                or not isinstance(node.func, ast.Name)
                or node.func.id not in ours
            ):
                continue
            for part in ast.walk(node):
                if isinstance(part, ast.FormattedValue):
                    name = ast.unparse(part.value)
                    interpolated.append(name)
                    assert name.rpartition(".")[2] not in NOT_A_VALUE, f"{file.name}: {ast.unparse(node)}"
    assert "campaign" in interpolated
