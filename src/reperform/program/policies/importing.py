"""Files that hold policies -> what an import would make, before anything is made.

One Markdown file, a ZIP of many, or a folder.  Nothing of a ZIP is unpacked to a disk; what it
would take is bounded before it is read.
"""

import io
import zipfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from reperform.base.canonical import canonical_json, sha256_hex
from reperform.base.problem import Problem
from reperform.base.visible import visible
from reperform.program.policies import PolicyFields, TextFields, read_key, text_content
from reperform.program.policies.markdown import (
    LARGEST_FILE,
    PolicyFile,
    read_policy_file,
)

MOST_FILES = 200
LARGEST_IMPORT = 5_000_000
"""Bytes of what is brought, and of all that is in it."""
_ENDINGS = (".md", ".markdown", ".tmpl", ".mdx", ".txt")
_SLUG = "policy-file"


@dataclass(frozen=True, slots=True)
class Brought:
    """A policy that an import would make.

    Attributes:
        file: its name.
        key: the id that it gets.
        fields: the policy.
        text: its first version, a draft.
        ignored: fields of the head that nothing is made of.
    """

    file: str
    key: str
    fields: PolicyFields
    text: TextFields
    ignored: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an import would make; with a problem, nothing.

    Attributes:
        policies: in the order of the files.
        problems: by file.
        sha256: of what was brought.
    """

    policies: tuple[Brought, ...]
    problems: tuple[Problem, ...]
    sha256: str

    @property
    def rows(self) -> tuple[Brought, ...]:
        """Each policy, as the dry run shows it."""
        return self.policies

    @property
    def every_problem(self) -> tuple[Problem, ...]:
        """What is wrong with the file."""
        return self.problems

    @property
    def fingerprint(self) -> str:
        """A name for all of it: what was seen is what is made."""
        said = [[each.key, text_content(each.text)] for each in self.policies]
        return sha256_hex(canonical_json([self.sha256, said]))


def plan_import(content: bytes, *, name: str, taken: Collection[str]) -> ImportPlan:
    """Return what a file would make.

    Args:
        content: the whole file, or one byte more than may be.
        name: as the user knows it.
        taken: ids that the organization has.
    """
    problems: list[Problem] = []
    files = list(_files(content, name, problems))
    return _planned(files, problems, name=name, sha256=sha256_hex(content), taken=taken)


def plan_folder(files: Mapping[str, bytes], *, name: str, taken: Collection[str]) -> ImportPlan:
    """Return what the Markdown files of a folder would make.

    `sha256` of the plan is that of the list of the files' paths and digests.

    Args:
        files: by path below it; what is no policy by its name is left out, as in a ZIP.
        name: of the folder, as the user knows it.
        taken: ids that the organization has.
    """
    problems: list[Problem] = []
    parts = [
        (visible(each, limit=200), raw) for each, raw in sorted(files.items()) if _is_policy(each)
    ]
    if len(parts) > MOST_FILES or sum(len(raw) for _, raw in parts) > LARGEST_IMPORT:
        problems.append(_too_many(name, len(parts)))
        parts = []
    sha256 = sha256_hex(canonical_json([[each, sha256_hex(raw)] for each, raw in parts]))
    return _planned(parts, problems, name=name, sha256=sha256, taken=taken)


def _planned(
    files: Iterable[tuple[str, bytes]],
    problems: list[Problem],
    *,
    name: str,
    sha256: str,
    taken: Collection[str],
) -> ImportPlan:
    found: dict[str, Brought] = {}
    for file, raw in files:
        policy, wrong = read_policy_file(raw, name=file)
        problems += wrong
        if policy is None:
            continue
        key, wrong = read_key(policy.id)
        problems += [Problem(file, each.what, each.todo, _SLUG) for each in wrong]
        if policy.id in taken or policy.id in found:
            where = "in the organization" if policy.id in taken else "in another file"
            what = f"there is a policy {policy.id} {where} already"
            problems.append(Problem(file, what, "write `id: another` in its head", _SLUG))
        elif key:
            found[key] = _brought(file, policy)
    if not found and not problems:
        what = "holds no Markdown file"
        problems.append(Problem(name, what, "bring one ending in .md, or a ZIP of them", _SLUG))
    return ImportPlan(tuple(found.values()), tuple(problems), sha256)


def _brought(file: str, policy: PolicyFile) -> Brought:
    return Brought(
        file=file,
        key=policy.id,
        fields=PolicyFields(title=policy.title),
        text=TextFields(
            policy.text, placeholders=policy.placeholders, note=f"Imported from {file[-200:]}"
        ),
        ignored=tuple(sorted(visible(str(each), limit=60) for each in policy.others)),
    )


def _files(content: bytes, name: str, problems: list[Problem]) -> Iterator[tuple[str, bytes]]:
    if len(content) > LARGEST_IMPORT:
        todo = f"bring at most {LARGEST_IMPORT:,} bytes at once"
        problems.append(Problem(name, "is too large", todo, _SLUG))
    elif not content.startswith(b"PK\x03\x04"):
        yield name, content
    else:
        yield from _unpacked(content, name, problems)


def _unpacked(content: bytes, name: str, problems: list[Problem]) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = [each for each in packed.infolist() if _is_policy(each.filename)]
            if len(parts) > MOST_FILES or sum(part.file_size for part in parts) > LARGEST_IMPORT:
                problems.append(_too_many(name, len(parts)))
                return
            for part in parts:
                with packed.open(part) as file:
                    # One byte more than may be: what lies about its size is refused all the same.
                    yield visible(part.filename, limit=200), file.read(LARGEST_FILE + 1)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        problems.append(Problem(name, "is a damaged or locked ZIP", "pack it anew", _SLUG))


def _too_many(name: str, count: int) -> Problem:
    what = f"holds {count} files, or more bytes than are read at once"
    return Problem(name, what, f"bring at most {MOST_FILES} at once", _SLUG)


def _is_policy(name: str) -> bool:
    base = name.rpartition("/")[2]
    is_hidden = base.startswith((".", "__")) or "__MACOSX" in name
    return base.lower().endswith(_ENDINGS) and not is_hidden and base.lower() != "readme.md"
