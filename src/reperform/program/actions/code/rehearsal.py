"""Trying out changes without anybody waiting for them: in tables of one's own, which then go.

A change that is made and taken back holds until then what a change holds: on SQLite the one write
lock of the installation, on PostgreSQL the organization's row, the head of its log, and each number
that it gave out.  So the first change of a table makes a temporary table of the same name, which
hides it from this connection, with the organization's rows in it.  Nothing else is ever written.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction

from reperform.accounts.models import Organization
from reperform.ledger.models import Change, Leaf

_WRITES = re.compile(r'(?:INSERT (?:OR IGNORE )?INTO|UPDATE|DELETE FROM) "(\w+)"')
_LOCKS = re.compile(r" FOR (?:NO KEY )?UPDATE(?: OF .*)?$")
_REFERENCES = re.compile(
    r'(?: CONSTRAINT "\w+")? REFERENCES "\w+" \("\w+"\)(?: ON \w+ \w+)*'
    r"(?: DEFERRABLE INITIALLY \w+)?"
)
_BEGINS_EMPTY = (Leaf, Change)
"""What is only appended to, and would take long to copy."""


@contextmanager
def rehearsal(organization: Organization) -> Iterator[None]:
    """Let what is done inside change tables of its own, and take it back in the end.

    It reads one snapshot: what others write meanwhile is neither seen nor kept waiting.  Only
    changes of `organization` may be tried; rows of others are hidden where it changes a table.
    """
    with _one_snapshot(), transaction.atomic():
        with connection.execute_wrapper(_Hiding(organization)):
            yield
        transaction.set_rollback(True)


@contextmanager
def _one_snapshot() -> Iterator[None]:
    """Let a transaction that begins here read one snapshot, and take no lock to write."""
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        database: Any = connection
        mode, database.transaction_mode = database.transaction_mode, "DEFERRED"
        try:
            yield
        finally:
            database.transaction_mode = mode
    elif connection.in_atomic_block:
        yield
    else:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            yield


class _Hiding:
    """Goes between Django and the database: the first change of a table hides it."""

    def __init__(self, organization: Organization) -> None:
        self._organization = organization
        self._hidden: set[str] = set()
        self._models = {
            model._meta.db_table: model  # noqa: SLF001 - as Django documents it
            for model in apps.get_models(include_auto_created=True)
        }

    def __call__(
        self,
        execute: Callable[..., Any],
        sql: str,
        params: Any,  # noqa: ANN401 - Django's signature
        many: bool,  # noqa: FBT001 - Django's signature
        context: dict[str, Any],
    ) -> Any:  # noqa: ANN401 - Django's signature
        written = _WRITES.match(sql)
        if written and written[1] not in self._hidden:
            self._hidden.add(written[1])
            self._hide(self._models[written[1]])
        done = execute(_LOCKS.sub("", sql), params, many, context)
        if sql.startswith("ROLLBACK TO SAVEPOINT"):
            self._hidden = _temporary()  # what was hidden since then is not any more
        return done

    def _hide(self, model: type[models.Model]) -> None:
        table = model._meta.db_table  # noqa: SLF001 - as Django documents it
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                real, own = "main", "temp"
                for statement in _sqlite_statements(cursor, table):
                    cursor.execute(statement)
            else:
                cursor.execute("SELECT current_schema()")
                real, own = f'"{cursor.fetchone()[0]}"', "pg_temp"
                cursor.execute(f'CREATE TEMP TABLE "{table}" (LIKE {real}."{table}" INCLUDING ALL)')
            if model not in _BEGINS_EMPTY:
                self._fill(cursor, model, real, own)
            _count_on(cursor, model, real)

    def _fill(self, cursor: Any, model: type[models.Model], real: str, own: str) -> None:  # noqa: ANN401 - a cursor
        table = model._meta.db_table  # noqa: SLF001 - as Django documents it
        way = _way_to_organization(model)
        rows = model._base_manager.order_by()  # noqa: SLF001 - as Django documents it
        if way:
            rows = rows.filter(**{way: self._organization.pk})
        names = [field.attname for field in model._meta.concrete_fields]  # noqa: SLF001 - as above
        columns = ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields)  # noqa: SLF001 - as above
        select, params = rows.values_list(*names).query.sql_with_params()
        select = select.replace(f' FROM "{table}"', f' FROM {real}."{table}"', 1)
        cursor.execute(f'INSERT INTO {own}."{table}" ({columns}) {select}', params)


def _temporary() -> set[str]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM temp.sqlite_master WHERE type = 'table'")
        else:
            cursor.execute(
                "SELECT relname FROM pg_class"
                " WHERE relkind = 'r' AND relnamespace = pg_my_temp_schema()"
            )
        return {name for (name,) in cursor.fetchall()}


def _sqlite_statements(cursor: Any, table: str) -> list[str]:  # noqa: ANN401 - a cursor
    """Return what makes the temporary table and its indexes; what it refers to is not there."""
    cursor.execute(
        "SELECT sql FROM main.sqlite_master WHERE tbl_name = %s AND sql IS NOT NULL"
        " AND type IN ('table', 'index') ORDER BY type DESC",
        [table],
    )
    made = [_REFERENCES.sub("", sql) for (sql,) in cursor.fetchall()]
    made = [re.sub(r'^CREATE TABLE "', 'CREATE TEMP TABLE "', sql) for sql in made]
    return [re.sub(r'^CREATE (UNIQUE )?INDEX "', r'CREATE \1INDEX temp."', sql) for sql in made]


def _count_on(cursor: Any, model: type[models.Model], real: str) -> None:  # noqa: ANN401 - a cursor
    """Let new rows have keys that no row has, here or in the hidden table.

    Rows of other tables that refer to a hidden one's would else seem to be about a new row.
    """
    table, key = model._meta.db_table, model._meta.pk  # noqa: SLF001 - as Django documents it
    if not isinstance(key, models.AutoField):
        return
    cursor.execute(f'SELECT coalesce(max("{key.column}"), 0) FROM {real}."{table}"')  # noqa: S608 - as above
    last = int(cursor.fetchone()[0])
    if connection.vendor == "sqlite":
        cursor.execute("DELETE FROM temp.sqlite_sequence WHERE name = %s", [table])
        cursor.execute("INSERT INTO temp.sqlite_sequence VALUES (%s, %s)", [table, last])
    else:
        cursor.execute(
            f'ALTER TABLE pg_temp."{table}" ALTER COLUMN "{key.column}" RESTART WITH {last + 1}'
        )


def _way_to_organization(model: type[models.Model]) -> str:
    """Return the shortest way by which a row belongs to an organization; empty where none does."""
    waiting: list[tuple[str, type[models.Model]]] = [("", model)]
    seen = {model}
    for way, each in waiting:
        if each is Organization:
            return way
        for field in each._meta.concrete_fields:  # noqa: SLF001 - as Django documents it
            to = field.related_model
            if not isinstance(to, type) or field.null or to in seen:
                continue
            seen.add(to)
            waiting.append((f"{way}__{field.name}" if way else field.name, to))
    return ""
