"""The sender of a stack on this machine: no message leaves it, so the address need not exist."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

ADDRESS = "shop@example.test"
"""In a domain that cannot be registered (RFC 2606)."""
_BRAND = Path("templates/brand.yaml")


def local_sender(project: Path, template: Mapping[str, Any]) -> dict[str, str]:
    """Values of the sender's parameters that the template declares without a default.

    The name is the brand's.
    """
    declared = template.get("Parameters", {})
    values = {"FromAddress": ADDRESS, "FromName": _brand_name(project / _BRAND)}
    return {
        name: value for name, value in values.items() if name in declared and "Default" not in declared[name]
    }


def _brand_name(file: Path) -> str:
    try:
        brand = yaml.safe_load(file.read_text("utf-8"))
    except (OSError, ValueError, yaml.YAMLError):
        brand = None
    name = brand.get("name") if isinstance(brand, dict) else None
    return name if isinstance(name, str) and name else "Shop"
