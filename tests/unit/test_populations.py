"""Populations: the lists that auditors ask for, declared once for every source."""

import re

from reperform.base.table import Type
from reperform.connectors.populations import TABLES
from reperform.connectors.populations.columns import OBSERVED, OCCURRED, SYSTEM

# What auditors ask for; each has its table.
ASKED_FOR = [
    "people",
    "leavers",
    "accounts",
    "groups",
    "sign_ins",
    "access_grants",
    "changes",
    "deployments",
    "incidents",
    "vulnerabilities",
    "backups",
    "restores",
    "endpoints",
    "assets",
    "vendors",
    "trainings",
    "api_activity",
    "availability",
    "firewall_rules",
    "encryption",
    "jobs",
    "consents",
    "data_requests",
    "disclosures",
]


def test_every_population_that_auditors_ask_for_has_a_table_and_no_other_does() -> None:
    """A list without a table would be tested by nobody."""
    assert sorted(TABLES) == sorted(f"population.{name}" for name in ASKED_FOR)


def test_every_row_says_where_it_is_from_and_when() -> None:
    """A state says when it was seen, an event when it happened."""
    for spec in TABLES.values():
        names = [column.name for column in spec.columns]
        own = {"population.leavers": "left_at"}
        moment = OBSERVED.name if spec.kind == "state" else own.get(spec.name, OCCURRED.name)
        assert names[0] == SYSTEM.name, spec.name
        assert moment in names, spec.name
        assert len(names) == len(set(names)), spec.name


def test_a_column_is_named_for_its_type_and_explained() -> None:
    """Yes or no begins with a verb, a moment ends in `_at`, a day in `_on`."""
    verbs = ("is_", "has_", "can_", "locks_", "last_used_known")
    for spec in TABLES.values():
        for column in spec.columns:
            where = f"{spec.name}.{column.name}"
            assert re.fullmatch(r"[a-z][a-z0-9_]*", column.name), where
            assert (column.type is Type.TIMESTAMP) == column.name.endswith("_at"), where
            assert (column.type is Type.DATE) == column.name.endswith("_on"), where
            assert (column.type is Type.BOOLEAN) == column.name.startswith(verbs), where
            assert len(column.meaning) > 5, where


def test_names_of_ocsf_are_paths_and_its_classes_have_a_number_and_a_name() -> None:
    """So that events of that form can be read into the table by them."""
    for spec in TABLES.values():
        assert re.fullmatch(r"(\d{4} [A-Z][A-Za-z ]+)?", spec.ocsf), spec.name
        for column in spec.columns:
            assert re.fullmatch(r"([a-z_]+(\.[a-z_]+)*)?", column.ocsf), column.name
