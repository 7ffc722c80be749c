"""What a control leaves open: each question, asked of texts with and without the answer."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reperform.catalog.installed import catalog
from reperform.program.controls.document import ControlDocument, library_document
from reperform.program.controls.lint import findings
from reperform.program.controls.wording import control_wording, read_wording

CLEAR = ControlDocument(
    title="Alerts are answered",
    text="Each alert reaches the person on call within 15 minutes, who triages it within 4 hours "
    "and writes what was done into the ticket.",
    criteria=("CC7.2",),
    nature="detective",
    kind="manual",
    frequency="per event",
    owner_role="Security Engineer",
    evidence=("ticket with times",),
)
LIBRARY = {control.id: library_document(control) for control in catalog().controls}


def said(document: ControlDocument, **more: Any) -> list[str]:  # noqa: ANN401 - its parameters
    found = findings(document, control_wording(), **more)
    return [f"{each.leaves} {each.field} {each.words}".strip() for each in found]


def test_a_clear_control_has_no_finding() -> None:
    assert said(CLEAR) == []


@pytest.mark.parametrize(
    ("changes", "finding"),
    [
        (
            {"text": "Each alert is reviewed within 4 hours; a ticket exists."},
            "who text is reviewed",
        ),
        ({"text": "Each alert within 4 hours, with a ticket."}, "who text"),
        (
            {
                "text": "The engineer opens a ticket for each alert. "
                "It is approved within 4 hours of that."
            },
            "who text is approved",
        ),
        ({"text": "The engineer answers alerts by ticket within a day."}, "what text"),
        ({"text": "The engineer answers alerts by ticket, all of them."}, "when text"),
        (
            {"text": CLEAR.text + " Each quarter.", "frequency": "annual"},
            "when frequency Each quarter",
        ),
        ({"frequency": "monthly"}, "when text"),
        ({"text": CLEAR.text + " It is done in a timely manner."}, "when text in a timely manner"),
        ({"text": CLEAR.text + " Periodically so."}, "when text Periodically"),
        ({"title": "Alerts are answered as appropriate"}, "how title as appropriate"),
        ({"text": CLEAR.text + " This ensures safety."}, "how text ensures"),
        ({"text": CLEAR.text + " Sensitive  systems first."}, "what text Sensitive systems"),
        ({"text": CLEAR.text + " Authorized personnel do so."}, "who text Authorized personnel"),
        ({"evidence": ()}, "trace evidence"),
        (
            {
                "text": "Each alert reaches the person on call within 15 minutes.",
                "evidence": ("minutes",),
            },
            "",
        ),
        (
            {
                "text": "Each call reaches the engineer within an hour.",
                "evidence": ("gauge of pressure",),
            },
            "trace text",
        ),
        ({"title": "TBD"}, "form title TBD"),
        ({"owner_role": "[role]"}, "form owner_role [role]"),
        ({"text": CLEAR.text + " {company_name} agrees."}, "form text {company_name}"),
        ({"text": f"{CLEAR.text} " * 7}, "form text"),
        (
            {"text": CLEAR.text + " Daily a list, each month a report, each year a review."},
            "form text Daily, each month, each year",
        ),
    ],
)
def test_what_is_left_open_is_found_with_its_words(changes: dict[str, Any], finding: str) -> None:
    """The question, the field, and the words as they are written; nothing for a clear text."""
    found = said(replace(CLEAR, **changes))

    assert (finding in found) if finding else not found, found


@pytest.mark.parametrize(
    "sentence",
    [
        "Irregular logins are listed as well.",  # not: regular
        "The board's approval is not needed for each.",  # not: as needed
        "What could not be tested is named.",  # a denial, and no act
        "Sometimes 2 tickets stand for one alert.",  # not: some
    ],
)
def test_words_that_only_look_vague_are_left_alone(sentence: str) -> None:
    assert said(replace(CLEAR, text=f"{CLEAR.text} {sentence}")) == []


def test_a_setting_needs_nobody_who_acts() -> None:
    """An automated control has a system for its actor, and lasts without saying so."""
    setting = replace(
        CLEAR,
        text="The database server refuses every connection without TLS 1.2; its log shows each.",
        kind="automated",
        frequency="continuous",
        evidence=("server log",),
    )

    assert said(setting) == []


def test_the_librarys_text_word_for_word_is_said_until_somebody_answers_for_it() -> None:
    """What the library could only assume is named: the role, days, figures."""
    taken = LIBRARY["CHG-01"]

    unowned = findings(
        taken, control_wording(), library_id="CHG-01", library=LIBRARY, is_owned=False
    )
    owned = findings(taken, control_wording(), library_id="CHG-01", library=LIBRARY)

    assert "1 working day" in [each.words for each in unowned if each.leaves == "form"]
    assert not [each for each in owned if each.leaves == "form"]


def test_a_role_that_was_left_in_the_text_is_found() -> None:
    """The owner's role was changed, and the text still names the library's."""
    taken = replace(LIBRARY["BCK-02"], owner_role="Chief Technology Officer")

    assert "who text Head of Infrastructure" in said(taken, library_id="BCK-02", library=LIBRARY)


def test_one_of_their_own_that_copies_the_library_is_found() -> None:
    copied = replace(LIBRARY["BCK-02"], title="Ours")
    found = findings(copied, control_wording(), library=LIBRARY)

    assert "nearly word for word" in " ".join(each.todo for each in found)
    assert not [
        each
        for each in findings(CLEAR, control_wording(), library=LIBRARY)
        if each.leaves == "form"
    ]


def test_every_finding_says_what_to_write_instead() -> None:
    vague = replace(
        CLEAR, text="Access is reviewed regularly as appropriate to ensure security.", evidence=()
    )
    found = findings(vague, control_wording())

    assert len(found) >= 5
    assert all(each.todo for each in found)


def test_the_librarys_own_controls_are_nearly_clean() -> None:
    """A lint that its own library fails would teach people to overlook it.

    What it finds there a reader can follow: somebody is not named (AST-02: who destroys the keys?),
    or a word stands for a list that the text gives (RSK-03).
    """
    flawed = [
        name
        for name, document in LIBRARY.items()
        if findings(document, control_wording(), library_id=name, library=LIBRARY)
    ]

    assert 0 < len(flawed) <= len(LIBRARY) / 10, flawed


def test_the_file_of_words_is_read_whole_or_refused(tmp_path: Path) -> None:
    """Nothing is left out in silence."""
    folder = tmp_path
    (folder / "lint").mkdir()
    (folder / "lint" / "controls.yaml").write_text("vague: []\nvaque: []\n", "utf-8")

    _, problems = read_wording(folder)

    named = " ".join(map(str, problems))
    assert "vaque" in named
    assert "actors" in named
    assert "frequencies" in named
