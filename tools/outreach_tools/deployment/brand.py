"""Whether brand.yaml is still the sample's: its name and address stand in every message."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import yaml

from outreach_tools.deployment.reserved_domains import is_reserved

SAMPLE_NAME = "Juniper & Oak"
FILE = "brand.yaml"


def read_brand(templates: Path) -> dict[str, str]:
    """The texts of brand.yaml by name; empty when it cannot be read, which `templates check` reports."""
    try:
        found = yaml.safe_load((templates / FILE).read_text("utf-8"))
    except (OSError, ValueError, yaml.YAMLError):
        return {}
    pairs = found.items() if isinstance(found, dict) else ()
    return {str(name): value for name, value in pairs if isinstance(value, str)}


def brand_problems(brand: Mapping[str, str], templates: Path) -> Iterator[str]:
    """One line for each value that is the sample's, or in a domain that is reserved for examples.

    `templates` is the folder of the file, as the lines name it.
    """
    file = templates / FILE
    for field in ("name", "postal_address"):
        if SAMPLE_NAME in brand.get(field, ""):
            yield f"{file}: {field} is the sample's; write your own"
    hosts = {
        "site_url": urlsplit(brand.get("site_url", "")).hostname or "",
        "support_email": brand.get("support_email", "").rpartition("@")[2],
    }
    for field, host in hosts.items():
        if host and is_reserved(host):
            yield f"{file}: {field} is in {host}, a domain for examples (RFC 2606); write your own"
