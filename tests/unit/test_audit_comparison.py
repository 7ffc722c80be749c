"""What broke between two examinations."""

import pytest

from reperform.audit.comparison import Results, compare


def results(
    tests: dict[str, str] | None = None,
    *,
    sources: dict[str, str] | None = None,
    deviate: dict[str, list[str]] | None = None,
    **more: object,
) -> Results:
    deviating = deviate or {}
    return {
        "scope": {"type": 2, "period": {"first": "2026-01-01", "last": "2026-06-30"}},
        "tests": [
            {
                "id": name,
                "title": f"Title of {name}",
                "conclusion": conclusion,
                "reason": "why",
                "exceptions": [
                    {"item": item, "outcome": "deviation", "occurred_at": None}
                    for item in deviating.get(name, [])
                ],
            }
            for name, conclusion in (tests or {}).items()
        ],
        "collections": [
            {"stream": stream, "target": "/", "outcome": outcome, "reason": "asked as a user"}
            for stream, outcome in (sources or {}).items()
        ],
        **more,
    }


PASS, NOTED, UNABLE, NONE = (
    "no exceptions", "exceptions noted", "unable to test", "did not operate",
)  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "is_worse"),
    [
        (PASS, NOTED, True),
        (PASS, UNABLE, True),
        (PASS, NONE, True),
        (UNABLE, NOTED, True),
        (NONE, NOTED, True),
        (NONE, UNABLE, True),
        (NOTED, UNABLE, True),  # what was known is not known any more
        (PASS, PASS, False),
        (NOTED, NOTED, False),
        (NOTED, PASS, False),
        (UNABLE, PASS, False),
        (UNABLE, NONE, False),
        (NOTED, NONE, False),
    ],
)
def test_a_conclusion_is_worse_when_it_finds_cannot_say_or_was_a_pass(
    before: str,
    after: str,
    is_worse: bool,  # noqa: FBT001 - the case
) -> None:
    found = compare(results({"CHG-01.T1": before}), results({"CHG-01.T1": after}))

    assert [(test.id, test.before, test.after) for test in found.tests] == (
        [("CHG-01.T1", before, after)] if is_worse else []
    )


def test_a_test_that_is_not_run_any_more_is_worse_and_a_new_one_is_not() -> None:
    """Taking a test away never looks like progress."""
    found = compare(results({"A": PASS}), results({"B": NOTED}))

    assert [(test.id, test.after) for test in found.tests] == [("A", "not run")]


def test_a_source_that_was_complete_and_is_refused_or_not_asked_is_lost() -> None:
    found = compare(
        results(sources={"host/firewall": "complete", "host/gone": "complete", "git": "refused"}),
        results(sources={"host/firewall": "refused", "git": "refused", "tls": "refused"}),
    )

    assert [(source.stream, source.outcome, source.reason) for source in found.sources] == [
        ("host/firewall", "refused", "asked as a user"),
        ("host/gone", "not asked", ""),
    ]


def test_only_exceptions_that_were_not_there_before_are_new() -> None:
    found = compare(
        results({"A": NOTED}, deviate={"A": ["one"]}),
        results({"A": NOTED}, deviate={"A": ["one", "two", *"abcdef"]}),
    )

    assert [(new.id, new.count, new.items) for new in found.exceptions] == [
        ("A", 7, ("two", "a", "b", "c", "d")),
    ]
    assert found.count == 1


def test_it_says_when_the_two_are_not_about_the_same() -> None:
    """Other days or another library may be the cause, and not time."""
    other = {"type": 1, "period": {"first": "2026-06-30", "last": "2026-06-30"}}

    found = compare(results(), results(scope=other, library_sha256="1"))

    assert found.caveats == (
        "The two are of different types.",
        "The two are about different days.",
        "The two used different versions of the library of tests.",
    )
    assert compare(results(), results()).caveats == ()


@pytest.mark.parametrize("damaged", [{}, {"tests": 1, "collections": None}, {"tests": ["x", {}]}])
def test_a_damaged_file_is_never_read_as_better(damaged: Results) -> None:
    found = compare(results({"A": PASS}, sources={"git": "complete"}), damaged)

    assert [test.after for test in found.tests] == ["not run"]
    assert [source.outcome for source in found.sources] == ["not asked"]
