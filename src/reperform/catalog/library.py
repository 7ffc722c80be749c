"""Finds the library and reads it whole, or refuses."""

import errno
import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import reperform
from reperform.base.canonical import canonical_json, sha256_hex
from reperform.base.front_matter import FrontMatterError
from reperform.base.problem import Problem
from reperform.base.refusal import RefusalError
from reperform.catalog.controls import Control, read_control
from reperform.catalog.criteria import SERIES, Criterion, DescriptionCriterion
from reperform.catalog.criteria_files import read_description, read_series
from reperform.catalog.crosswalks import Crosswalk, read_crosswalk
from reperform.catalog.fields import shown
from reperform.catalog.policies import POLICIES_FILE, Policy, read_policies
from reperform.catalog.policy_templates import PolicyTemplate, read_template
from reperform.catalog.starter import (
    STARTER_FILE,
    StarterGroup,
    read_starter,
    unknown_controls,
)

_LARGEST_FILE = 200_000
"""Bytes.  The largest of ours has a tenth of it; reading YAML takes seconds a megabyte."""


class LibraryMissingError(RefusalError):
    """There is no library."""

    slug = "library-missing"


class LibraryRefusedError(RefusalError):
    """The library is there, but it cannot be relied on."""

    slug = "library-refused"


@dataclass(frozen=True, slots=True)
class Catalog:
    """What is examined against.

    Attributes:
        criteria: the 61, in the standard's order.
        description_criteria: DC 1 to 9.
        controls: by id.
        policies: in the order of their file.
        templates: texts for policies, by id.
        starter: the controls to begin with, by category and family.
        crosswalks: by slug of the framework.
        digest: SHA-256 over every file of the library, see `library_digest`.
    """

    criteria: tuple[Criterion, ...]
    description_criteria: tuple[DescriptionCriterion, ...]
    controls: tuple[Control, ...]
    policies: tuple[Policy, ...]
    templates: tuple[PolicyTemplate, ...]
    starter: tuple[StarterGroup, ...]
    crosswalks: tuple[Crosswalk, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class LibraryParts:
    """What could be read, and what is wrong with it."""

    criteria: tuple[Criterion, ...]
    description_criteria: tuple[DescriptionCriterion, ...]
    controls: tuple[Control, ...]
    policies: tuple[Policy, ...]
    templates: tuple[PolicyTemplate, ...]
    starter: tuple[StarterGroup, ...]
    crosswalks: tuple[Crosswalk, ...]
    problems: tuple[Problem, ...]


def library_folder() -> Path:
    """Return the folder of the library: in the wheel, or in the checkout.

    Raises:
        LibraryMissingError: it is in neither place.
    """
    package = Path(reperform.__file__).resolve().parent
    for folder in (package / "_library", package.parents[1] / "library"):
        if (folder / "criteria").is_dir():
            return folder
    raise LibraryMissingError(
        f"the library was not found: {package / '_library'} does not exist",
        why="Without criteria and controls there is nothing to examine against.",
        todo="install reperform again",
    )


def load_catalog(folder: Path | None = None) -> Catalog:
    """Return the catalog in `folder`, by default our own library.

    Raises:
        LibraryMissingError: there is no folder.
        LibraryRefusedError: a file is missing, cannot be read, or says what cannot be.
    """
    folder = folder or library_folder()
    parts = read_library(folder)
    if parts.problems:
        count = len(parts.problems)
        raise LibraryRefusedError(
            f"the library was not read: {count:,} problem{'s' if count > 1 else ''}, "
            f"first {parts.problems[0]}",
            why="An examination against half a library would look like a whole one.",
            todo=f"see all of them: reperform catalog check {folder}",
        )
    return Catalog(
        criteria=parts.criteria,
        description_criteria=parts.description_criteria,
        controls=parts.controls,
        policies=parts.policies,
        templates=parts.templates,
        starter=parts.starter,
        crosswalks=parts.crosswalks,
        digest=library_digest(folder),
    )


def library_digest(folder: Path) -> str:
    """Return the SHA-256 of the library's listing: one name for all of its files."""
    return sha256_hex(library_listing(folder))


def library_listing(folder: Path) -> bytes:
    """Return the canonical JSON `[[path, sha256 of the file], ...]`.

    Paths are relative to `folder`, with `/`, and sorted; every file counts, whatever its name.
    """
    files = []
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            files.append([path.relative_to(folder).as_posix(), digest])
    return canonical_json(sorted(files))


def read_library(folder: Path) -> LibraryParts:
    """Return what the library in `folder` says, and every problem of its files' content."""
    problems: list[Problem] = []
    criteria: list[Criterion] = []
    for series in SERIES:
        where = f"criteria/{series}.yaml"
        with _collecting(problems, where):
            text = read_library_file(folder / where)
            criteria += read_series(text, series=series, where=where, problems=problems)
    description: tuple[DescriptionCriterion, ...] = ()
    where = "criteria/description.yaml"
    with _collecting(problems, where):
        description = read_description(
            read_library_file(folder / where), where=where, problems=problems
        )
    controls = _controls(folder, problems)
    policies = _policies(folder, problems)
    templates = _templates(folder, problems)
    starter = _starter(folder, problems)
    problems += _references(controls, criteria, policies)
    problems += unknown_controls(starter, controls)
    crosswalks = _crosswalks(folder, problems)
    return LibraryParts(
        criteria=tuple(criteria),
        description_criteria=description,
        controls=controls,
        policies=policies,
        templates=templates,
        starter=starter,
        crosswalks=crosswalks,
        problems=tuple(problems),
    )


def _controls(folder: Path, problems: list[Problem]) -> tuple[Control, ...]:
    controls: dict[str, Control] = {}
    for path in sorted((folder / "controls").glob("*.md")):
        where = f"controls/{path.name}"
        with _collecting(problems, where):
            control = read_control(read_library_file(path), where=where, problems=problems)
            if control.id in controls:
                what = f"the control {shown(control.id)} is in another file too"
                problems.append(Problem(where, what, "give it an id of its own", "control-twice"))
            controls.setdefault(control.id, control)
    return tuple(controls[name] for name in sorted(controls))


def _policies(folder: Path, problems: list[Problem]) -> tuple[Policy, ...]:
    """Return the policies; none when the file is not there, as in a library of an old bundle."""
    if not (folder / POLICIES_FILE).exists():
        return ()
    with _collecting(problems, POLICIES_FILE):
        text = read_library_file(folder / POLICIES_FILE)
        return read_policies(text, where=POLICIES_FILE, problems=problems)
    return ()


def _templates(folder: Path, problems: list[Problem]) -> tuple[PolicyTemplate, ...]:
    templates = []
    for path in sorted((folder / POLICIES_FILE).parent.glob("*.md")):
        where = path.relative_to(folder).as_posix()
        with _collecting(problems, where):
            templates.append(read_template(read_library_file(path), where=where, problems=problems))
    return tuple(templates)


def _starter(folder: Path, problems: list[Problem]) -> tuple[StarterGroup, ...]:
    """Return the starter set; none when the file is not there, as in a library of an old bundle."""
    if not (folder / STARTER_FILE).exists():
        return ()
    with _collecting(problems, STARTER_FILE):
        text = read_library_file(folder / STARTER_FILE)
        return read_starter(text, where=STARTER_FILE, problems=problems)
    return ()


def _references(
    controls: Sequence[Control], criteria: Sequence[Criterion], policies: Sequence[Policy]
) -> list[Problem]:
    """Return which controls name a point of focus or a policy that is not there."""
    points = {point.id for criterion in criteria for point in criterion.points_of_focus}
    known = {policy.id for policy in policies}
    found = []
    for control in controls:
        where = f"controls/{control.id}.md"
        for point in control.points_of_focus:
            if point not in points:
                what, todo = (
                    f"there is no point of focus {shown(point)}",
                    "name one that its criterion has",
                )
                found.append(Problem(f"{where}: points_of_focus", what, todo, "point-unknown"))
        for policy in control.policies:
            if policy not in known:
                what, todo = f"there is no policy {shown(policy)}", f"name one of {POLICIES_FILE}"
                found.append(Problem(f"{where}: policies", what, todo, "policy-unknown"))
    return found


def _crosswalks(folder: Path, problems: list[Problem]) -> tuple[Crosswalk, ...]:
    crosswalks = []
    for path in sorted((folder / "crosswalks").glob("*.yaml")):
        where = f"crosswalks/{path.name}"
        with _collecting(problems, where):
            text = read_library_file(path)
            crosswalks.append(read_crosswalk(text, slug=path.stem, where=where, problems=problems))
    return tuple(crosswalks)


@contextmanager
def _collecting(problems: list[Problem], where: str) -> Iterator[None]:
    """Turn what keeps one file from being read into a problem; the other files are still read."""
    try:
        yield
    except FrontMatterError as error:
        problems.append(Problem(where, error.what, error.todo[0], "catalog-unreadable"))
    except FileNotFoundError:
        problems.append(Problem(where, "is not there", "add it", "catalog-unreadable"))
    except (OSError, UnicodeDecodeError) as error:
        problems.append(
            Problem(where, f"was not read: {error}", "correct the file", "catalog-unreadable")
        )


def read_library_file(path: Path) -> str:
    """Return the text of a file of the library.

    Raises:
        OSError: it is not there, cannot be read, or is too large to be one of ours.
        UnicodeDecodeError: it is not UTF-8.
    """
    with path.open("rb") as file:
        raw = file.read(_LARGEST_FILE + 1)
    if len(raw) > _LARGEST_FILE:
        raise OSError(errno.EFBIG, f"it is larger than {_LARGEST_FILE:,} bytes")
    return raw.decode()
