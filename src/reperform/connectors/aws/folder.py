"""cloudtrail/files: delivered files of CloudTrail in a folder of this machine."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from reperform.base.canonical import canonical_json
from reperform.connectors.answer import Answer, Question, Source
from reperform.connectors.aws import delivered
from reperform.connectors.contract import (
    Asking,
    Check,
    Connector,
    Finding,
    Grant,
    Permission,
    Stream,
)
from reperform.connectors.folder import (
    BOUNDS,
    bound_settings,
    bounds_of,
    find_within,
    names_below,
)
from reperform.connectors.settings import Access, Setting, SettingKind
from reperform.connectors.unpacked import Bounds

STREAM = "cloudtrail/files"
_ENDINGS = (".json", ".json.gz", ".jsonl", ".jsonl.gz")
_READ = "read"

SOURCE = Source(STREAM, delivered.TABLES, delivered.shape, delivered.COVERS, delivered.BLIND)


def question(folder: Path, bounds: Bounds = BOUNDS) -> Question:
    """Return the question for every delivered file below a folder."""
    return Question(STREAM, str(folder), lambda: _ask(folder, bounds))


def _ask(folder: Path, bounds: Bounds) -> Iterator[Answer]:
    names = names_below(folder)
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
    logs = [name for name in names if name.endswith(_ENDINGS)]
    facts = {"at": now, "files": len(logs), "others": len(names) - len(logs)}
    yield Answer("observed", "clock, names of files", [canonical_json(facts)])
    for name in logs:
        path = folder / name
        yield delivered.answer(name, str(path), find_within(path, bounds.most), bounds)


def _questions(access: Access, _: Asking) -> list[Question]:
    return [question(Path(access.text("folder")), bounds_of(access))]


def _check(access: Access) -> Check:
    folder = Path(access.text("folder"))
    logs = [name for name in names_below(folder) if name.endswith(_ENDINGS)]
    return Check(f"{folder}: {len(logs):,} files", (Finding(_READ, Grant.GRANTED),))


CONNECTOR = Connector(
    name="cloudtrail",
    title="CloudTrail files in a folder",
    asks="Every delivered file of CloudTrail below a folder, packed or not, of any number of"
    " accounts and regions, and the digest files beside them.",
    blind=delivered.BLIND,
    permissions=(Permission(_READ, "the folder and the files below it"),),
    settings=(
        Setting(
            "folder",
            "Folder of the files",
            "absolute path, as `aws s3 sync s3://BUCKET/AWSLogs FOLDER` filled it: with the folders"
            " CloudTrail and CloudTrail-Digest",
            SettingKind.PATH,
        ),
        *bound_settings(),
    ),
    streams=(Stream(SOURCE, needs=(_READ,)),),
    questions=_questions,
    check=_check,
    is_local=True,
)
