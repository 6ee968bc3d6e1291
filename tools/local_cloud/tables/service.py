"""DynamoDB's reads and writes: moto's handler is called directly, without HTTP and JSON in between.

Tables are created, described and changed through moto in the usual way.
"""

import json
from functools import partial
from typing import TYPE_CHECKING, Any

from moto.core.exceptions import JsonRESTError, ServiceException
from moto.dynamodb import responses as responses_module
from moto.dynamodb.models import DynamoDBBackend, dynamodb_backends
from moto.dynamodb.models.dynamo_type import Item
from moto.dynamodb.models.table import Table
from moto.dynamodb.responses import DynamoHandler

from local_cloud.access.callers import ACCOUNT, REGION
from local_cloud.clock import VirtualClock
from local_cloud.errors import AwsError
from local_cloud.patches import Patches
from local_cloud.tables import strictness
from local_cloud.tables.conditions import make_conditions_cheap
from local_cloud.tables.index_lag import IndexLag
from local_cloud.tables.items import make_items_cheap
from local_cloud.tables.linear import make_linear
from local_cloud.tables.updates import make_updates_cheap

if TYPE_CHECKING:
    from collections.abc import Callable

_DAY = 86_400.0
_PLAIN = {
    "GetItem": "get_item",
    "Query": "query",
    "Scan": "scan",
    "TransactGetItems": "transact_get_items",
    "UpdateItem": "update_item",
    "DeleteItem": "delete_item",
}
"""Operations that need no more strictness than moto's."""
type Params = dict[str, Any]


class DynamoDb:
    """One account's tables in one region."""

    rest_is_motos = True

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self._tokens = strictness.RequestTokens()
        self.index_lag: float = 0
        """Seconds by which secondary indexes are behind the table."""
        self.operations: dict[str, Callable[[Params], dict[str, Any]]] = {
            **{operation: partial(self._ask, method) for operation, method in _PLAIN.items()},
            "PutItem": self._put_item,
            "BatchGetItem": self._batch_get,
            "BatchWriteItem": self._batch_write,
            "TransactWriteItems": self._transact_write,
        }

    def install(self, patches: Patches) -> None:
        make_linear(patches, IndexLag(lambda: self._clock.now, self.index_lag))
        make_items_cheap(patches)
        make_conditions_cheap(patches)
        make_updates_cheap(patches)
        # moto still has DynamoDB's limit of 2018.
        patches.replace(responses_module, "TRANSACTION_MAX_ITEMS", strictness.TRANSACTION_LIMIT)

    @property
    def backend(self) -> DynamoDBBackend:
        return dynamodb_backends[ACCOUNT][REGION]

    def expire_daily(self) -> None:
        """Delete what has expired, now and every day; AWS promises no more than "within a few days"."""
        for table in list(self.backend.tables.values()):
            if table.ttl.get("TimeToLiveStatus") != "ENABLED":
                continue
            for item in _expired(table, self._clock.now):
                key = {name: item.attrs[name].to_regular_json() for name in table.table_key_attrs}
                self._ask("delete_item", {"TableName": table.name, "Key": key})
        self._clock.call_in(_DAY, self.expire_daily)

    # --- operations

    def _put_item(self, params: Params) -> dict[str, Any]:
        table = self.backend.tables.get(params["TableName"])
        if table is not None:
            strictness.check_index_keys(table, params["Item"])
        return self._ask("put_item", params)

    def _batch_get(self, params: Params) -> dict[str, Any]:
        strictness.check_batch_get(params["RequestItems"], self.backend.tables)
        return self._ask("batch_get_item", params)

    def _batch_write(self, params: Params) -> dict[str, Any]:
        strictness.check_batch_write(params["RequestItems"], self.backend.tables)
        return self._ask("batch_write_item", params)

    def _transact_write(self, params: Params) -> dict[str, Any]:
        items = params["TransactItems"]
        strictness.check_transaction(items, self.backend.tables)
        token = params.get("ClientRequestToken", "")
        if token and self._tokens.is_repeat(token, items, self._clock.now):
            return {}
        answer = self._ask("transact_write_items", params)
        if token:
            self._tokens.remember(token, items, self._clock.now)
        return answer

    # --- inside

    def _ask(self, method: str, params: Params) -> dict[str, Any]:
        handler = DynamoHandler()
        handler.params = handler.body = _copied(params)
        handler.headers = {}
        handler.querystring = {}
        handler.region = REGION
        handler.current_account = ACCOUNT
        try:
            result = getattr(handler, method)().result
        except JsonRESTError as error:
            raise _as_aws_error(error) from None
        except ServiceException as error:
            raise AwsError(error.code, error.message) from None
        return {name: value for name, value in result.items() if value is not None}


def _expired(table: Table, now: float) -> list[Item]:
    name = table.ttl["AttributeName"]
    # Not through all_items, which sorts the whole table.
    kept: list[Any] = list(table.items.values())
    items = [item for items in kept for item in items.values()] if table.range_key_attr else kept
    found = []
    for item in items:
        moment = item.attrs.get(name)
        if moment is not None and moment.type == "N" and float(moment.value) < now:
            found.append(item)
    return found


def _as_aws_error(error: JsonRESTError) -> AwsError:
    body = json.loads(error.description)
    code = body.pop("__type").rpartition("#")[2]
    message = body.pop("message", None) or body.pop("Message", "")
    return AwsError(code, message, error.code, **body)


def _copied(value: Any) -> Any:
    """A copy of the caller's value, so that neither side sees later changes of the other."""
    if isinstance(value, dict):
        return {key: _copied(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_copied(inner) for inner in value]
    return value
