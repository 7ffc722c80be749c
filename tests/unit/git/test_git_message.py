"""What a message refers to."""

import pytest

from reperform.connectors.git.message import change_request, full_subject, ticket
from reperform.connectors.git.text import text_of


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("Add limits (#12)", ("#12", "pull-request")),
        (f"{'long ' * 200}(#12)", ("#12", "pull-request")),
        ('Revert "Add limits (#12)" (#13)', ("#13", "pull-request")),
        ('Revert "Add limits (#12)"', None),
        ("Merge pull request #7 from a/b\n\nTitle", ("#7", "pull-request")),
        ("Merged PR 31: title", ("#31", "pull-request")),
        ("Merged in fix/x (pull request #8)", ("#8", "pull-request")),
        ("Merge branch 'x'\n\nSee merge request group/app!45", ("group/app!45", "merge-request")),
        (f"Fix\n\nChange-Id: I{'a' * 40}", (f"I{'a' * 40}", "gerrit")),
        (
            f"Fix\n\nChange-Id: I{'a' * 40}\nReviewed-on: https://go-review.example.org/c/9",
            ("https://go-review.example.org/c/9", "gerrit"),
        ),
        ("Fix\n\nReviewed-on: https://forge.example.org/a/b/pulls/12", ("#12", "pull-request")),
        (
            "Fix\n\nDifferential Revision: https://p.example.org/D12",
            ("https://p.example.org/D12", "phabricator"),
        ),
        (
            "Fix\n\nLink: https://lore.kernel.org/r/1@example.org",
            ("https://lore.kernel.org/r/1@example.org", "mailing-list"),
        ),
        (
            "Fix\n\nLink: https://patch.msgid.link/1@example.org",
            ("https://patch.msgid.link/1@example.org", "mailing-list"),
        ),
        ("Fix\n\nLink: https://blog.example.org/@ana/post", None),
        ("Fix\n\nwe said Change-Id: Iaaaaaaaaaa in passing", None),
        ("Fix issue (#12) in the parser", None),
        ("", None),
    ],
)
def test_a_change_request_is_found_where_its_system_writes_it(
    message: str, expected: tuple[str, str] | None
) -> None:
    """Only the form that the system itself writes counts; a mention in passing does not."""
    assert change_request(full_subject(message), message) == expected


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("ABC-12: fix", "ABC-12"),
        ("Fix\n\nRefs: ABC-1", "ABC-1"),
        ("Fix\n\nFixes #12", "#12"),
        ("Fix\n\nCloses: org/app#12", "org/app#12"),
        ("Fix\n\nFixes #12, ABC-3", "#12"),
        ("Fix ABC-3\n\nFixes #12", "ABC-3"),
        ("Use UTF-8 and SHA-256, CVE-2026-1", None),
        ("Add limits (#12)", None),
        ("Step #3 of the plan", None),
        ("abc-12 and XABC-12x", None),
        ("Fixes\n#12", None),
    ],
)
def test_the_first_ticket_is_named(message: str, expected: str | None) -> None:
    """Names of standards and numbers without a word before them are not tickets."""
    assert ticket(message) == expected


@pytest.mark.parametrize(
    ("raw", "encoding", "expected"),
    [
        ("grün".encode(), "", "grün"),
        ("grün".encode("latin-1"), "ISO-8859-1", "grün"),
        ("да".encode("koi8-r"), "KOI8-R", "да"),
        (b"gr\xfcn", "no-such-code", "grün"),
        (b"gr\xfcn", "utf-8", "grün"),
        (b"\xff+AGEA", "utf-7", "\xff+AGEA"),
        (b"\xff\\ud800", "unicode_escape", "\xff\\ud800"),
        (b"\xffabc", "bz2", "\xffabc"),
        (b"\xff", "..\x00/x", "\xff"),
        (b"\xed\xa0\x80", "", "\xed\xa0\x80"),
        (b"a\x00b", "", "a\ufffdb"),
    ],
)
def test_any_bytes_become_text_that_a_database_holds(
    raw: bytes, encoding: str, expected: str
) -> None:
    """Wrong, odd and dangerous encodings give text, never an error, NUL or a lone surrogate."""
    text = text_of(raw, encoding)

    assert text == expected
    assert text.encode()


def test_a_subject_is_the_first_paragraph_as_git_has_it() -> None:
    """Leading blank lines go, a second line joins, a line of blanks ends it."""
    assert full_subject("\n\nAdd\nlimits\n  \nBody") == "Add limits"
    assert full_subject("One line\nsecond") == "One line second"
    assert full_subject("\n") == ""
