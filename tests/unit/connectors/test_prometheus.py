"""A real server of Prometheus with samples that a test wrote: days that are up, down or unknown."""

import json
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from answering import Said, answering
from collected import Collected, put
from prom import is_here, serving
from reperform.connectors.answer import Question
from reperform.connectors.contract import Asking, Grant
from reperform.connectors.prometheus import CONNECTOR
from reperform.connectors.settings import Access, read_settings

pytestmark = [
    pytest.mark.enable_socket,
    pytest.mark.skipif(
        not is_here() and os.environ.get("CI") != "true", reason="prometheus is not installed"
    ),
]

STREAM, TABLE = "prometheus/availability", "population.availability"
NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)
STEP = 600


def midnight(day: int) -> int:
    return int(datetime(2026, 3, day, tzinfo=UTC).timestamp())


def written() -> str:
    """Return samples: `api` is up all day on the 2nd but for one hour; on the 3rd, half a day."""
    told = ["# TYPE up gauge"]
    for at in range(midnight(2), midnight(3), STEP):
        is_down = midnight(2) + 3_600 <= at < midnight(2) + 7_200
        told.append(f'up{{job="api"}} {0 if is_down else 1} {at}')
    told += [f'up{{job="api"}} 1 {at}' for at in range(midnight(3), midnight(3) + 43_200, STEP)]
    told.append(f'up{{job="site"}} 1 {midnight(3) - 0.001:.3f}')
    return "\n".join([*told, "# EOF\n"])


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a server that keeps these samples."""
    with serving(tmp_path_factory.mktemp("prometheus"), written()) as found:
        yield found


def access(address: str, **more: object) -> Access:
    settings = {"address": address, "series": "up", "seconds": STEP, "token": ""}
    return read_settings(CONNECTOR.settings, {**settings, **more})[0]


def asked(given: Access, asking: Asking) -> Question:
    (found,) = (each for each in CONNECTOR.questions(given, asking) if each.stream == STREAM)
    return found


def collected(
    tmp_path: Path, address: str, since: date, at: datetime = NOON, **more: object
) -> Collected:
    question = asked(access(address, **more), Asking(at, since=since))
    return put(question, CONNECTOR.stream(STREAM).source, tmp_path, NOON)


def test_each_day_of_a_target_counts_what_was_measured(tmp_path: Path, address: str) -> None:
    """An hour down counts as down; half a day without a sample is neither."""
    found = collected(tmp_path, address, date(2026, 3, 2))

    counts = {
        (row["service"], row["occurred_at"][:10]): (row["samples"], row["samples_up"])
        for row in found.of(TABLE)
    }
    assert counts == {
        ("job=api", "2026-03-02"): (144, 138),
        ("job=api", "2026-03-03"): (72, 72),
        ("job=api", "2026-03-04"): (0, 0),
        ("job=site", "2026-03-02"): (1, 1),
        ("job=site", "2026-03-03"): (0, 0),
        ("job=site", "2026-03-04"): (0, 0),
    }
    assert {row["samples_expected"] for row in found.of(TABLE)} == {144}
    assert found.of(TABLE)[0]["ended_at"] == "2026-03-03 00:00:00"


def test_a_day_without_a_sample_is_not_known(tmp_path: Path, address: str) -> None:
    """It is not vouched for: neither available nor unavailable."""
    found = collected(tmp_path, address, date(2026, 3, 3))

    assert not found.covers[TABLE].is_whole
    assert "nothing was measured on 2026-03-04" in found.covers[TABLE].missing


def test_a_measured_day_is_covered_whole(tmp_path: Path, address: str) -> None:
    """Nothing is missing of it."""
    at = datetime(2026, 3, 3, 12, tzinfo=UTC)
    cover = collected(tmp_path, address, date(2026, 3, 2), at).covers[TABLE]

    assert (cover.first, cover.last, cover.missing) == (date(2026, 3, 2), date(2026, 3, 2), "")
    assert cover.is_whole


def test_a_query_that_is_no_selector_is_refused_with_its_words(
    tmp_path: Path, address: str
) -> None:
    """And gives no row."""
    found = collected(tmp_path, address, date(2026, 3, 2), series="sum(up)")

    assert (found.outcome, found.rows) == ("refused", [])
    assert "parse error" in found.collection.reason


@pytest.mark.parametrize(
    "said",
    [
        {"status": "success", "data": {"resultType": "matrix", "result": []}, "warnings": ["half"]},
        {"status": "success", "data": {"resultType": "matrix", "result": []}, "isPartial": True},
        {"status": "success", "data": {"resultType": "vector", "result": []}},
        {"status": "success"},
    ],
)
def test_a_partial_or_another_answer_is_refused(tmp_path: Path, said: dict[str, object]) -> None:
    """Servers that put several together say so when one of them did not answer."""
    with answering(lambda _, __: Said(said)) as server:
        found = collected(tmp_path, server.address, date(2026, 3, 2))

    assert (found.outcome, found.rows) == ("refused", [])


def test_a_denied_token_is_refused_and_never_shown(tmp_path: Path) -> None:
    """Its days have no evidence, and the check says that it is denied."""
    with answering(lambda _, __: Said({"error": "no such token"}, status=403)) as server:
        found = collected(tmp_path, server.address, date(2026, 3, 2), token="t0ken-of-mine")
        check = CONNECTOR.check(access(server.address, token="t0ken-of-mine"))

    assert (found.outcome, found.rows) == ("partial", [])
    assert "no such token" in found.covers[TABLE].missing
    assert not found.covers[TABLE].is_whole
    assert "t0ken-of-mine" not in json.dumps(found.collection.as_record())
    assert check.findings[0].grant is Grant.DENIED


def test_the_check_asks_one_query(address: str) -> None:
    """It is granted by an answer."""
    assert CONNECTOR.check(access(address)).findings[0].grant is Grant.GRANTED


def test_the_next_question_begins_the_day_after(address: str) -> None:
    """Without a gap and without an overlap."""
    seen = {(STREAM, address): "2026-03-03"}

    question = asked(access(address), Asking(NOON, cursors=seen))

    assert question.parameters == {"first": "2026-03-04", "last": "2026-03-04"}
