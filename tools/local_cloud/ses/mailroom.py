"""Accepts messages: checks, counts, stores them, and starts the feedback that follows."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from functools import partial
from typing import Any

from local_cloud.access.callers import ACCOUNT, REGION, current_caller
from local_cloud.clock import VirtualClock
from local_cloud.errors import AwsError
from local_cloud.randomness import Randomness
from local_cloud.ses.account import Allowance, SesAccount
from local_cloud.ses.configuration import ConfigurationSet, Identities, SuppressionList
from local_cloud.ses.feedback import FORMS, Kind, detail
from local_cloud.ses.sent_email import SentEmail, pack
from local_cloud.ses.simulator import fate_of, is_simulator


def configuration_set_arn(name: str) -> str:
    return f"arn:aws:ses:{REGION}:{ACCOUNT}:configuration-set/{name}"


type Publish = Callable[[str, str, str, Any, list[str]], object]
"""(bus, source, detail-type, detail, resources)"""
type Notify = Callable[[str, str, str], object]
"""(ARN of the configuration set, ARN of the topic, message)"""


@dataclass(frozen=True, slots=True)
class Envelope:
    """A message as far as the request describes it."""

    sender: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    bcc: tuple[str, ...]
    reply_to: tuple[str, ...]
    subject: str
    text: str
    html: str
    headers: dict[str, str]
    tags: dict[str, str]
    configuration_set: str
    raw: bytes = b""
    """The MIME message, compressed, when the request carried one."""

    @property
    def recipients(self) -> tuple[str, ...]:
        return tuple(parseaddr(a)[1] for a in (*self.to, *self.cc, *self.bcc))


@dataclass(slots=True)
class Mailroom:
    """The account's state and its outbox."""

    clock: VirtualClock
    randomness: Randomness
    account: SesAccount
    publish: Publish
    notify: Notify
    may_notify: Callable[[str, str], bool]
    """Whether a topic (ARN) lets SES publish for a configuration set (ARN)."""
    allowance: Allowance
    sending_enabled: bool = True
    identities: Identities = field(default_factory=Identities)
    suppression: SuppressionList = field(default_factory=SuppressionList)
    configuration_sets: dict[str, ConfigurationSet] = field(default_factory=dict)
    outbox: list[SentEmail] = field(default_factory=list)
    _accepted: dict[str, SentEmail] = field(default_factory=dict)

    def check_sender(self, sender: str, configuration_set: str) -> str:
        """The configuration set to use.

        Raises AwsError when the sender is not verified, the set does not exist, or sending is paused.
        """
        identity = self.identities.covering(sender)
        if identity is None:
            raise AwsError(
                "MessageRejected",
                "Email address is not verified. The following identities failed the check in region "
                f"{REGION.upper()}: {parseaddr(sender)[1].rpartition('@')[2] or '(none)'}",
            )
        name = configuration_set or self.identities.default_configuration_set(identity)
        if name and name not in self.configuration_sets:
            raise AwsError("NotFoundException", f"Configuration set <{name}> does not exist.", 404)
        if not self.sending_enabled:
            raise AwsError("SendingPausedException", "Email sending is disabled for your account.")
        if name and not self.configuration_sets[name].sending_enabled:
            raise AwsError(
                "SendingPausedException", f"Email sending is disabled for configuration set <{name}>."
            )
        return name

    def accept(self, envelope: Envelope) -> str:
        """Take a message and return its id.

        Raises AwsError: over the rate, over the quota, or in the sandbox to an unverified recipient.
        """
        self._count(envelope)
        sent = self._keep(envelope)
        blocked = self._blocked(sent)
        if not blocked:
            self.outbox.append(sent)
        if self.account.feedback:
            self._report_later(sent, Kind.SENT, 0.0)
            if blocked:
                self._report_later(sent, Kind.BOUNCED, 1.0, {"bounceSubType": "OnAccountSuppressionList"})
            else:
                self._follow_up(sent)
        return sent.message_id

    def drop(self, envelope: Envelope, why: str) -> str:
        """Take a message that cannot be rendered: it counts, but only a failure event follows."""
        self._count(envelope)
        sent = self._keep(envelope)
        if self.account.feedback:
            self._report_later(sent, Kind.RENDERING_FAILED, 1.0, {"errorMessage": why})
        return sent.message_id

    def report(self, kind: Kind, message_id: str, overrides: Mapping[str, Any]) -> None:
        """Put an event about a message on the default bus, whatever the configuration set wants.

        Raises LookupError when there is no such message.
        """
        if message_id not in self._accepted:
            raise LookupError(
                f"no message {message_id} was sent: take the message_id of an entry of the outbox"
            )
        self._publish(
            kind, self._accepted[message_id], overrides, "eventbridge", "default", may_be_lost=False
        )

    # --- inside

    def _count(self, envelope: Envelope) -> None:
        real = [a for a in envelope.recipients if not is_simulator(a)]
        if self.account.sandbox and any(self.identities.covering(a) is None for a in real):
            raise AwsError(
                "MessageRejected",
                "Email address is not verified. The account is in the sandbox: recipients must be "
                "verified too.",
            )
        if real:
            self.allowance.take(len(real), self.clock.now)

    def _keep(self, envelope: Envelope) -> SentEmail:
        draw = self.randomness.stream("messages of SES")
        message_id = f"0100{draw.getrandbits(48):012x}-{self.randomness.uuid('messages of SES')}-000000"
        caller = current_caller()
        sent = SentEmail(
            message_id=message_id,
            sent_at=self.clock.now_as_datetime,
            sender=envelope.sender,
            recipients=envelope.recipients,
            reply_to=envelope.reply_to,
            headers={"From": envelope.sender, **envelope.headers},
            tags=envelope.tags,
            configuration_set=envelope.configuration_set,
            function=caller.function if caller else "",
            to_addresses=envelope.to,
            cc_addresses=envelope.cc,
            _body=pack(envelope.subject, envelope.text, envelope.html),
            _raw=envelope.raw,
        )
        self._accepted[message_id] = sent
        return sent

    def _blocked(self, sent: SentEmail) -> bool:
        reasons = self._suppressed_reasons(sent)
        return all(self.suppression.reason(a) in reasons for a in sent.recipients) if reasons else False

    def _suppressed_reasons(self, sent: SentEmail) -> tuple[str, ...]:
        configured = self.configuration_sets.get(sent.configuration_set)
        own = configured.suppressed_reasons if configured else None
        return self.account.suppressed_reasons if own is None else own

    def _follow_up(self, sent: SentEmail) -> None:
        draw = self.randomness.stream("feedback of SES")
        after = 0.0
        for kind in fate_of(sent.to):
            after += 1.0 + round(draw.random() * 4, 3)
            self._report_later(sent, kind, after)

    def _report_later(
        self, sent: SentEmail, kind: Kind, seconds: float, overrides: Mapping[str, Any] | None = None
    ) -> None:
        configured = self.configuration_sets.get(sent.configuration_set)
        for source, where in configured.wanting(FORMS[kind].matching) if configured else ():
            self.clock.call_in(seconds, partial(self._publish, kind, sent, overrides or {}, source, where))

    def _publish(
        self,
        kind: Kind,
        sent: SentEmail,
        overrides: Mapping[str, Any],
        source: str,
        where: str,
        *,
        may_be_lost: bool = True,
    ) -> None:
        found = detail(kind, sent, self.clock.now_as_datetime, overrides)
        self._suppress_after(kind, sent, found)
        if may_be_lost and self.account.loss.loses(source, sent.message_id):
            return
        arn = configuration_set_arn(sent.configuration_set) if sent.configuration_set else ""
        if source == "sns":
            self.notify(arn, where, json.dumps(found))
        else:
            self.publish(where, "aws.ses", kind.value, found, [arn] if arn else [])

    def _suppress_after(self, kind: Kind, sent: SentEmail, found: Mapping[str, Any]) -> None:
        hard = kind is Kind.BOUNCED and found["bounce"].get("bounceType") == "Permanent"
        reason = "BOUNCE" if hard else "COMPLAINT" if kind is Kind.COMPLAINED else ""
        if reason and reason in self._suppressed_reasons(sent):
            for address in sent.recipients:
                if not is_simulator(address):
                    self.suppression.put(address, reason, self.clock.now)
