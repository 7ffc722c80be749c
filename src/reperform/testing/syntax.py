"""What a test of a control says, read with the engine's own parser before anything is run.

The engine is one wall: nothing but the declared tables can be reached from it.  This is the
other: one SELECT, declared tables, known functions, and nothing whose answer depends on the clock,
on chance, or on the order in which rows happen to arrive.  Because the engine's parser reads the
text, there is no second grammar that could understand it differently.
"""

import json
import re
from collections.abc import Collection, Iterator
from functools import cache
from typing import Any

import duckdb

from reperform.testing import functions
from reperform.testing.procedure import BOUND

Fault = tuple[str, str]
"""What is there, and what to do about it."""

_QUERIES = {"SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE"}
_FROM = {"BASE_TABLE", "JOIN", "SUBQUERY", "EXPRESSION_LIST", "TABLE_FUNCTION", "EMPTY", "CTE"}
# The engine turns these into function calls when no column has the name.
_SESSION = {
    *("current_date", "current_time", "current_timestamp", "localtime", "localtimestamp"),
    *("current_user", "session_user", "user", "current_role", "current_schema", "current_catalog"),
}
_LIMITS = {"LIMIT_MODIFIER", "LIMIT_PERCENT_MODIFIER"}
# What such a value looks like, and on which day it falls, depends on the machine's time zone.
_ZONED = re.compile(r"tz$|time zone", re.IGNORECASE)
_ONE_SELECT = ("it is not one SELECT", "write one SELECT (WITH before it is fine)")


def faults(sql: str, *, tables: Collection[str], parameters: Collection[str]) -> Iterator[Fault]:
    """Yield what the text of a test may not say.

    Args:
        sql: the text.
        tables: every table that it may read.
        parameters: names of the values that it is given besides BOUND.
    """
    try:
        parsed = _parse(sql)
    except (duckdb.Error, RecursionError, UnicodeError) as error:
        yield f"its SQL cannot be read: {str(error).splitlines()[0]}", "correct it"
        return
    statements = parsed.get("statements", [])
    if parsed["error"] or len(statements) != 1:
        yield _ONE_SELECT
        return
    nodes = list(_nodes(statements[0]))
    ctes = {entry["key"] for node in nodes for entry in _entries(node)}
    hidden = sorted(name for name in ctes if name.lower() in _engine_names())
    if hidden:
        yield f"it calls a part of itself {hidden[0]}", "choose a name that the engine does not use"
    found = dict.fromkeys(
        fault for node in nodes for fault in (*_node(node, set(tables), ctes), *_call(node))
    )
    yield from found
    yield from _values(nodes, parameters)
    yield from _order(statements[0]["node"])


def _parse(sql: str) -> Any:  # noqa: ANN401 - a JSON value
    with duckdb.connect(config={"autoload_known_extensions": False}) as engine:
        row = engine.execute("SELECT json_serialize_sql(?::VARCHAR)", [sql]).fetchone()
    return json.loads(row[0]) if row else {"error": True}


@cache
def _engine_names() -> frozenset[str]:
    """Return the names of the engine's own views, which no part of a test may hide behind."""
    with duckdb.connect() as engine:
        rows = engine.execute("SELECT view_name FROM duckdb_views()").fetchall()
    return frozenset(str(row[0]).lower() for row in rows)


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - a JSON value
    """Yield every object in the tree.  With a list, not by recursion: SQL nests deeply."""
    waiting = [tree]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            yield value
            waiting.extend(reversed(value.values()))
        elif isinstance(value, list):
            waiting.extend(reversed(value))


def _entries(node: dict[str, Any]) -> list[dict[str, Any]]:
    cte_map = node.get("cte_map")
    return list(cte_map["map"]) if isinstance(cte_map, dict) else []


def _node(node: dict[str, Any], tables: set[str], ctes: set[str]) -> Iterator[Fault]:
    """Yield what a query, a source of rows or a name may not be."""
    kind = node.get("type")
    if not isinstance(kind, str):
        return
    if kind.endswith("_NODE") and kind not in _QUERIES:
        yield _ONE_SELECT
    if "sample" in node and kind not in (_FROM | _QUERIES):
        yield f"it reads from {kind}", "read from declared tables"
    if node.get("sample"):
        yield "it samples rows", "give one row for each item of the whole population"
    if kind == "BASE_TABLE":
        path = node["qualified_name"]["path"]
        name = ".".join(path)
        if name not in (ctes if len(path) == 1 else tables):
            yield f"it reads {name}", "name the table in the head, or do not read it"
    if kind == "COLUMN_REF" and node["column_names"][0].lower() in _SESSION:
        name = node["column_names"][0]
        yield f"it calls {name}", "take what it needs from the tables and the parameters"
    if kind == "POSITIONAL_REFERENCE":
        yield "it names a column by its number", "name columns by their names"
    if kind == "TYPE" and _ZONED.search(str(node.get("type_name", ""))):
        yield f"it uses the type {node['type_name']}", "use TIMESTAMP, which is UTC everywhere"
    yield from _cuts(node)


def _cuts(node: dict[str, Any]) -> Iterator[Fault]:
    """Yield where rows are dropped of which the query does not say which ones."""
    modifiers = node.get("modifiers")
    kinds = {modifier["type"] for modifier in modifiers} if isinstance(modifiers, list) else set()
    if kinds & _LIMITS and "ORDER_MODIFIER" not in kinds:
        yield "it has a LIMIT on rows in no order", "write ORDER BY before it"
    one_of_each = any(modifier.get("distinct_on_targets") for modifier in modifiers or [])
    if one_of_each and "ORDER_MODIFIER" not in kinds:
        yield "it has a DISTINCT ON rows in no order", "write ORDER BY after it"


def _call(node: dict[str, Any]) -> Iterator[Fault]:
    """Yield what a call of a function may not be."""
    name, kind = str(node.get("function_name", "")).lower(), node.get("class")
    if not name:
        return
    known = functions.SCALAR | functions.AGGREGATE | functions.ORDERED_AGGREGATE
    if kind == "WINDOW":
        if name not in functions.WINDOW | functions.AGGREGATE | functions.ORDERED_AGGREGATE:
            yield f"it calls {name}", "call a function of docs/spec/procedure.md"
        elif name not in functions.AGGREGATE and not (node["orders"] or node["arg_orders"]):
            yield f"it calls {name} over rows in no order", "write ORDER BY in its window"
    elif name not in known:
        yield f"it calls {name}", "call a function of docs/spec/procedure.md"
    elif name in functions.ORDERED_AGGREGATE and not node["order_bys"]["orders"]:
        yield f"it calls {name} on rows in no order", f"write {name}(... ORDER BY ...)"


def _values(nodes: list[dict[str, Any]], parameters: Collection[str]) -> Iterator[Fault]:
    used = {node["identifier"] for node in nodes if node.get("type") == "VALUE_PARAMETER"}
    for name in sorted(used - {*BOUND, *parameters}):
        yield f"${name} has no value", "name it under parameters"
    for name in sorted(set(parameters) - used):
        yield f"the parameter {name} is not used", "use it or take it out"


def _order(query: dict[str, Any]) -> Iterator[Fault]:
    kinds = {modifier["type"] for modifier in query["modifiers"]}
    if "ORDER_MODIFIER" not in kinds:
        yield "it has no ORDER BY", "order its items, so that readers see them in order"
    if kinds & _LIMITS:
        yield "it stops at a LIMIT", "give one row for each item of the whole population"
