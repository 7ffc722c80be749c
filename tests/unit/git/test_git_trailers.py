"""Trailers are what git says they are."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from reperform.connectors.git.trailers import trailers

_LINES = st.sampled_from(
    [
        "Signed-off-by: Ana <ana@example.org>",
        "Reviewed-by: Ben <ben@example.org>",
        "signed-off-by: Ana <ana@example.org>",
        "Key : value",
        "Key:",
        " continued",
        "\tcontinued",
        "(cherry picked from commit abcdef)",
        "plain words",
        "with a colon: inside of words",
        "-dash: value",
        "http://example.org/x",
        "# comment",
        "Conflicts:",
        "",
        "",
        "  ",
        "---",
        "# ------------------------ >8 ------------------------",
    ]
)


def _git_says(messages: list[str], folder: Path) -> list[list[tuple[str, str]]]:
    """Ask `git log` for the trailers of one commit for each message."""
    stream = b"".join(
        b"commit refs/heads/main\ncommitter A <a@example.org> 1750000000 +0000\ndata %d\n%b\n"
        % (len(message.encode()), message.encode())
        for message in messages
    )
    here = ["git", "-C", str(folder)]
    subprocess.run([*here, "fast-import", "--quiet", "--force"], input=stream, check=True)
    separated = "%(trailers:only,unfold,separator=%x00,key_value_separator=%x01)%x02"
    command = [*here, "log", "--reverse", f"--format=tformat:{separated}", "main"]
    out = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    return [
        [
            (pair.partition("\x01")[0].lower(), pair.partition("\x01")[2].strip())
            for pair in block.split("\x00")
            if pair
        ]
        for block in out.replace("\x02\n", "\x02").split("\x02")[:-1]
    ]


@settings(
    max_examples=10,
    deadline=None,
    phases=[Phase.generate],  # each example is forty messages: the assertion names the one
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(st.lists(_LINES, min_size=1, max_size=9).map("\n".join), min_size=40, max_size=40))
def test_trailers_are_those_that_git_finds(tmp_path_factory: Any, messages: list[str]) -> None:  # noqa: ANN401 - pytest's own factory
    """Any mixture of lines gives the same keys and values as `git log --format=%(trailers)`."""
    folder = tmp_path_factory.mktemp("trailers")
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", folder], check=True)
    ours = [[(t.key, t.value) for t in trailers((message + "\n").encode())] for message in messages]

    theirs = _git_says([message + "\n" for message in messages], folder)

    for message, mine, git in zip(messages, ours, theirs, strict=True):
        assert mine == git, repr(message)


def test_comments_after_blank_lines_do_not_hide_the_trailers_above(tmp_path: Path) -> None:
    """Git skips what an editor left below the block, blank lines and comments in any order."""
    message = "Title\n  \n# comment\nsigned-off-by: Ana <ana@example.org>\n  \n# comment\n  \n"
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", tmp_path], check=True)

    found = [(t.key, t.value) for t in trailers(message.encode())]

    assert found == [("signed-off-by", "Ana <ana@example.org>")]
    assert _git_says([message], tmp_path) == [found]


@pytest.mark.parametrize(
    ("line", "name", "email"),
    [
        ("Reviewed-by: Ben Bo <Ben@Example.org>", "Ben Bo", "ben@example.org"),
        ('Reviewed-by: "Bo, Ben" <ben@example.org>', "Bo, Ben", "ben@example.org"),
        ("Reviewed-by: ben@example.org", None, "ben@example.org"),
        ("Reviewed-by: Ben", None, None),
        ("Reviewed-by: <ben@example.org>", None, "ben@example.org"),
        ("Reviewed-by: Ben <>", "Ben", None),
    ],
)
def test_a_person_is_taken_apart(line: str, name: str | None, email: str | None) -> None:
    """A name or an address that is not there is NULL, never empty."""
    (found,) = trailers(f"Subject\n\n{line}\n".encode())

    assert (found.name, found.email) == (name, email)


def test_a_subject_alone_is_no_trailer() -> None:
    """The first paragraph is the title, however much it looks like a review."""
    assert trailers(b"Reviewed-by: Ben <ben@example.org>\n") == []


def test_a_review_quoted_in_the_middle_is_no_trailer(
    make: Callable[..., Path], commit: Callable[..., str], tables: Callable[..., Any]
) -> None:
    """Only the end of a message counts, so a quoted commit does not count as reviewed."""
    repository = make()
    commit(repository, "Revert\n\nReviewed-by: Ben <ben@example.org>\n\nIt broke the build.\n")

    assert tables(repository)["git.trailers"] == []
