"""What the registers of a new organization say: that they are not kept yet."""

from collections.abc import Callable
from datetime import date

import pytest

from reperform.accounts.models import Organization
from reperform.program.gap.traces import Trace, TraceState
from reperform.program.queries.traces import SOURCES, traces
from reperform.program.queries.traces_asked import TracesAsked
from reperform.program.scope.document import ScopeDocument

SPEAKING = {"Risks", "People", "Assets", "Access reviews", "Vendors", "Incidents"}
"""Registers about criteria; policies and the calendar speak of adopted controls only."""


@pytest.fixture
def asked(larkspur: Organization) -> TracesAsked:
    return TracesAsked(larkspur, date(2026, 6, 1), ScopeDocument(), {})


@pytest.mark.parametrize("source", SOURCES)
def test_a_register_never_used_is_not_checked(
    source: Callable[[TracesAsked], list[Trace]], asked: TracesAsked
) -> None:
    """It is neither clean nor lacking: nobody has looked yet."""
    assert {each.state for each in source(asked)} <= {TraceState.NOT_CHECKED}


def test_each_register_says_that_it_was_never_used(asked: TracesAsked) -> None:
    assert {each.register for each in traces(asked)} == SPEAKING
