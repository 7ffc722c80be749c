"""The bundle: one zip file that holds all it takes to check and run everything again.

See docs/spec/bundle.md.  A bundle comes from a stranger: `unpack_bundle` reads it as hostile.
"""

import hashlib
import json
import re
import shutil
import stat
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reperform.base.canonical import canonical_json
from reperform.base.problem import Problem
from reperform.base.refusal import RefusalError
from reperform.evidence.blobs import sha256_of

FORMAT = "reperform-bundle/1"
MANIFEST = "bundle.json"

LARGEST_TOTAL = 8 << 30
LARGEST_MANIFEST = 64 << 20
MOST_FILES = 500_000
# Evidence is text and packs well, but a large file that packs a thousandfold is a bomb.
SUSPICIOUS_SIZE, SUSPICIOUS_RATIO = 32 << 20, 200
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*", re.ASCII)
_WRITTEN_AT = (1980, 1, 1, 0, 0, 0)


class BundleRefusedError(RefusalError):
    """The file is not a bundle that can be read safely."""

    slug = "bundle-refused"


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A bundle's files in a folder, and what is wrong with them.

    Attributes:
        folder: holds every file of the manifest that was there.
        files: path -> SHA-256 as the manifest says.
        problems: files that are missing or differ from the manifest.
    """

    folder: Path
    files: dict[str, str]
    problems: tuple[Problem, ...]


def write_bundle(target: Path, folder: Path, names: Iterable[str]) -> None:
    """Write the files `names` under `folder`, and their manifest, as one zip file.

    The same files give the same bytes.  OSError passes through; `target` is then incomplete.
    """
    ordered = sorted(names)
    files = {
        name: {"sha256": sha256_of(folder / name), "size": (folder / name).stat().st_size}
        for name in ordered
    }
    manifest = canonical_json({"format": FORMAT, "files": files})
    with zipfile.ZipFile(target, "w", compression=zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_info(MANIFEST), manifest)
        for name in ordered:
            with (
                (folder / name).open("rb") as source,
                archive.open(_info(name), "w", force_zip64=True) as packed,
            ):
                shutil.copyfileobj(source, packed, 1 << 20)


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, date_time=_WRITTEN_AT)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    return info


def unpack_bundle(bundle: Path, folder: Path) -> Unpacked:
    """Unpack a bundle into `folder`, comparing every file with the manifest on the way.

    Raises:
        BundleRefusedError: it is not a zip file or not a bundle, or it holds what no bundle
            does: names that leave the folder, links, repeated or overlapping entries, encrypted
            entries, files that the manifest does not name, or more than it says.
    """
    try:
        # A device would be read without end before zipfile finds that it is no archive.
        if not stat.S_ISREG(bundle.stat().st_mode):
            raise _refused(bundle, "it is not a regular file")
        with zipfile.ZipFile(bundle) as archive:
            entries = _entries(bundle, archive)
            declared = _manifest(bundle, archive, entries)
            problems = [
                problem
                for name in sorted(declared)
                for problem in _unpack(archive, entries.get(name), name, declared[name], folder)
            ]
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise _refused(bundle, f"it cannot be read as a zip file ({reason})") from error
    extra = sorted(set(entries) - set(declared) - {MANIFEST})
    problems += [
        Problem(name, "the manifest does not name it", "ask who added it", "bundle-differs")
        for name in extra
    ]
    return Unpacked(
        folder=folder,
        files={name: entry["sha256"] for name, entry in declared.items()},
        problems=tuple(problems),
    )


def _refused(bundle: Path, what: str) -> BundleRefusedError:
    return BundleRefusedError(
        f"{bundle} was not checked: {what}",
        why="A file that is not built as a bundle is could show one thing and hold another.",
        todo="ask whoever gave it to you for the bundle.zip that `reperform quickstart` wrote",
    )


def _entries(bundle: Path, archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    infos = archive.infolist()
    if len(infos) > MOST_FILES:
        raise _refused(bundle, f"it has {len(infos):,} entries, more than {MOST_FILES:,}")
    total = sum(info.file_size for info in infos)
    if total > LARGEST_TOTAL:
        raise _refused(bundle, f"it would unpack to {total:,} bytes, more than {LARGEST_TOTAL:,}")
    entries: dict[str, zipfile.ZipInfo] = {}
    end = 0
    for info in sorted(infos, key=lambda info: info.header_offset):
        fault = _fault(info) or ("it is there twice" if info.filename in entries else "")
        if info.header_offset < end:
            fault = "it overlaps another entry"
        if fault:
            raise _refused(bundle, f"entry {info.filename[:100]!r}: {fault}")
        entries[info.filename] = info
        end = info.header_offset + info.compress_size
    return entries


def _fault(info: zipfile.ZipInfo) -> str:
    mode = info.external_attr >> 16
    if info.orig_filename != info.filename or not _NAME.fullmatch(info.filename):
        return "its name is not one that a bundle has"
    if mode and not stat.S_ISREG(mode) and stat.S_IFMT(mode):
        return "it is not an ordinary file"
    if info.flag_bits & 0x1:
        return "it is encrypted"
    if info.file_size > SUSPICIOUS_SIZE and info.file_size > SUSPICIOUS_RATIO * max(
        info.compress_size, 1
    ):
        return f"it unpacks {info.compress_size:,} bytes to {info.file_size:,}"
    return ""


def _manifest(
    bundle: Path, archive: zipfile.ZipFile, entries: dict[str, zipfile.ZipInfo]
) -> dict[str, dict[str, Any]]:
    if MANIFEST not in entries:
        raise _refused(bundle, f"it has no {MANIFEST}")
    if entries[MANIFEST].file_size > LARGEST_MANIFEST:
        raise _refused(bundle, f"{MANIFEST} is larger than {LARGEST_MANIFEST:,} bytes")
    try:
        manifest = json.loads(archive.read(MANIFEST))
    except (ValueError, RecursionError) as error:
        raise _refused(bundle, f"{MANIFEST} is not JSON") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise _refused(bundle, f"{MANIFEST} does not say that its format is {FORMAT}")
    files = manifest.get("files")
    if not isinstance(files, dict) or not all(map(_declares, files, files.values())):
        raise _refused(bundle, f"{MANIFEST} does not list files with sha256 and size")
    return files


def _declares(name: str, entry: object) -> bool:
    return (
        bool(_NAME.fullmatch(name))
        and isinstance(entry, dict)
        and isinstance(entry.get("sha256"), str)
        and isinstance(entry.get("size"), int)
    )


def _unpack(
    archive: zipfile.ZipFile,
    info: zipfile.ZipInfo | None,
    name: str,
    declared: dict[str, Any],
    folder: Path,
) -> list[Problem]:
    """Write one file; return how it differs from what the manifest says."""
    if info is None:
        return [Problem(name, "it is missing", "ask for the whole bundle", "bundle-differs")]
    target = folder / name
    target.parent.mkdir(parents=True, exist_ok=True)
    digest, left = hashlib.sha256(), info.file_size
    try:
        with archive.open(info) as packed, target.open("wb") as file:
            while left > 0 and (chunk := packed.read(min(1 << 20, left))):
                file.write(chunk)
                digest.update(chunk)
                left -= len(chunk)
    except (zipfile.BadZipFile, EOFError, zlib.error) as error:
        return [Problem(name, f"it cannot be unpacked ({error})", "ask again", "bundle-differs")]
    if digest.hexdigest() != declared["sha256"] or info.file_size != declared["size"]:
        what = f"its SHA-256 is {digest.hexdigest()}, the manifest says {declared['sha256'][:64]}"
        return [Problem(name, what, "ask who changed it", "bundle-differs")]
    return []
