"""moto's expressions and values made cheaper: the same results from less work per call.

An update of three attributes takes moto several milliseconds, because it parses the expression anew, copies
its tree with Python's general deepcopy, and asks at every node of ten traversals which kinds are meant.
"""

import copy
import functools
from typing import Any

from moto.dynamodb.exceptions import ItemSizeTooLarge
from moto.dynamodb.models.dynamo_type import DynamoType, Item, LimitedSizeDict
from moto.dynamodb.parsing import ast_nodes as nodes_module
from moto.dynamodb.parsing import expressions as parser_module
from moto.dynamodb.parsing import validators as validators_module

from outreach_tools.local.patches import Patches

# moto leaves these two modules out of type checking.
Node: Any = vars(nodes_module)["Node"]
DepthFirstTraverser: Any = vars(nodes_module)["DepthFirstTraverser"]
UpdateExpressionParser: Any = vars(parser_module)["UpdateExpressionParser"]
_plain_make = UpdateExpressionParser.make


@functools.lru_cache(maxsize=512)
def _make(expression: str) -> Any:
    return _plain_make(expression)


def _make_method(_cls: type, expression: str) -> Any:
    # What comes out is not changed by anyone: the validator works on a copy.
    return _make(expression)


def _copied_tree(value: Any, memo: Any = None) -> Any:
    if not isinstance(value, Node):
        return copy.deepcopy(value, memo)
    return _copied_node(value)


def _copied_node(node: Any) -> Any:
    fresh = object.__new__(type(node))
    fresh.__dict__.update(node.__dict__)
    if node.children is not None:
        fresh.children = [_copied_child(child, fresh) for child in node.children]
    return fresh


def _copied_child(child: Any, parent: Any) -> Any:
    if isinstance(child, Node):
        fresh = _copied_node(child)
        fresh.parent = parent
        return fresh
    return child if isinstance(child, str | int) else copy.deepcopy(child)


_kinds: dict[type, dict[type, tuple[bool, bool]]] = {}
"""By traverser and by what it meets: is that a node, and is it one that this traverser processes?"""


def _traverse(traverser: Any, node: Any, child_id: int = -1) -> Any:
    wanted = traverser.nodes_to_be_processed()
    known = _kinds.setdefault(type(traverser), {})

    def walk(node: Any, child_id: int) -> Any:
        kind = type(node)
        if kind not in known:
            known[kind] = issubclass(kind, Node), issubclass(kind, wanted)
        is_node, is_wanted = known[kind]
        if not is_node:
            return node
        parent = node.parent
        if node.children is not None:
            for number, child in enumerate(node.children):
                traverser.pre_processing_of_child(node, number)
                walk(child, number)
        if is_wanted:
            node = traverser.process(node)
            node.parent = parent
            if parent:
                parent.children[child_id] = node
        return node

    return walk(node, child_id)


def _init_item(item: Item, hash_key: DynamoType, range_key: DynamoType | None, attrs: dict[str, Any]) -> None:
    item.hash_key = hash_key
    item.range_key = range_key
    item.attrs = LimitedSizeDict()
    # moto sums up the whole item for every attribute that it adds.
    for name, value in attrs.items():
        dict.__setitem__(item.attrs, name, DynamoType(value))
    if item.size() > _ITEM_LIMIT:
        raise ItemSizeTooLarge


_ITEM_LIMIT = 405_000  # bytes, moto's own
_plain_cast_value: Any = vars(DynamoType)["cast_value"]


def _cast_value(value: DynamoType) -> Any:
    # Sorting and looking up ask this of keys all the time, and keys are mostly strings.
    return value.value if value.type == "S" else _plain_cast_value.__get__(value)


def make_values_cheap(patches: Patches) -> None:
    """Install the mends."""
    patches.replace(UpdateExpressionParser, "make", classmethod(_make_method))
    patches.replace(validators_module, "deepcopy", _copied_tree)
    patches.replace(DepthFirstTraverser, "traverse_node_recursively", _traverse)
    patches.replace(Item, "__init__", _init_item)
    patches.replace(DynamoType, "cast_value", property(_cast_value))
