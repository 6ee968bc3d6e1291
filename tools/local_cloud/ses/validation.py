"""What SES refuses in a request: addresses, headers, tags, sizes. After the SES v2 API reference."""

import re
from collections.abc import Iterable, Mapping
from email.utils import parseaddr
from typing import Any

from local_cloud.errors import AwsError

MAXIMUM_RECIPIENTS = 50
MAXIMUM_SENDER = 320  # characters, encoded
MAXIMUM_HEADERS = 15
MAXIMUM_HEADER_LENGTH = 996  # name and value together
MAXIMUM_TEMPLATE_DATA = 262_144  # characters of JSON
MAXIMUM_INLINE_TEMPLATE = 1_048_576  # bytes
MAXIMUM_MESSAGE = 40 * 1024 * 1024  # bytes, after encoding
_HEADER_NAME = re.compile(r"[!-9;-@A-~]{1,126}")
_HEADER_VALUE = re.compile(r"[ -~]{1,995}")
_TAG = re.compile(r"[A-Za-z0-9_-]{1,256}")
_OWN_HEADERS = frozenset(
    [
        "bcc",
        "cc",
        "content-disposition",
        "content-type",
        "date",
        "from",
        "message-id",
        "mime-version",
        "reply-to",
        "return-path",
        "subject",
        "to",
    ]
)
_LINE_BREAK = re.compile(r"[\r\n]")


def bad_request(message: str) -> AwsError:
    return AwsError("BadRequestException", message)


def recipients_of(destination: Mapping[str, Any]) -> list[str]:
    """All addresses of a destination.

    Raises AwsError when there are none or too many, or when one is not an address SES can send to.
    """
    found = [a for kind in ("ToAddresses", "CcAddresses", "BccAddresses") for a in destination.get(kind, [])]
    if not found:
        raise bad_request("At least one recipient is required.")
    if len(found) > MAXIMUM_RECIPIENTS:
        raise bad_request(f"Recipient count exceeds {MAXIMUM_RECIPIENTS}.")
    return [check_address(address) for address in found]


def check_address(text: str) -> str:
    """The plain address in `Name <address>`.

    Raises AwsError; the message says what is wrong and does not repeat the address.
    """
    address = parseaddr(text)[1] if "<" in text else text
    local, at, domain = address.rpartition("@")
    if not at or not local or _LINE_BREAK.search(text):
        raise bad_request("Missing final '@domain'")
    if not local.isascii() or re.search(r"[\s\x00-\x1f\x7f]", local):
        raise bad_request(
            "Local address contains control or whitespace, or characters other than 7-bit ASCII"
        )
    for is_wrong, how in (
        (local.startswith("."), "starts with dot"),
        (".." in local, "contains dot-dot"),
        (local.endswith("."), "ends with dot"),
    ):
        if is_wrong:
            raise bad_request(f"Local address {how}")
    if (
        not domain.isascii()
        or not re.fullmatch(r"[A-Za-z0-9.-]+", domain)
        or ".." in domain
        or domain.startswith(".")
    ):
        raise bad_request("Domain contains illegal character (write international domains in Punycode)")
    return address


def check_sender(text: str) -> str:
    """The From as it was given: nothing in it is encoded or corrected.

    Raises AwsError when it is no address, or longer than SES takes.
    """
    if len(text) > MAXIMUM_SENDER:
        raise bad_request(f"The From has {len(text)} characters, the limit is {MAXIMUM_SENDER}.")
    check_address(text)
    return text


def check_headers(headers: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """The headers by name.

    Raises AwsError when there are too many, one is SES's own, or a name or value has forbidden characters.
    """
    given = list(headers)
    if len(given) > MAXIMUM_HEADERS:
        raise bad_request(f"Too many headers: {len(given)}, the limit is {MAXIMUM_HEADERS}.")
    seen: set[str] = set()
    for header in given:
        name, value = header["Name"], header["Value"]
        lower = name.lower()
        if not _HEADER_NAME.fullmatch(name):
            raise bad_request(
                f"Invalid header name {name!r}: 1 to 126 printable ASCII characters without a colon."
            )
        if lower in _OWN_HEADERS:
            raise bad_request(f"Header name {name} is not allowed: SES sets it itself.")
        if not _HEADER_VALUE.fullmatch(value):
            raise bad_request(
                f"Invalid header value of {name}: 1 to 995 printable ASCII characters, no line breaks."
            )
        if len(name) + len(value) > MAXIMUM_HEADER_LENGTH:
            raise bad_request(f"Header {name} is longer than {MAXIMUM_HEADER_LENGTH} characters.")
        if lower in seen and lower.startswith("list-unsubscribe"):
            raise bad_request(f"Duplicate header {name}.")
        seen.add(lower)
    return {header["Name"]: header["Value"] for header in given}


def check_tags(tags: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """The tags by name.

    Raises AwsError when a name or value has other than letters, digits, `_` and `-`, or is too long.
    """
    given = list(tags)
    for tag in given:
        for part in ("Name", "Value"):
            if not _TAG.fullmatch(tag[part]):
                raise bad_request(
                    f"Invalid tag {part.lower()} of tag {tag['Name'][:256]!r}: 1 to 256 characters, only "
                    "alphanumeric ASCII characters, '_', and '-' are allowed."
                )
    if len({tag["Name"] for tag in given}) != len(given):
        raise bad_request("Duplicate tag name.")
    return {tag["Name"]: tag["Value"] for tag in given}


def check_subject(subject: str) -> str:
    if _LINE_BREAK.search(subject):
        raise bad_request("Subject contains control characters.")
    return subject
