"""moto's condition expressions made cheaper: each is parsed once, and not twice in every call."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from moto.dynamodb.comparisons import ConditionExpressionParser

from local_cloud.patches import Patches

type _Asked = tuple[str, str, str]
_KEPT = 512
_known: OrderedDict[_Asked, tuple[Any, list[str], list[str]]] = OrderedDict()


def _parsing(plain: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def parse(parser: Any) -> Any:
        expression = parser.condition_expression
        if not expression:
            return plain(parser)
        asked = expression, repr(parser.expression_attribute_names), repr(parser.expression_attribute_values)
        found = _known.get(asked)
        if found is None:
            tree = plain(parser)
            found = tree, list(parser.expr_attr_names_found), list(parser.expr_attr_values_found)
            _known[asked] = found
            if len(_known) > _KEPT:
                _known.popitem(last=False)
            return tree
        parser.expr_attr_names_found.extend(found[1])
        parser.expr_attr_values_found.extend(found[2])
        return found[0]

    return parse


def make_conditions_cheap(patches: Patches) -> None:
    """Install the replacement."""
    patches.replace(ConditionExpressionParser, "parse", _parsing(ConditionExpressionParser.parse))
