"""Which of the library's controls the registers speak of: every one is there."""

from pathlib import Path

import pytest

from reperform.catalog.installed import catalog
from reperform.catalog.library import LibraryRefusedError
from reperform.program.gap import traced as traced_module
from reperform.program.gap.traced import TOPICS, traced

EVERY = [(register, topic) for register, topics in TOPICS.items() for topic in topics]


@pytest.mark.parametrize(("register", "topic"), EVERY)
def test_each_topic_is_about_controls_of_the_library(register: str, topic: str) -> None:
    named = traced(register, topic)
    assert named
    assert set(named) <= {each.id for each in catalog().controls}


@pytest.mark.parametrize(
    "text", ["", "[]", "people: {checks: [HR-01]}", "people: 3", "risks: {fraud: 4}"]
)
def test_a_file_that_lacks_a_topic_is_refused(text: str, tmp_path: Path) -> None:
    """Without it a register would say nothing of a control, in silence."""
    (tmp_path / "traces.yaml").write_text(text)
    with pytest.raises(LibraryRefusedError, match=r"traces\.yaml"):
        traced_module.traces_of(tmp_path)
