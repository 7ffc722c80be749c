"""The tree reads like the audit, and keeps to its own rules."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
BIN = Path(sys.executable).parent

LARGEST_MODULE = 300
SURFACES = ("web", "api", "cli", "mcp", "jobs", "server")
LARGEST_FUNCTION = 50

# Modules that may be longer, each with the reason.
LONGER: dict[str, str] = {}
# Functions that may be longer, each with the reason.
LONGER_FUNCTIONS: dict[str, str] = {
    "quickstart": "one parameter for each option of the command, and its help",
}


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(BIN / command[0]), *command[1:]],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_stage_imports_only_the_stages_before_it() -> None:
    """The import contract holds: layers, network, auditor, connectors."""
    done = run("lint-imports", "--no-cache")

    assert done.returncode == 0, done.stdout


def test_the_contract_breaks_when_an_early_stage_imports_a_late_one(tmp_path: Path) -> None:
    """A check that cannot fail would be worth nothing."""
    package = tmp_path / "reperform"
    for stage in ("base", "audit"):
        (package / stage).mkdir(parents=True)
        (package / stage / "__init__.py").write_text("")
    (package / "__init__.py").write_text("")
    (package / "base" / "wrong.py").write_text("import reperform.audit\n")
    (tmp_path / ".importlinter").write_text(
        "[importlinter]\nroot_package = reperform\n\n"
        "[importlinter:contract:pipeline]\nname = order\ntype = layers\n"
        "containers =\n    reperform\nlayers =\n    audit\n    base\nexhaustive = true\n"
    )

    done = subprocess.run(
        [str(BIN / "lint-imports"), "--no-cache"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "reperform.base.wrong -> reperform.audit" in done.stdout


def test_the_order_of_stages_is_one_list() -> None:
    """The contract, ARCHITECTURE.md, the README and the package's own words agree."""
    contract = (ROOT / ".importlinter").read_text("utf-8")
    listed = contract.split("layers =\n")[1].split("exhaustive")[0].split()
    names = [name.strip("()") for name in listed if name not in ("|", "__main__")]
    built = [name for name in reversed(names) if (ROOT / "src/reperform" / name).is_dir()]
    line = " -> ".join(name for name in built if name not in SURFACES)

    for document in ("README.md", "ARCHITECTURE.md", "src/reperform/__init__.py"):
        assert line in " ".join((ROOT / document).read_text("utf-8").split()), document


@pytest.mark.parametrize("command", [("ruff", "check"), ("ruff", "format", "--check"), ("mypy",)])
def test_lint_format_and_types_are_clean(command: tuple[str, ...]) -> None:
    """Ruff with every rule but the ones explained, and mypy strict."""
    done = run(*command)

    assert done.returncode == 0, done.stdout[-4000:]


def test_modules_are_small() -> None:
    """Half under 100 lines, none over 300 without a reason."""
    sizes = {
        path.relative_to(ROOT).as_posix(): len(path.read_text("utf-8").splitlines())
        for path in SOURCES
    }

    large = {path: size for path, size in sizes.items() if size > LARGEST_MODULE}

    assert set(large) <= set(LONGER), large
    assert sorted(sizes.values())[len(sizes) // 2] <= 150


def test_functions_are_short() -> None:
    """At most 50 lines, docstring left out."""
    long = []
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name not in LONGER_FUNCTIONS:
                has_words = ast.get_docstring(node) is not None
                first = node.body[1 if has_words and len(node.body) > 1 else 0].lineno
                if node.end_lineno and node.end_lineno - first >= LARGEST_FUNCTION:
                    long.append(f"{path.relative_to(ROOT)}:{node.name}")

    assert not long


def test_nothing_swallows_every_exception() -> None:
    """Missing data that looks clean is the one unforgivable bug."""
    broad = []
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ExceptHandler):
                names = (
                    {n.id for n in ast.walk(node.type) if isinstance(n, ast.Name)}
                    if node.type
                    else {""}
                )
                raises = any(isinstance(n, ast.Raise) for n in ast.walk(node))
                if names & {"", "Exception"} or ("BaseException" in names and not raises):
                    broad.append(f"{path.relative_to(ROOT)}:{node.lineno}")

    assert not broad
