"""Reads what is decided on a policy: a reason, an approval, a day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from reperform.base.problem import Problem
from reperform.base.reader import Reader
from reperform.program.policies import SLUG


@dataclass(frozen=True, slots=True)
class Approval:
    """How a version is approved.

    Attributes:
        effective_on: the first day on which it is in force.
        minor_because: why it is a minor correction that nobody must accept again; empty for none.
    """

    effective_on: date
    minor_because: str = ""


def read_approval(content: Mapping[str, Any], *, today: date) -> tuple[Approval, list[Problem]]:
    """Return how a version is approved, today when no day is said, and what is wrong."""
    read = Reader(content, SLUG)
    day = read.day("effective_on") or today
    return Approval(day, read.text("minor_because", longest=2_000)), read.problems


def read_reason(content: Mapping[str, Any]) -> tuple[str, list[Problem]]:
    """Return a reason, which is not empty, and what is wrong with it."""
    read = Reader(content, SLUG)
    return read.text("reason", needed="say why", longest=2_000), read.problems


def read_day(content: Mapping[str, Any], name: str, *, today: date) -> tuple[date, list[Problem]]:
    """Return a day that has come, today when none is said, and what is wrong with it."""
    read = Reader(content, SLUG)
    return read.day(name, latest=today) or today, read.problems
