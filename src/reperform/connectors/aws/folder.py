"""cloudtrail/files: delivered files of CloudTrail in a folder of this machine."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from reperform.base.canonical import canonical_json
from reperform.connectors.answer import Answer, Question, Source
from reperform.connectors.aws import delivered
from reperform.connectors.aws.digests import LOG
from reperform.connectors.contract import (
    Asking,
    Check,
    Connector,
    Finding,
    Grant,
    Permission,
    Stream,
)
from reperform.connectors.folder import names_below, read_within
from reperform.connectors.settings import Access, Setting, SettingKind

STREAM = "cloudtrail/files"
_ENDINGS = (".json", ".json.gz", ".jsonl", ".jsonl.gz")
_LARGEST = 256 << 20
_READ = "read"

SOURCE = Source(STREAM, delivered.TABLES, delivered.shape, delivered.covers_files, delivered.BLIND)


def question(folder: Path) -> Question:
    """Return the question for every delivered file below a folder."""
    return Question(STREAM, str(folder), lambda: _ask(folder))


def _ask(folder: Path) -> Iterator[Answer]:
    names = names_below(folder)
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
    logs = [name for name in names if name.endswith(_ENDINGS)]
    facts = {"at": now, "files": len(logs), "others": len(names) - len(logs)}
    yield Answer("observed", "clock, names of files", [canonical_json(facts)])
    for name in logs:
        yield _file(folder, name)


def _file(folder: Path, name: str) -> Answer:
    path = folder / name
    raw, refused = read_within(path, _LARGEST)
    if refused:
        return Answer(f"{LOG}{name}", str(path), refused=refused)
    return delivered.answer(name, str(path), raw)


def _questions(access: Access, _: Asking) -> list[Question]:
    return [question(Path(access.text("folder")))]


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
    ),
    streams=(Stream(SOURCE, needs=(_READ,)),),
    questions=_questions,
    check=_check,
    is_local=True,
)
