"""Collecting: started before the first byte, ended after the last, and never silently short."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from reperform.connectors.answer import Answer, NotCollectedError, NotReadError, Question
from reperform.evidence.acts import ENDED, STARTED, ended_predicate, ended_subjects
from reperform.evidence.blobs import Blob, BlobStore
from reperform.evidence.collect import collect
from reperform.evidence.collection import Collection, CollectionOutcome

NOON = datetime(2026, 7, 31, 12, tzinfo=UTC)


class Acts:
    """A ledger that only remembers."""

    def __init__(self) -> None:
        self.kept: list[tuple[str, Mapping[str, Any], Mapping[str, str]]] = []

    def start(self, question: Question) -> int:
        begun = [p["stream"] for kind, p, _ in self.kept if kind == STARTED]
        sequence = 1 + begun.count(question.stream)
        self.kept.append((STARTED, {"stream": question.stream, "sequence": sequence}, {}))
        return sequence

    def end(self, collection: Collection, record: Blob) -> None:
        self.kept.append((ENDED, ended_predicate(collection), ended_subjects(collection, record)))


def run(tmp_path: Path, *answers: Answer, acts: Acts | None = None) -> tuple[Collection, BlobStore]:
    store = BlobStore(tmp_path / "blobs")
    moments = (NOON + timedelta(seconds=n) for n in range(10))
    collection, _ = collect(
        Question("x/y", "there", lambda: iter(answers)),
        store=store,
        journal=acts or Acts(),
        clock=lambda: next(moments),
        asked_by="ana",
    )
    return collection, store


def test_answers_are_kept_byte_for_byte(tmp_path: Path) -> None:
    """Whatever they hold, in however many pieces they came."""
    collection, store = run(tmp_path, Answer("a", "ask a", [b"\x00\xff", b"\r\n"]))

    (kept,) = collection.answers
    with store.open(kept.blob) as file:
        assert file.read() == b"\x00\xff\r\n"
    assert kept.size == 4
    assert collection.outcome is CollectionOutcome.COMPLETE
    assert (collection.started_at, collection.ended_at) == (NOON, NOON + timedelta(seconds=1))


def test_an_answer_that_is_found_not_whole_while_it_is_kept_is_refused(tmp_path: Path) -> None:
    """Nothing of its bytes stays, and the answers beside it do."""

    def cut() -> Iterator[bytes]:
        yield b"half"
        raise NotReadError("is cut off: its gzip has no end")

    collection, store = run(tmp_path, Answer("a", "ask a", cut()), Answer("b", "ask b", [b"b"]))

    assert collection.outcome is CollectionOutcome.PARTIAL
    assert collection.reason == "a: is cut off: its gzip has no end"
    assert [kept.name for kept in collection.answers if kept.blob] == ["b"]
    assert len(list(store)) == 2  # b, and the record


def test_what_the_disk_does_not_hold_is_refused_before_it_begins(tmp_path: Path) -> None:
    """With both numbers; not a byte of it is asked for."""

    def never() -> Iterator[bytes]:
        raise AssertionError("it was read")
        yield b""

    collection, _ = run(tmp_path, Answer("a", "ask a", never(), size=1 << 60))

    assert collection.outcome is CollectionOutcome.REFUSED
    assert collection.reason.startswith("a: has 1,152,921,504,606,846,976 bytes, and the disk has")


def test_the_ledger_has_the_start_before_anything_is_asked(tmp_path: Path) -> None:
    """A run that is dropped half way shows."""
    acts = Acts()

    def asks() -> Iterator[Answer]:
        assert [kind for kind, _, _ in acts.kept] == [STARTED]
        yield Answer("a", "ask", [b"x"])

    collect(
        Question("x/y", "there", asks),
        store=BlobStore(tmp_path),
        journal=acts,
        clock=lambda: NOON,
        asked_by="ana",
    )

    assert [kind for kind, _, _ in acts.kept] == [STARTED, ENDED]
    assert [predicate["sequence"] for _, predicate, _ in acts.kept] == [1, 1]


def test_no_person_and_no_target_is_in_the_ledger(tmp_path: Path) -> None:
    """They are in the record, which is a blob that can be erased."""
    acts = Acts()

    run(tmp_path, Answer("a", "ask", [b"x"]), acts=acts)

    assert "ana" not in str(acts.kept)
    assert "there" not in str(acts.kept)


@pytest.mark.parametrize(
    ("answers", "outcome", "reason"),
    [
        ([Answer("a", "", [b"x"]), Answer("b", "", refused="denied")], "partial", "b: denied"),
        ([Answer("b", "", refused="denied")], "refused", "b: denied"),
        ([Answer("b", "", absent="not installed")], "complete", ""),
        ([], "refused", "the source gave no answer at all"),
    ],
)
def test_refused_absent_and_nothing_at_all_are_told_apart(
    tmp_path: Path, answers: list[Answer], outcome: str, reason: str
) -> None:
    """Only what a source answered in full, or shows to be absent, is complete."""
    collection, _ = run(tmp_path, *answers)

    assert collection.outcome.value == outcome
    assert collection.reason == reason


def test_a_question_that_fails_half_way_keeps_none_of_its_answers(tmp_path: Path) -> None:
    """Half a list looks like a whole one; the record says that it was refused, and why."""

    def breaks() -> Iterator[bytes]:
        yield b"half"
        raise NotCollectedError("page 2 was refused", why="Half is not whole.", todo="ask again")

    kept, lacking = Answer("a", "", [b"x"]), Answer("c", "", absent="there is none")
    collection, store = run(tmp_path, kept, lacking, Answer("b", "", breaks()))

    assert collection.outcome is CollectionOutcome.REFUSED
    assert collection.reason.startswith("page 2 was refused")
    assert collection.answers == ()
    assert len(list(store)) == 1  # the record


def test_a_record_comes_back_as_it_was(tmp_path: Path) -> None:
    """What is written to the blob is all that verifying needs."""
    collection, _ = run(tmp_path, Answer("a", "ask", [b"x"]), Answer("b", "", refused="denied"))

    assert Collection.from_record(collection.as_record()) == collection
