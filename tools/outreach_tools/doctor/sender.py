"""The sender's domain: its identity in SES, and the DNS records that make mailboxes trust it."""

from collections.abc import Iterator, Mapping
from typing import Any

from botocore.exceptions import ClientError

from outreach_tools.doctor.finding import Finding, fail, ok, warn
from outreach_tools.doctor.site import Site

_FEWEST_LABELS = 2
"""Of a domain that can be registered."""


def look_at_sender(site: Site) -> Iterator[Finding]:
    """Identity, DKIM, MAIL FROM and DMARC."""
    domain = site.sender_domain
    found = _identity(site, domain)
    if found is None:
        create = site.aws(f"sesv2 create-email-identity --email-identity {domain}")
        yield fail(
            "identity", f"SES has no identity for {domain}: it takes no message of this sender", create
        )
    else:
        name, identity = found
        yield _verified(site, name, identity)
        yield _dkim(site, name, identity)
        yield _mail_from(site, name, identity)
    yield _dmarc(site, domain)


def _identity(site: Site, domain: str) -> tuple[str, Mapping[str, Any]] | None:
    """The identity that covers the sender: of the address, of its domain, or of one above that."""
    address = site.stack.outputs["Sender"].rstrip(">").rpartition("<")[2].strip().lower()
    ses = site.stack.client("sesv2")
    for name in (*_above(domain), address):
        try:
            return name, ses.get_email_identity(EmailIdentity=name)
        except ClientError as error:
            if error.response["Error"]["Code"] != "NotFoundException":
                raise
    return None


def _above(domain: str) -> list[str]:
    """The domain, and those that it belongs to."""
    labels = domain.split(".")
    return [".".join(labels[first:]) for first in range(max(1, len(labels) - _FEWEST_LABELS + 1))]


def _verified(site: Site, name: str, identity: Mapping[str, Any]) -> Finding:
    if identity.get("VerifiedForSendingStatus"):
        return ok("identity", f"{name} is verified in SES")
    again = site.outreach("doctor")
    return fail(
        "identity",
        f"{name} is not verified in SES yet: set the DKIM records below, wait up to 72 hours, look again",
        again,
    )


def _dkim(site: Site, name: str, identity: Mapping[str, Any]) -> Finding:
    dkim = identity.get("DkimAttributes", {})
    status = dkim.get("Status", "NOT_STARTED")
    if status == "SUCCESS" and dkim.get("SigningEnabled", True):
        return ok("dkim", f"messages are signed as {name}")
    if "@" in name:
        domain = name.rpartition("@")[2]
        create = site.aws(f"sesv2 create-email-identity --email-identity {domain}")
        return fail("dkim", f"only the address is verified: verify its domain {domain} to sign", create)
    zone = dkim.get("SigningHostedZone") or "dkim.amazonses.com"
    records = tuple(f"{token}._domainkey.{name} CNAME {token}.{zone}" for token in dkim.get("Tokens", ()))
    enable = site.aws(f"sesv2 put-email-identity-dkim-attributes --email-identity {name} --signing-enabled")
    run = () if dkim.get("SigningEnabled", True) else (enable,)
    return fail(
        "dkim", f"messages are not signed ({status}): Gmail and Yahoo refuse them", *run, records=records
    )


def _mail_from(site: Site, name: str, identity: Mapping[str, Any]) -> Finding:
    """SPF is aligned with the sender only with a MAIL FROM domain of one's own (SES developer guide)."""
    found = identity.get("MailFromAttributes", {})
    base = name.rpartition("@")[2]
    domain = found.get("MailFromDomain") or f"bounce.{base}"
    status = found.get("MailFromDomainStatus", "")
    records = (
        f"{domain} MX 10 feedback-smtp.{site.region}.amazonses.com",
        f'{domain} TXT "v=spf1 include:amazonses.com ~all"',
    )
    if not found.get("MailFromDomain"):
        what = "bounces go to amazonses.com, so SPF does not speak for the sender; DKIM alone does"
        put = site.aws(
            "sesv2 put-email-identity-mail-from-attributes "
            f"--email-identity {name} --mail-from-domain {domain}"
        )
        return warn("mail-from", what, put, records=records)
    if status == "SUCCESS":
        return ok("mail-from", f"bounces go to {domain}")
    return warn(
        "mail-from", f"{domain} is not usable yet ({status}): SES uses amazonses.com", records=records
    )


def _dmarc(site: Site, domain: str) -> Finding:
    unanswered = False
    for name in _above(domain):
        found = site.lookup(f"_dmarc.{name}")
        unanswered = unanswered or found is None
        policies = [text for text in found or () if text.replace(" ", "").lower().startswith("v=dmarc1")]
        if policies:
            return ok("dmarc", f"_dmarc.{name} says {policies[0]}")
    record = f'_dmarc.{domain} TXT "v=DMARC1; p=none"'
    if unanswered:
        return warn("dmarc", "DNS gave no answer: look whether there is such a record", records=(record,))
    return fail(
        "dmarc", f"no DMARC record for {domain}: Gmail and Yahoo ask bulk senders for one", records=(record,)
    )
