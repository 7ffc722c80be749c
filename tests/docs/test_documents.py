"""Documents cannot lie: commands, help texts, errors and links are held against the program."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import write_reference

from reperform.base.refusal import RefusalError

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted(
    path
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    if ".venv" not in path.parts
)


def reperform(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "reperform", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={"COLUMNS": "100", "NO_COLOR": "1", "PATH": "/usr/bin:/bin", "HOME": "/nonexistent"},
    )


@pytest.mark.parametrize("page", ["commands", "tables", "api"])
def test_the_reference_is_what_the_program_says(page: str) -> None:
    """Help texts and tables as they are now: run scripts/write_reference.py after a change."""
    written = (ROOT / "docs" / "reference" / f"{page}.md").read_text("utf-8")

    assert written == getattr(write_reference, page)()


def test_every_command_of_the_readme_is_accepted() -> None:
    """Each `reperform ...` in the README names a command and options that exist."""
    readme = (ROOT / "README.md").read_text("utf-8")
    commands = re.findall(
        r"(?:\./run|reperform) ((?:quickstart|verify|catalog check)[^\n`]*)", readme
    )
    assert commands

    for command in commands:
        words = command.split()
        name = words[:2] if words[0] == "catalog" else words[:1]
        known = reperform(*name, "--help").stdout
        for option in (word for word in words if word.startswith("--")):
            assert option in known, f"{option} in {command}"


def test_the_two_commands_of_the_readme_are_there() -> None:
    """`./run` and `./test` are in the tree, can be run, and CI runs the second."""
    readme = (ROOT / "README.md").read_text("utf-8")

    for name in ("run", "test"):
        assert f"./{name}" in readme
        assert (ROOT / name).stat().st_mode & 0o111
    assert "exec ./test" in (ROOT / ".ci" / "run").read_text("utf-8")


def subclasses(kind: type[RefusalError]) -> set[type[RefusalError]]:
    found = set(kind.__subclasses__())
    return found.union(*(subclasses(sub) for sub in found))


def slugs() -> set[str]:
    """Return every name that an error or a problem of the program carries."""
    text = "\n".join(path.read_text("utf-8") for path in (ROOT / "src").rglob("*.py"))
    named = set(re.findall(r'^    slug = "([a-z-]+)"', text, re.MULTILINE))
    return named | {kind.slug for kind in subclasses(RefusalError) if kind.slug != "refused"}


def test_every_error_has_its_section() -> None:
    """The bracketed name at the end of a message can be looked up."""
    text = (ROOT / "docs" / "errors.md").read_text("utf-8")
    sections = set(re.findall(r"^### (\S+)", text, re.MULTILINE))

    assert slugs() - {"not-baked"} <= sections, sorted(slugs() - sections)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_between_documents_lead_somewhere(path: Path) -> None:
    """Relative links and named files exist."""
    text = path.read_text("utf-8")

    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", text):
        assert (path.parent / target).exists(), target
    for target in re.findall(r"(?<![\w/])(docs/[\w./-]+\.md)", text):
        assert (ROOT / target).exists(), target


def test_the_program_speaks_only_of_itself() -> None:
    """No path of a machine that it was written on."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    told = [
        name
        for name in listed
        if name and (ROOT / name).is_file() and b"/wor" + b"k/" in (ROOT / name).read_bytes()
    ]

    assert not told
