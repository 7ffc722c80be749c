"""`reperform quickstart` from the outside: what it writes, says and refuses."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from pypdf import PdfReader

from outside import PERIOD, REVIEWED, YEAR, Commit, Ran, fast_import

Reperform = Callable[..., Ran]
OUTPUTS = ["bundle.zip", "gap.html", "gap.pdf", "report.html", "report.pdf", "results.json"]


def runs_of(out: Path) -> dict[str, dict[str, object]]:
    results = json.loads((out / "results.json").read_bytes())
    return {test["id"]: test for test in results["tests"]}


def test_it_writes_six_files_and_nothing_else(finished: Path) -> None:
    """The work folder is gone when all of them are whole."""
    assert sorted(path.name for path in finished.iterdir()) == OUTPUTS
    assert all((path.stat().st_mode & 0o077) == 0 for path in finished.iterdir())


def test_the_whole_population_is_tested_and_each_outcome_is_told_apart(finished: Path) -> None:
    """Eight reviewed by another, one by its author, one by nobody while most are."""
    review = runs_of(finished)["CHG-01.T1"]

    assert review["population"] == 10
    assert (review["passed"], review["deviations"], review["unable"]) == (8, 2, 0)
    assert review["conclusion"] == "exceptions noted"
    reasons = [item["reason"] for item in review["exceptions"]]  # type: ignore[attr-defined]
    assert reasons == [
        "reviewed by its author only",
        "no review is recorded, while most commits of the period record theirs",
    ]


def test_what_was_not_looked_at_is_unable_and_never_passes(finished: Path) -> None:
    """Without the host, every test of it says that nothing was collected."""
    host = [test for test in runs_of(finished).values() if test["control"] == "AC-05"]

    assert [test["conclusion"] for test in host] == ["unable to test"]
    assert host[0]["reason"] == "host.sshd_settings was never collected"


def test_no_criterion_is_met_while_evidence_is_missing(finished: Path) -> None:
    """A draft from a repository alone meets none of the 33."""
    results = json.loads((finished / "results.json").read_bytes())

    assert len(results["criteria"]) == 33
    assert {criterion["status"] for criterion in results["criteria"]} == {"partly met", "not met"}


def test_every_page_of_the_draft_says_that_it_is_one(finished: Path) -> None:
    """No opinion has been expressed, and no page lets a reader forget it."""
    for page in PdfReader(finished / "report.pdf").pages:
        assert "no opinion has been expressed" in page.extract_text()


def test_the_same_repository_gives_the_same_results_but_for_the_moment(
    reperform: Reperform, tmp_path: Path
) -> None:
    """Two runs differ only in salts and times, and in what is computed from those."""
    fast_import(tmp_path / "repo", YEAR)
    for name in ("one", "two"):
        ran = reperform(
            *("quickstart", "--repo", tmp_path / "repo", "--period", PERIOD, "--no-host"),
            *("--out", tmp_path / name),
        )
        assert ran.code == 0, ran.err

    one, two = (runs_of(tmp_path / name) for name in ("one", "two"))
    for test in (*one.values(), *two.values()):
        test.pop("inputs")
    assert one == two


def test_a_type_1_has_no_tests_of_operation(reperform: Reperform, tmp_path: Path) -> None:
    """Design as of a date: no results stand in Section IV."""
    fast_import(tmp_path / "repo", YEAR)

    ran = reperform(
        *("quickstart", "--repo", tmp_path / "repo", "--period", PERIOD, "--type", "1"),
        *("--no-host", "--out", tmp_path / "out", "--categories", "availability"),
    )

    assert ran.code == 0, ran.err
    assert "as of 2026-06-30: security, availability" in ran.err
    assert "There is no commit" not in ran.err
    text = "".join(page.extract_text() for page in PdfReader(tmp_path / "out/report.pdf").pages)
    assert "No exceptions noted" not in text
    results = json.loads((tmp_path / "out" / "results.json").read_bytes())
    assert len(results["criteria"]) == 36
    assert {control["operated"] for control in results["controls"]} == {"not examined"}


def test_a_control_that_passed_by_itself_is_not_met_before_a_person_performed_their_test(
    reperform: Reperform, tmp_path: Path
) -> None:
    """Adopted, in place, covered, tested without exceptions: and one test is left to a person."""
    asked = [Commit(REVIEWED + b"Fixes: #12\n", day=commit.day) for commit in YEAR]
    fast_import(tmp_path / "repo", asked)
    (tmp_path / "statement.yaml").write_text(
        "organization: Larkspur, Inc.\nsystem: Larkspur Invoicing\n"
        "controls: {CHG-07: {owner: Ana Diaz, adopted_on: 2025-06-01}}\n"
    )

    ran = reperform(
        *("quickstart", "--repo", tmp_path / "repo", "--period", PERIOD, "--no-host"),
        *("--statement", tmp_path / "statement.yaml", "--out", tmp_path / "out"),
    )

    assert ran.code == 0, ran.err
    results = json.loads((tmp_path / "out" / "results.json").read_bytes())
    (control,) = [each for each in results["controls"] if each["id"] == "CHG-07"]
    facets = ("designed", "implemented", "evidenced", "operated")
    assert [control[facet] for facet in facets] == ["yes", "yes", "yes", "partly"]
    assert "CHG-07.T2: a person performs it, and nobody has" in str(control["reasons"])
    status = {each["id"]: each["status"] for each in results["criteria"]}
    assert status["CC8.1"] == "partly met"
    assert "met" not in status.values()
    assert results["organization"] == "Larkspur, Inc."


def test_tailored_and_own_controls_are_examined_as_management_states_them(
    reperform: Reperform, tmp_path: Path
) -> None:
    """One is tested in part, by the words of the library; the other is listed, and not tested.

    Whoever re-performs the bundle finds the same.
    """
    fast_import(tmp_path / "repo", [c for c in YEAR if b"Reviewed-by: Ben" in c.message])
    (tmp_path / "statement.yaml").write_text(
        """
        controls:
          CHG-01: {owner: Ana Diaz, frequency: weekly, evidence: [the ticket], criteria: [CC8.1]}
        own_controls:
          PAY-01:
            owner: Ben Ode
            title: Payments are released by two people
            text: A second person compares each payment with its invoice.
            criteria: [CC5.2]
            nature: preventive
            kind: manual
            frequency: per event
        """
    )

    ran = reperform(
        *("quickstart", "--repo", tmp_path / "repo", "--period", PERIOD, "--no-host"),
        *("--statement", tmp_path / "statement.yaml", "--out", tmp_path / "out"),
    )

    assert ran.code == 0, ran.err
    results = json.loads((tmp_path / "out" / "results.json").read_bytes())
    tailored, own = results["controls"]
    assert (tailored["id"], tailored["wording"]) == ("CHG-01", "tailored")
    assert (tailored["evidenced"], tailored["operated"]) == ("partly", "partly")
    assert tailored["criteria"] == ["CC8.1"]
    assert tailored["tests"] == ["CHG-01.T1"]
    assert (own["id"], own["wording"], own["tests"], own["planned"]) == ("PAY-01", "own", [], [])
    assert (own["implemented"], own["evidenced"]) == ("unknown", "no")
    assert "unable to test" in own["reasons"][0]
    standing = {each["id"]: each for each in results["criteria"]}
    assert standing["CC5.2"]["status"] == "not met"
    assert standing["CC5.2"]["controls"] == ["PAY-01"]
    text = "".join(page.extract_text() for page in PdfReader(tmp_path / "out/report.pdf").pages)
    said = " ".join(text.split())
    assert "Section IV lists 2 controls" in said
    assert ", weekly" in said
    assert "the ticket" in said
    assert "Tailored by management." in said
    assert "Management's own control" in said
    assert "A procedure by hand is needed" in said
    assert reperform("verify", tmp_path / "out" / "bundle.zip").code == 0


def test_a_type_2_of_one_day_is_examined_and_said_to_be_unusual(
    reperform: Reperform, tmp_path: Path
) -> None:
    """Nothing forbids it; a reader who expects a year must not miss it."""
    fast_import(tmp_path / "repo", YEAR)

    ran = reperform(
        *("quickstart", "--repo", tmp_path / "repo", "--period", "2025-09-01..2025-09-01"),
        *("--no-host", "--out", tmp_path / "out"),
    )

    assert ran.code == 0
    assert "A Type 2 usually covers 3 to 12 months; this is 1 day." in ran.err


def test_an_empty_range_is_said(reperform: Reperform, tmp_path: Path) -> None:
    """No commit in the period: the control did not operate, which is neither pass nor deviation."""
    fast_import(tmp_path / "repo", [Commit(b"Old", day=0)])

    ran = reperform(
        *("quickstart", "--repo", tmp_path / "repo", "--period", "2026-01-01..2026-06-30"),
        *("--no-host", "--out", tmp_path / "out"),
    )

    assert ran.code == 0, ran.err
    review = runs_of(tmp_path / "out")["CHG-01.T1"]
    assert review["conclusion"] == "did not operate"
    assert "no commit" in ran.err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--period", "2026-07-31..2025-08-01"], "[period-reversed]"),
        (["--period", "2025-08..2026-07"], "[period-malformed]"),
        (["--period", "2999-01-01..2999-07-31"], "[period-in-future]"),
        (["--period", "0001-01-01..2026-07-31"], "[period-too-long]"),
        (["--categories", "security,speed"], "[unknown-category]"),
        (["--branch", "nowhere"], "[unknown-branch]"),
        (["--statement", "missing.yaml"], "[statement]"),
        (["--tls", "not an endpoint"], "[endpoint]"),
    ],
)
def test_what_cannot_be_done_is_refused_and_nothing_is_written(
    reperform: Reperform, tmp_path: Path, options: list[str], said: str
) -> None:
    """Exit 1, a name to look up, and no folder."""
    fast_import(tmp_path / "repo", YEAR[:2])

    ran = reperform(
        "quickstart", "--repo", tmp_path / "repo", "--no-host", "--out", tmp_path / "out", *options
    )

    assert ran.code == 1
    assert said in ran.err
    assert "Traceback" not in ran.err
    assert not (tmp_path / "out").exists()


def broken(tmp_path: Path, how: str) -> Path:
    """Return a repository that cannot be examined."""
    repo = tmp_path / "repo"
    if how == "no folder":
        return tmp_path / "nowhere"
    if how == "no repository":
        repo.mkdir()
        return repo
    if how == "empty":
        subprocess.run(["git", "init", "-q", str(repo)], check=True)
        return repo
    fast_import(repo, YEAR)
    if how == "shallow":
        subprocess.run(
            ["git", "clone", "-q", "--depth=2", f"file://{repo}", str(tmp_path / "shallow")],
            check=True,
        )
        return tmp_path / "shallow"
    commit = subprocess.run(
        ["git", "-C", str(repo), "rev-parse", "main~3"], capture_output=True, text=True, check=True
    ).stdout.strip()
    loose = repo / ".git/objects" / commit[:2] / commit[2:]
    loose.chmod(0o644)
    if how == "missing object":
        loose.unlink()
    else:
        loose.write_bytes(loose.read_bytes()[:20] + b"\0" * 20)
    return repo


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("no folder", "[not-a-repository]"),
        ("no repository", "[not-a-repository]"),
        ("empty", "[empty-repository]"),
        ("shallow", "[shallow-clone]"),
        ("missing object", "was not read to the end"),
        ("corrupt object", "was not read to the end"),
    ],
)
def test_a_repository_that_is_not_whole_is_refused(
    reperform: Reperform, tmp_path: Path, how: str, said: str
) -> None:
    """A part of a history would pass for the whole."""
    repo = broken(tmp_path, how)

    ran = reperform(
        "quickstart", "--repo", repo, "--period", PERIOD, "--no-host", "--out", tmp_path / "out"
    )

    assert ran.code == 1
    assert said in ran.err
    assert "Traceback" not in ran.err
    assert not (tmp_path / "out").exists()


def test_a_bare_repository_is_examined_too(reperform: Reperform, tmp_path: Path) -> None:
    """A server's repository has no work tree."""
    fast_import(tmp_path / "repo", YEAR)
    bare = tmp_path / "bare.git"
    subprocess.run(["git", "clone", "-q", "--bare", str(tmp_path / "repo"), str(bare)], check=True)

    ran = reperform(
        "quickstart", "--repo", bare, "--period", PERIOD, "--no-host", "--out", tmp_path / "out"
    )

    assert ran.code == 0, ran.err
    assert runs_of(tmp_path / "out")["CHG-01.T1"]["population"] == 10


def test_a_folder_that_is_not_empty_is_refused_and_left_alone(
    reperform: Reperform, tmp_path: Path
) -> None:
    """What is in it is not touched."""
    fast_import(tmp_path / "repo", YEAR[:2])
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine").write_text("mine")

    ran = reperform(
        "quickstart", "--repo", tmp_path / "repo", "--no-host", "--out", tmp_path / "out"
    )

    assert ran.code == 1
    assert "[out-folder]" in ran.err
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["mine"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_a_folder_that_cannot_be_written_is_refused() -> None:
    """Tried as a user without rights, for root may write everywhere."""
    code = (
        "import os\n"
        "from pathlib import Path\n"
        "from reperform.cli.workspace import OutFolderError, open_workspace\n"
        "os.setgid(65534); os.setuid(65534)\n"
        "try:\n"
        "    with open_workspace(Path('/usr/reperform-out')): pass\n"
        "except OutFolderError as error: print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
    )

    assert "not writable" in done.stdout, done.stderr


HOSTILE = [
    b"\x1b[31mred\x1b[0m \x07bell \x00nul",
    b"x" * 1_000_000,
    b'#import "x" $x$ *bold* _it_ @ref <label> #panic("no") \\u{1F600}',
    b"<script>alert(1)</script><img src=x onerror=alert(2)>",
    b'=HYPERLINK("http://x","y")\n\n@SUM(1+1)*cmd|\' /C calc\'!A0',
    b"invalid utf-8 \xff\xfe\xc3\x28",
    "right to left \u202egpj.exe\u202c and \u2066isolate\u2069".encode(),
    "\U0001f600 \u6f22\u5b57 \u0627\u0644\u0639\u0631\u0628\u064a\u0629".encode(),
    b"",
]


def test_hostile_messages_come_out_as_text(reperform: Reperform, tmp_path: Path) -> None:
    """Also as names of authors and tags; nothing becomes markup, and nothing stops the run."""
    hostile = [
        Commit(message, author="<b>#x \\ $y$ <evil@example.org>".replace("<b>", "(b)"), day=n)
        for n, message in enumerate(HOSTILE)
    ]
    fast_import(tmp_path / "repo", hostile)
    name = "v1.0-\u6f22\u202e"
    subprocess.run(["git", "-C", str(tmp_path / "repo"), "tag", name, "main"], check=True)

    ran = reperform(
        *("quickstart", "--repo", tmp_path / "repo", "--period", PERIOD, "--no-host"),
        *("--out", tmp_path / "out"),
    )

    assert ran.code == 0, ran.err
    assert runs_of(tmp_path / "out")["CHG-01.T1"]["population"] == len(HOSTILE)
    for page in ("report.html", "gap.html"):
        html = (tmp_path / "out" / page).read_text("utf-8")
        assert "<script" not in html
        assert "\u202e" not in html
    assert reperform("verify", tmp_path / "out" / "bundle.zip").code == 0


def test_a_population_that_nothing_fills_is_a_step_and_no_result(finished: Path) -> None:
    """Nobody connected a register of people: what to connect is said, nothing is claimed of it."""
    results = json.loads((finished / "results.json").read_bytes())

    (leavers,) = [each for each in results["controls"] if each["id"] == "AC-10"]
    assert leavers["operated"] != "yes"
    assert any(
        step.startswith("Connect a source that fills population") for step in leavers["steps"]
    )
    assert leavers["unfed"] == ["AC-10.T2", "AC-10.T3"]
    assert not [each for each in results["tests"] if each["control"] == "AC-10"]
    report = (finished / "report.html").read_text("utf-8")
    assert "No source in use fills population.accounts and population.leavers." in report


def test_a_code_host_that_nothing_asks_is_a_step_and_no_result(finished: Path) -> None:
    """Whoever keeps source elsewhere lacks no evidence of GitHub; the other tests are still run."""
    results = json.loads((finished / "results.json").read_bytes())

    (reviewed,) = [each for each in results["controls"] if each["id"] == "CHG-01"]
    assert any("github.branches" in step and "CHG-01.T6" in step for step in reviewed["steps"])
    run = [each["id"] for each in results["tests"] if each["control"] == "CHG-01"]
    assert run == ["CHG-01.T1"]
