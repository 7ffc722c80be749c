"""From a repository to rows, checked against git itself."""

import json
import os
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from reperform.base.period import Period
from reperform.base.table import Cover
from reperform.connectors import git
from reperform.connectors.answer import Kept, Question

Tables = dict[str, list[dict[str, Any]]]
DAY = 86_400
JUNE_15 = 1_750_000_000


def _branching(
    make: Callable[..., Path], commit: Callable[..., str], run_git: Callable[..., str]
) -> Path:
    """Two commits, a side branch with one, a merge, and one more."""
    repository = make()
    commit(repository, "First\n")
    commit(repository, "Second (#2)\n\nReviewed-by: Eve <Eve@example.org>\n", JUNE_15 + DAY)
    run_git(repository, "checkout", "-q", "-b", "side")
    commit(repository, "Aside\n\nwith a body\n", JUNE_15 + 2 * DAY)
    run_git(repository, "checkout", "-q", "main")
    commit(repository, "Third\nin two lines\n", JUNE_15 + 2 * DAY)
    merge = ("merge", "-q", "--no-ff", "-m", "Merge pull request #9 from a/side", "side")
    run_git(repository, *merge, when=JUNE_15 + 3 * DAY)
    return repository


def test_every_commit_comes_out_as_git_log_prints_it(
    make: Callable[..., Path],
    commit: Callable[..., str],
    run_git: Callable[..., str],
    tables: Callable[..., Tables],
) -> None:
    """Ids, people, times, parents, subjects and the first-parent line agree with git."""
    repository = _branching(make, commit, run_git)
    fields = "%H%x09%an%x09%ae%x09%at%x09%cn%x09%ce%x09%ct%x09%P%x09%s"

    said = run_git(repository, "log", "--topo-order", f"--format={fields}").splitlines()
    own_line = run_git(repository, "rev-list", "--first-parent", "main").split()
    rows = tables(repository)["git.commits"]

    def stamp(text: str) -> str:
        return datetime.fromtimestamp(int(text), UTC).strftime("%Y-%m-%d %H:%M:%S")

    expected = []
    for line in said:
        commit_id, an, ae, at, cn, ce, ct, parents, subject = line.split("\t")
        count = len(parents.split())
        expected.append(
            {
                "commit_id": commit_id,
                "author_name": an,
                "author_email": ae,
                "authored_at": stamp(at),
                "committer_name": cn,
                "committer_email": ce,
                "committed_at": stamp(ct),
                "parent_count": count,
                "is_merge": count > 1,
                "on_first_parent": commit_id in own_line,
                "subject": subject,
            }
        )
    assert len(rows) == 5
    assert [{key: row[key] for key in expected[0]} for row in rows] == expected
    assert [row["on_first_parent"] for row in rows].count(False) == 1


def test_each_row_leads_to_the_bytes_it_was_read_from(
    make: Callable[..., Path],
    commit: Callable[..., str],
    run_git: Callable[..., str],
    ask: Callable[[Question], list[Kept]],
) -> None:
    """At its offset stands the header line of its own object."""
    repository = _branching(make, commit, run_git)

    kept = ask(git.question(repository))

    by_blob = {answer.blob: answer for answer in kept if answer.blob}
    rows = [row for row in git.SOURCE.shape(kept) if row.table in ("git.commits", "git.trailers")]
    assert len(rows) == 6
    for row in rows:
        with by_blob[row.blob].open() as file:
            file.seek(row.at)
            assert file.readline().decode().split()[0] == row.values["commit_id"]


def test_shaping_twice_gives_the_same_rows(
    make: Callable[..., Path],
    commit: Callable[..., str],
    run_git: Callable[..., str],
    ask: Callable[[Question], list[Kept]],
) -> None:
    """The same bytes give the same rows in the same order, with declared columns only."""
    kept = ask(git.question(_branching(make, commit, run_git)))
    columns = {spec.name: {column.name for column in spec.columns} for spec in git.SOURCE.tables}

    rows = list(git.SOURCE.shape(kept))

    assert rows == list(git.SOURCE.shape(kept))
    assert all(set(row.values) <= columns[row.table] for row in rows)


def test_only_the_period_s_commits_are_kept_and_all_are_counted(
    make: Callable[..., Path],
    commit: Callable[..., str],
    tables: Callable[..., Tables],
    cover: Callable[..., dict[str, Cover]],
) -> None:
    """A day on either side is kept; the list of commits is whole; the cover is the period."""
    repository = make()
    for day in range(8):
        commit(repository, f"Day {day}\n", JUNE_15 + day * DAY)
    period = Period(date(2025, 6, 18), date(2025, 6, 19))

    found = tables(repository, period=period)

    assert [row["subject"] for row in found["git.commits"]] == ["Day 5", "Day 4", "Day 3", "Day 2"]
    assert found["git.repository"][0]["commits_reachable"] == 8
    covered = cover(repository, period=period)
    assert covered["git.commits"] == Cover(period.first, period.last)
    assert covered["git.repository"] == Cover(date(2025, 9, 10), date(2025, 9, 10))


def test_a_period_without_commits_is_covered_and_empty(
    make: Callable[..., Path],
    commit: Callable[..., str],
    tables: Callable[..., Tables],
    cover: Callable[..., dict[str, Cover]],
) -> None:
    """Nothing happened is a fact: no rows, complete coverage, and the repository's own row."""
    repository = make()
    commit(repository)
    period = Period(date(2025, 8, 1), date(2025, 8, 31))

    found = tables(repository, period=period)

    assert found["git.commits"] == []
    assert found["git.repository"][0]["commits_reachable"] == 1
    assert found["git.repository"][0]["first_committed_at"] == "2025-06-15 15:06:40"
    assert cover(repository, period=period)["git.commits"] == Cover(period.first, period.last)


def test_the_day_of_collection_is_not_covered(
    make: Callable[..., Path],
    commit: Callable[..., str],
    cover: Callable[..., dict[str, Cover]],
) -> None:
    """Events end with the day before; a period that begins today has no day yet."""
    repository = make()
    commit(repository)

    assert cover(repository)["git.tags"] == Cover(None, date(2025, 9, 9))
    open_end = cover(repository, period=Period(date(2025, 9, 1), date(2025, 9, 30)))
    assert open_end["git.trailers"] == Cover(date(2025, 9, 1), date(2025, 9, 9))
    today = cover(repository, period=Period(date(2025, 9, 10), date(2025, 9, 10)))
    assert today["git.commits"].last is None
    assert today["git.commits"].missing


def test_a_commit_without_a_readable_time_does_not_leave_the_population(
    make: Callable[..., Path],
    raw_commit: Callable[..., str],
    run_git: Callable[..., str],
    tables: Callable[..., Tables],
) -> None:
    """Its time is NULL, and it is kept whatever the period."""
    repository = make()
    tree = run_git(repository, "hash-object", "-t", "tree", "-w", "--stdin")
    people = "author A <a@example.org> never\ncommitter A <a@example.org> x"
    raw_commit(repository, f"tree {tree}\n{people}\n\nHid\n".encode())

    rows = tables(repository, period=Period(date(2025, 8, 1), date(2025, 8, 2)))["git.commits"]

    assert [(row["subject"], row["committed_at"]) for row in rows] == [("Hid", None)]


@pytest.mark.parametrize(
    ("author", "name", "email", "at"),
    [
        (b"A <A@Example.org> 1750000000 +0000", "A", "a@example.org", "2025-06-15 15:06:40"),
        (b"A <a@example.org>> 1750000000 +0000", "A", "a@example.org", "2025-06-15 15:06:40"),
        (b"A <> 1750000000 +0000", "A", "", "2025-06-15 15:06:40"),
        (b" <a@example.org> 99999999999999999999999 +0000", "", "a@example.org", None),
        (b"A <a@example.org> -1 +0000", "A", "a@example.org", None),
        (b"no address at all", "no address at all", "", None),
        (b"", "", "", None),
    ],
)
def test_odd_people_and_times_are_read_as_git_reads_them(
    make: Callable[..., Path],
    raw_commit: Callable[..., str],
    run_git: Callable[..., str],
    tables: Callable[..., Tables],
    *,
    author: bytes,
    name: str,
    email: str,
    at: str | None,
) -> None:
    """Whatever stands in the header becomes a row, never an error."""
    repository = make()
    tree = run_git(repository, "hash-object", "-t", "tree", "-w", "--stdin").encode()
    committer = b"C <c@example.org> 1750000000 +0000"
    raw_commit(repository, b"tree %b\nauthor %b\ncommitter %b\n\nOdd\n" % (tree, author, committer))

    (row,) = tables(repository)["git.commits"]

    assert (row["author_name"], row["author_email"], row["authored_at"]) == (name, email, at)


def test_hostile_messages_come_out_as_text(
    make: Callable[..., Path],
    raw_commit: Callable[..., str],
    run_git: Callable[..., str],
    tables: Callable[..., Tables],
) -> None:
    """Control characters, NUL, a line of 1 MB, marks of direction and wrong encodings."""
    repository = make()
    tree = run_git(repository, "hash-object", "-t", "tree", "-w", "--stdin").encode()
    people = (
        b"author A <a@example.org> 1750000000 +0000\ncommitter A <a@example.org> 1750000000 +0000"
    )
    message = (
        "\x1b[31mred\x00 \u202egpj.exe =cmd|'x'!A1 #let <script>".encode()
        + b"\n\n"
        + b"x" * 1_000_000
        + b"\xff\n"
    )
    head = b"tree %b\n%b\nencoding utf-7\nmergetag object %b\n type commit\n \n gpgsig no" % (
        tree,
        people,
        b"0" * 40,
    )
    raw_commit(repository, head + b"\n\n" + message)

    (row,) = tables(repository)["git.commits"]

    assert row["subject"].startswith("\x1b[31mred\ufffd ")
    assert row["message_bytes"] == len(message)
    assert row["signature"] == "none"
    assert json.loads(json.dumps(row).encode("ascii")) == row


def test_bare_linked_and_sha256_repositories_are_read(
    make: Callable[..., Path],
    commit: Callable[..., str],
    run_git: Callable[..., str],
    tables: Callable[..., Tables],
    tmp_path: Path,
) -> None:
    """A server's repository, a second work tree and the newer object format give the same."""
    plain = make("plain")
    commit(plain)
    run_git(tmp_path, "clone", "-q", "--bare", "plain", "server.git")
    run_git(plain, "worktree", "add", "-q", "-b", "other", str(tmp_path / "linked"))
    newer = make("newer", "--object-format=sha256")
    name = commit(newer)

    server = tables(tmp_path / "server.git")["git.repository"][0]
    linked = tables(tmp_path / "linked")["git.repository"][0]
    sha256 = tables(newer)

    assert (server["repository"], server["is_bare"]) == ("server", True)
    assert (linked["repository"], linked["release_branch"]) == ("linked", "refs/heads/other")
    assert sha256["git.repository"][0]["object_format"] == "sha256"
    assert [row["commit_id"] for row in sha256["git.commits"]] == [name]
    assert len(name) == 64
    assert sha256["git.branch_moves"][0]["new_commit"] == name


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://ana:s3cret@Example.org/x.git", "example.org"),
        ("https://ana:s3@cret@example.org/x.git", "example.org"),
        ("https://ana:s3/cret@example.org/x.git", ""),
        ("ssh://git@example.org:2222/x.git", "example.org"),
        ("s3cret@example.org:x.git", "example.org"),
        ("/srv/git/x.git", ""),
        ("https://[::1]:80/x", "[::1]"),
    ],
)
def test_no_secret_of_a_remote_address_is_kept(
    make: Callable[..., Path],
    commit: Callable[..., str],
    run_git: Callable[..., str],
    ask: Callable[[Question], list[Kept]],
    rows: Callable[[Sequence[Kept]], Tables],
    *,
    address: str,
    host: str,
) -> None:
    """Only the host's name reaches an answer."""
    repository = make()
    commit(repository)
    run_git(repository, "config", "remote.origin.url", address)

    kept = ask(git.question(repository))

    assert rows(kept)["git.repository"][0]["remote_hosts"] == host
    everything = b""
    for answer in kept:
        if answer.blob:
            with answer.open() as file:
                everything += file.read()
    assert b"s3" not in everything
    assert b"cret" not in everything


def test_tags_of_every_kind(
    make: Callable[..., Path],
    commit: Callable[..., str],
    run_git: Callable[..., str],
    tables: Callable[..., Tables],
) -> None:
    """Annotated, lightweight, of a tag, of a file, and of a commit outside the period."""
    repository = make()
    name = commit(repository)
    later = JUNE_15 + DAY
    run_git(repository, "tag", "-a", "-m", "Release", "v1.2.0", when=later)
    run_git(repository, "tag", "light")
    run_git(repository, "tag", "-a", "-m", "Again", "app/2.0-rc1", "v1.2.0", when=later)
    blob = run_git(repository, "hash-object", "-w", "--stdin", given=b"x")
    run_git(repository, "tag", "file", blob)

    found = tables(repository, period=Period(date(2025, 9, 1), date(2025, 9, 2)))["git.tags"]

    facts = {
        row["tag"]: (row["commit_id"], row["is_release"], row["is_annotated"], row["tagged_at"])
        for row in found
    }
    assert facts == {
        "v1.2.0": (name, True, True, "2025-06-16 15:06:40"),
        "app/2.0-rc1": (name, True, True, "2025-06-16 15:06:40"),
        "light": (name, False, False, "2025-06-15 15:06:40"),
        "file": (None, False, False, None),
    }


def test_code_owners_are_read_from_the_head(
    make: Callable[..., Path],
    run_git: Callable[..., str],
    tables: Callable[..., Tables],
) -> None:
    """Comments go, sections give their owners to rules without any, a blank can be escaped."""
    repository = make()
    (repository / ".github").mkdir()
    (repository / ".github/CODEOWNERS").write_text(
        "# all\n*  @org/all @ana # why\n/my\\ docs/\n[Build] @org/build\nMakefile\n"
    )
    run_git(repository, "add", "-A")
    run_git(repository, "commit", "-q", "-m", "Owners")

    found = tables(repository)["git.code_owners"]

    assert [
        (row["line"], row["pattern"], row["owners"], row["owner_count"], row["covers_everything"])
        for row in found
    ] == [
        (2, "*", "@org/all @ana", 2, True),
        (3, "/my\\ docs/", "", 0, False),
        (5, "Makefile", "@org/build", 1, False),
    ]


def test_no_code_owners_is_absent_and_a_missing_file_is_refused(
    make: Callable[..., Path],
    commit: Callable[..., str],
    run_git: Callable[..., str],
    ask: Callable[[Question], list[Kept]],
) -> None:
    """A file that the commit names and the repository lacks is not `there is none`."""
    repository = make()
    commit(repository)
    absent = next(a for a in ask(git.question(repository)) if a.name == "code-owners")
    (repository / "CODEOWNERS").write_text("* @ana\n")
    run_git(repository, "add", "-A")
    run_git(repository, "commit", "-q", "-m", "Owners")
    blob = run_git(repository, "rev-parse", "HEAD:CODEOWNERS")
    (repository / f".git/objects/{blob[:2]}/{blob[2:]}").unlink()

    kept = ask(git.question(repository))

    refused = next(answer for answer in kept if answer.name == "code-owners")
    assert (bool(absent.absent), absent.refused) == (True, "")
    assert (bool(refused.refused), refused.absent) == (True, "")
    covered = git.SOURCE.covers(kept, datetime(2025, 9, 10, tzinfo=UTC))
    assert covered["git.code_owners"].last is None


def test_a_rewritten_branch_shows(
    make: Callable[..., Path],
    commit: Callable[..., str],
    run_git: Callable[..., str],
    tables: Callable[..., Tables],
    cover: Callable[..., dict[str, Cover]],
) -> None:
    """The move that left a commit behind is no fast-forward; the reflog covers all its days."""
    repository = make()
    first = commit(repository, "First\n")
    lost = commit(repository, "Lost\n")
    run_git(repository, "reset", "-q", "--hard", first)
    commit(repository, "Instead\n")

    moves = tables(repository)["git.branch_moves"]

    assert [move["is_fast_forward"] for move in moves] == [True, True, False, True]
    assert (moves[2]["old_commit"], moves[2]["new_commit"]) == (lost, first)
    assert {move["authority"] for move in moves} == {"local"}
    assert cover(repository)["git.branch_moves"] == Cover(None, date(2025, 9, 9))


def test_a_reflog_with_a_gap_vouches_only_for_what_follows(
    make: Callable[..., Path],
    commit: Callable[..., str],
    cover: Callable[..., dict[str, Cover]],
) -> None:
    """What rewriting left behind goes after 30 days, from the middle of the file."""
    repository = make()
    for day in range(4):
        commit(repository, f"Day {day}\n", JUNE_15 + day * DAY)
    log = repository / ".git/logs/refs/heads/main"
    lines = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(lines[0] + lines[2] + lines[3])

    covered = cover(repository)["git.branch_moves"]

    assert (covered.first, covered.last) == (date(2025, 6, 17), date(2025, 9, 9))
    assert "gaps" in covered.missing


def test_without_a_reflog_no_move_is_covered(
    make: Callable[..., Path],
    commit: Callable[..., str],
    run_git: Callable[..., str],
    cover: Callable[..., dict[str, Cover]],
    tmp_path: Path,
) -> None:
    """A server's repository usually keeps none: that is said, not passed over."""
    commit(make("plain"))
    run_git(tmp_path, "clone", "-q", "--bare", "plain", "server.git")

    covered = cover(tmp_path / "server.git")["git.branch_moves"]

    assert covered == Cover(None, None, "refs/heads/main has no reflog")


def test_the_published_branch_s_reflog_is_read_too(
    make: Callable[..., Path],
    commit: Callable[..., str],
    run_git: Callable[..., str],
    tables: Callable[..., Tables],
    tmp_path: Path,
) -> None:
    """A forced push that was fetched shows with authority `remote`."""
    plain = make("plain")
    commit(plain, "First\n")
    commit(plain, "Second\n")
    run_git(tmp_path, "clone", "-q", "plain", "clone")
    run_git(plain, "reset", "-q", "--hard", "HEAD~1")
    commit(plain, "Rewritten\n")
    # A clone writes no entry for what it fetched first; a fetch does.
    run_git(tmp_path / "clone", "fetch", "-q", "-f")

    moves = tables(tmp_path / "clone")["git.branch_moves"]

    remote = [m for m in moves if m["ref"] == "refs/remotes/origin/main"]
    assert [(m["authority"], m["is_fast_forward"]) for m in remote] == [("remote", False)]


@pytest.mark.parametrize("kind", ["link", "pipe"])
def test_a_reflog_that_is_no_file_is_refused(
    make: Callable[..., Path],
    commit: Callable[..., str],
    ask: Callable[[Question], list[Kept]],
    tmp_path: Path,
    kind: str,
) -> None:
    """A hostile repository neither shows another file of this machine nor makes us wait."""
    repository = make()
    commit(repository)
    log = repository / ".git/logs/refs/heads/main"
    log.unlink()
    (tmp_path / "secret").write_text("s3cret")
    if kind == "link":
        log.symlink_to(tmp_path / "secret")
    else:
        os.mkfifo(log)

    kept = ask(git.question(repository))

    assert next(answer for answer in kept if answer.name.startswith("reflog")).refused
    covered = git.SOURCE.covers(kept, datetime(2025, 9, 10, tzinfo=UTC))
    assert covered["git.branch_moves"].last is None


def test_describe_says_where_a_period_could_lie(
    make: Callable[..., Path],
    commit: Callable[..., str],
) -> None:
    """Name, branch, oldest and newest day, and how many commits."""
    repository = make()
    commit(repository, "First\n", JUNE_15)
    commit(repository, "Second\n", JUNE_15 + 3 * DAY)

    found = git.describe(repository)

    assert found == git.Description(
        name="app",
        release_branch="refs/heads/main",
        newest_on=date(2025, 6, 18),
        oldest_on=date(2025, 6, 15),
        commits=2,
    )


def test_a_detached_head_is_examined_as_it_stands(
    make: Callable[..., Path],
    commit: Callable[..., str],
    run_git: Callable[..., str],
    tables: Callable[..., Tables],
) -> None:
    """As on a build server: the commits are read, and no branch's moves are claimed."""
    repository = make()
    first = commit(repository, "First\n")
    commit(repository, "Second\n")
    run_git(repository, "checkout", "-q", "--detach", first)

    found = tables(repository)

    assert found["git.repository"][0]["release_branch"] == "HEAD"
    assert [row["commit_id"] for row in found["git.commits"]] == [first]
    assert found["git.branch_moves"] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "approvers:\n  - ana # lead\n  - ben\nreviewers:\n  - eve\n",
            [("*", "ana"), ("*", "ben")],
        ),
        (
            "set noparent\nana@example.org\nper-file *.c=ben@example.org, eve@example.org\n",
            [("*", "ana@example.org"), ("*.c", "ben@example.org eve@example.org")],
        ),
    ],
)
def test_an_owners_file_is_read_in_both_of_its_forms(
    *,
    make: Callable[..., Path],
    run_git: Callable[..., str],
    tables: Callable[..., Tables],
    text: str,
    expected: list[tuple[str, str]],
) -> None:
    """Approvers of the YAML form own everything, reviewers nothing; so do plain lines."""
    repository = make()
    (repository / "OWNERS").write_text(text)
    run_git(repository, "add", "-A")
    run_git(repository, "commit", "-q", "-m", "Owners")

    found = tables(repository)["git.code_owners"]

    assert [(row["pattern"], row["owners"]) for row in found] == expected
