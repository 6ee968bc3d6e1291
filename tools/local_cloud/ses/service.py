"""The operations of SES v2 that a stack sends and administers with."""

import zlib
from typing import Any

from local_cloud.errors import AwsError, NotEmulatedError
from local_cloud.ses import raw
from local_cloud.ses.mailroom import Envelope, Mailroom
from local_cloud.ses.setup import SesSetup
from local_cloud.ses.templates import MissingVariableError, check_content, fill, parse_data
from local_cloud.ses.validation import (
    MAXIMUM_RECIPIENTS,
    bad_request,
    check_headers,
    check_sender,
    check_subject,
    check_tags,
    recipients_of,
)

# How SendBulkEmail names per entry what SendEmail would raise.
_ENTRY_STATUS = {
    "TooManyRequestsException": "ACCOUNT_THROTTLED",
    "LimitExceededException": "ACCOUNT_DAILY_QUOTA_EXCEEDED",
    "BadRequestException": "INVALID_PARAMETER",
    "MessageRejected": "MESSAGE_REJECTED",
}
type Params = dict[str, Any]


class Ses:
    """Sending is here; setting up is in `SesSetup`."""

    rest_is_motos = False

    def __init__(self, mailroom: Mailroom) -> None:
        self._room = mailroom
        self._templates: dict[str, dict[str, str]] = {}
        self.operations = {
            "SendEmail": self._send_email,
            "SendBulkEmail": self._send_bulk_email,
            "CreateEmailTemplate": self._create_template,
            "GetEmailTemplate": lambda p: {
                "TemplateName": p["TemplateName"],
                "TemplateContent": self._stored(p["TemplateName"]),
            },
            **SesSetup(mailroom).operations,
        }

    def _send_email(self, params: Params) -> dict[str, Any]:
        if "ListManagementOptions" in params:
            raise NotEmulatedError(
                "SendEmail with ListManagementOptions: the local cloud has no contact lists"
            )
        content = params["Content"]
        if len([kind for kind in ("Simple", "Raw", "Template") if kind in content]) != 1:
            raise bad_request("Content must have exactly one of Simple, Raw and Template.")
        if "Raw" in content:
            return {"MessageId": self._room.accept(self._raw(params))}
        sender = _sender(params)
        destination = params.get("Destination", {})
        recipients_of(destination)
        tags = check_tags(params.get("EmailTags", []))
        if "Simple" in content:
            simple = content["Simple"]
            text, html = (simple["Body"].get(part, {}).get("Data", "") for part in ("Text", "Html"))
            if not text and not html:
                raise bad_request("Message body must have a text part or an HTML part.")
            headers = check_headers(simple.get("Headers", []))
            configured = self._room.check_sender(sender, params.get("ConfigurationSetName", ""))
            subject = check_subject(simple["Subject"]["Data"])
            return {
                "MessageId": self._room.accept(
                    _envelope(params, destination, subject, text, html, headers, tags, configured)
                )
            }
        template = content["Template"]
        configured = self._room.check_sender(sender, params.get("ConfigurationSetName", ""))
        headers = check_headers(template.get("Headers", []))
        filled = self._fill(template, parse_data(template.get("TemplateData", "{}")))
        return {"MessageId": self._accept_filled(params, destination, filled, headers, tags, configured)}

    def _raw(self, params: Params) -> Envelope:
        data = params["Content"]["Raw"]["Data"]
        message = raw.read(data)
        given = params.get("Destination", {})
        destination = given or {
            "ToAddresses": message.to,
            "CcAddresses": message.cc,
            "BccAddresses": message.bcc,
        }
        recipients_of(destination)
        sender = params.get("FromEmailAddress") or message.sender
        tags = {**message.tags, **check_tags(params.get("EmailTags", []))}
        name = params.get("ConfigurationSetName") or message.configuration_set
        return Envelope(
            sender=sender,
            to=tuple(destination.get("ToAddresses", ())),
            cc=tuple(destination.get("CcAddresses", ())),
            bcc=tuple(destination.get("BccAddresses", ())),
            reply_to=tuple(params.get("ReplyToAddresses", ())) or message.reply_to,
            subject=message.subject,
            text=message.text,
            html=message.html,
            headers=message.headers,
            tags=tags,
            configuration_set=self._room.check_sender(sender, name),
            raw=zlib.compress(data, 1),
        )

    def _send_bulk_email(self, params: Params) -> dict[str, Any]:
        entries = params["BulkEmailEntries"]
        if not 1 <= len(entries) <= MAXIMUM_RECIPIENTS:
            raise bad_request(
                f"BulkEmailEntries has {len(entries)} entries: 1 to {MAXIMUM_RECIPIENTS} are allowed."
            )
        template = params["DefaultContent"].get("Template")
        if template is None:
            raise bad_request("DefaultContent.Template is required.")
        sender = _sender(params)
        check_tags(params.get("DefaultEmailTags", []))
        check_headers(template.get("Headers", []))
        self._content(template)
        configured = self._room.check_sender(sender, params.get("ConfigurationSetName", ""))
        return {
            "BulkEmailEntryResults": [
                self._send_entry(params, template, entry, configured) for entry in entries
            ]
        }

    def _send_entry(self, params: Params, template: Params, entry: Params, configured: str) -> dict[str, str]:
        try:
            recipients_of(entry["Destination"])
            headers = check_headers(_merged(template.get("Headers", []), entry.get("ReplacementHeaders", [])))
            tags = check_tags(_merged(params.get("DefaultEmailTags", []), entry.get("ReplacementTags", [])))
            replacement = entry.get("ReplacementEmailContent", {}).get("ReplacementTemplate", {})
            data = parse_data(template.get("TemplateData", "{}"))
            data |= parse_data(replacement.get("ReplacementTemplateData", "{}"))
            filled = self._fill(template, data)
            message_id = self._accept_filled(params, entry["Destination"], filled, headers, tags, configured)
        except AwsError as error:
            return {"Status": _ENTRY_STATUS.get(error.code, "FAILED"), "Error": error.message}
        return {"Status": "SUCCESS", "MessageId": message_id}

    def _fill(self, template: Params, data: dict[str, Any]) -> tuple[str, str, str] | MissingVariableError:
        content = self._content(template)
        try:
            subject, text, html = (fill(content.get(part, ""), data) for part in ("Subject", "Text", "Html"))
        except MissingVariableError as missing:
            return missing
        return subject, text, html

    def _accept_filled(
        self,
        params: Params,
        destination: Params,
        filled: tuple[str, str, str] | MissingVariableError,
        headers: dict[str, str],
        tags: dict[str, str],
        configured: str,
    ) -> str:
        if isinstance(filled, MissingVariableError):
            return self._room.drop(
                _envelope(params, destination, "", "", "", headers, tags, configured), str(filled)
            )
        subject, text, html = filled
        envelope = _envelope(
            params, destination, check_subject(subject), text, html, headers, tags, configured
        )
        return self._room.accept(envelope)

    def _content(self, template: Params) -> dict[str, str]:
        content: dict[str, str] | None = template.get("TemplateContent")
        if content is None:
            name = template.get("TemplateName") or template.get("TemplateArn", "").rpartition("/")[2]
            return self._stored(name)
        check_content(content)
        return content

    def _stored(self, name: str) -> dict[str, str]:
        if name not in self._templates:
            raise AwsError("NotFoundException", f"Template {name} does not exist.", 404)
        return self._templates[name]

    def _create_template(self, params: Params) -> dict[str, Any]:
        if params["TemplateName"] in self._templates:
            raise AwsError("AlreadyExistsException", f"Template {params['TemplateName']} already exists.")
        self._templates[params["TemplateName"]] = dict(params["TemplateContent"])
        return {}


def _sender(params: Params) -> str:
    sender: str = params.get("FromEmailAddress", "")
    if not sender:
        raise bad_request("FromEmailAddress is required.")
    return check_sender(sender)


def _merged(defaults: list[dict[str, str]], replacements: list[dict[str, str]]) -> list[dict[str, str]]:
    """The defaults, with those of the same name (in any case) replaced, and the others added."""
    replaced = {r["Name"].lower() for r in replacements}
    return [d for d in defaults if d["Name"].lower() not in replaced] + replacements


def _envelope(
    params: Params,
    destination: Params,
    subject: str,
    text: str,
    html: str,
    headers: dict[str, str],
    tags: dict[str, str],
    configured: str,
) -> Envelope:
    return Envelope(
        sender=params["FromEmailAddress"],
        to=tuple(destination.get("ToAddresses", ())),
        cc=tuple(destination.get("CcAddresses", ())),
        bcc=tuple(destination.get("BccAddresses", ())),
        reply_to=tuple(params.get("ReplyToAddresses", ())),
        subject=subject,
        text=text,
        html=html,
        headers=headers,
        tags=tags,
        configuration_set=configured,
    )
