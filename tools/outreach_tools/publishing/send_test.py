"""Test sends: a message as a customer would get it, marked as a test, to an address that may get tests.

They pass no gate and write no row: no ledger row, no cap, no consent is read or changed. The
configuration set is the stack's own, because only with it may the stack's sender be used; what SES
reports of them carries no send id, so it counts for nothing but a bounced or complaining address.
"""

from dataclasses import dataclass, replace
from typing import Any

from outreach.adapters.ses.mailer import SesMailer, headers_of
from outreach.adapters.ses.mime import ascii_address
from outreach.adapters.templates import TemplateBundle
from outreach.domain.errors import OutreachError
from outreach.domain.journeys.campaign import Campaign
from outreach.domain.sending.send import SendId
from outreach.ports.sending import OutgoingEmail
from outreach_tools.publishing.facts_of import Known

MARK = "[Test] "
HEADER = {"Name": "X-Outreach-Test", "Value": "yes"}


class MayNotGetTestsError(OutreachError):
    """The address is not among those that the stack allows."""


@dataclass(frozen=True, slots=True)
class TestRecipients:
    """Who may get test sends: the stack's parameter, addresses and `@domains` with commas between."""

    __test__ = False  # it is no test, whatever pytest thinks of its name
    setting: str

    def require(self, address: str) -> None:
        """Raises MayNotGetTestsError, which never holds the address."""
        if not all(address.rpartition("@")[::2]):
            raise MayNotGetTestsError("this is no address; write one such as you@example.com")
        allowed = {entry.strip().lower() for entry in self.setting.split(",") if entry.strip()}
        whole, domain = address.lower(), "@" + address.lower().rpartition("@")[2]
        if not allowed:
            raise MayNotGetTestsError(
                "no address may get test sends: deploy with the parameter TestRecipients"
            )
        if whole not in allowed and domain not in allowed:
            raise MayNotGetTestsError(
                "this address may not get test sends: add it, or its @domain, to the stack's parameter "
                "TestRecipients"
            )


def draft_test(
    templates: TemplateBundle, campaign: Campaign, message: str, known: Known, *, person: str, to: str,
    language: str | None,
) -> OutgoingEmail:  # fmt: skip
    """The message, rendered as senders do it. Raises TemplateError."""
    facts = {**known.facts, "message": {"name": message}}
    content = templates.render(campaign.name, message, facts, locale=language or known.locale)
    return OutgoingEmail(
        send_id=SendId(person, campaign.name, "test", 0, message),
        to=to,
        content=replace(content, subject=MARK + content.subject),
        message=message,
        links=known.links,
        is_marketing=campaign.is_marketing,
    )


def send_test(client: Any, mailer: SesMailer, email: OutgoingEmail) -> str:
    """Hand the message to SES and return SES's message id.

    Raises ValueError for an address that SES cannot mail, and botocore's own errors.
    """
    content = email.content
    answer = client.send_email(
        **mailer.envelope(),
        Destination={"ToAddresses": [ascii_address(email.to)]},
        Content={
            "Simple": {
                "Subject": _utf8(content.subject),
                "Body": {"Html": _utf8(content.html), "Text": _utf8(content.text)},
                "Headers": [*headers_of(email), HEADER],
            }
        },
        EmailTags=[{"Name": "test", "Value": "yes"}],
    )
    message_id: str = answer["MessageId"]
    return message_id


def _utf8(words: str) -> dict[str, str]:
    return {"Data": words, "Charset": "UTF-8"}
