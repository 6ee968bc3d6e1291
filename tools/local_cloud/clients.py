"""boto3 clients, made once and shared: making one costs as much as a dozen calls."""

from collections.abc import Mapping
from typing import Any

import boto3
from botocore.config import Config

from local_cloud.access.callers import REGION
from local_cloud.patches import Patches

_PLAIN = {"service_name", "region_name", "config"}
# Clients hold no state of the cloud: every call goes through the gateway, which replaces `_make_api_call`.
_shared: dict[str, Any] = {}


def _key(arguments: Mapping[str, Any]) -> str:
    config = arguments.get("config")
    given = vars(config).get("_user_provided_options", {}) if isinstance(config, Config) else {}
    options = sorted(given.items())
    return repr((arguments["service_name"], arguments.get("region_name", REGION), options))


class Clients:
    """Stands in for `boto3.client`; a call with other arguments than these three gets a client of its own."""

    def __init__(self) -> None:
        self._make: Any = boto3.client

    def install(self, patches: Patches) -> None:
        self._make = patches.replace(boto3, "client", self.get)

    def get(self, *args: Any, **kwargs: Any) -> Any:
        arguments = {**dict(zip(("service_name", "region_name"), args, strict=False)), **kwargs}
        if len(args) > len(("service_name", "region_name")) or not set(arguments) <= _PLAIN:
            return self._make(*args, **kwargs)
        key = _key(arguments)
        if key not in _shared:
            _shared[key] = self._make(**{"region_name": REGION, **arguments})
        return _shared[key]
