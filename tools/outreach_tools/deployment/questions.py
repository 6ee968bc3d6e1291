"""The questions of a first deployment."""

from dataclasses import dataclass

from outreach.adapters.ses.mime import sender_address
from outreach_tools.deployment.reserved_domains import is_reserved

REGION = "Region"
"""The only answer that is no parameter of template.yaml."""
NONE = "none"
"""What is typed for "no address"."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question."""

    parameter: str
    """Of template.yaml, or `REGION`."""
    option: str
    """Of tools/deploy.py; `make deploy` takes it in capitals, with `_` for `-`."""
    asks: str
    is_required: bool = True
    may_be_none: bool = False

    @property
    def variable(self) -> str:
        """What `make deploy` calls it."""
        return self.option.upper().replace("-", "_")


QUESTIONS = (
    Question("FromAddress", "from", "Address that messages come from"),
    Question("FromName", "name", "Name that messages come from"),
    Question(
        "ReplyTo",
        "reply-to",
        "Address that answers go to, or none for the sender's",
        is_required=False,
        may_be_none=True,
    ),
    Question("AlarmAddress", "alarms", "Address that alarms go to, or none", may_be_none=True),
    Question(REGION, "region", "AWS Region"),
)


def problem_of(answers: dict[str, str], parameter: str) -> str | None:
    """Why an answer cannot be deployed with; None if it can."""
    value = answers.get(parameter, "")
    try:
        match parameter:
            case "FromAddress":
                return _problem_of_address(value)
            case "FromName":
                if not value or '"' in value or "\\" in value:
                    return 'write a name without " and \\'
                sender_address(f"{value} <{answers.get('FromAddress') or 'a@b.net'}>")
            case "ReplyTo" | "AlarmAddress":
                return _problem_of_address(value) if value else None
            case _:
                return None if value else "write the name of a Region, such as eu-west-1"
    except ValueError as problem:
        return str(problem)
    return None


def _problem_of_address(value: str) -> str | None:
    """Raises ValueError for what SES accepts as no sender."""
    sender_address(value)
    domain = value.rpartition("@")[2]
    if "<" in value or " " in value or "." not in domain:
        return "write an address alone, such as hello@ and your domain"
    if is_reserved(domain):
        return f"{domain} is a domain for examples (RFC 2606): give an address of a domain that you own"
    return None
