"""What watches beside a server for what is due."""

import threading
from collections.abc import Iterator

import pytest
from django.db import OperationalError

from reperform.cli import worker


def test_a_database_that_went_away_does_not_end_the_watch(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Else the pages would go on, and nothing would be collected any more."""
    answers: Iterator[Exception | bool] = iter(
        [OperationalError("server closed the connection"), OSError("no memory"), True]
    )
    worked = threading.Event()

    def is_due() -> bool:
        answer = next(answers, False)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(worker, "_LOOK_SECONDS", 0.01)
    monkeypatch.setattr(worker, "_sign_beside", lambda: None)
    monkeypatch.setattr(worker, "_is_due", is_due)
    monkeypatch.setattr(worker, "_run_worker", lambda _: worked.set())

    with worker.working_beside():
        assert worked.wait(30)

    assert "server closed the connection" in caplog.text
    assert "no memory" in caplog.text
