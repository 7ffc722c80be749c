"""restic: a repository of backups: what is in it, whether it is whole, and whether it restores."""

import json

from reperform.connectors.answer import Question, Source
from reperform.connectors.contract import (
    Asking,
    Check,
    Connector,
    Finding,
    Grant,
    Permission,
    Stream,
)
from reperform.connectors.restic import backups, place, restore
from reperform.connectors.restic.program import opened
from reperform.connectors.settings import Access, Setting, SettingKind

_READ = "read"
_BACKUPS = Source("restic/backups", backups.TABLES, backups.shape, backups.covers, backups.BLIND)
_RESTORE = Source("restic/restore", restore.TABLES, restore.shape, restore.covers, restore.BLIND)


def _questions(access: Access, asking: Asking) -> list[Question]:
    target = access.text("repository")
    asked = [Question(_RESTORE.stream, target, lambda: restore.ask(access))]
    span = backups.span(asking, asking.cursor(_BACKUPS.stream, target))
    if span:
        said = {"first": str(span[0]), "last": str(span[1])}
        asked.append(Question(_BACKUPS.stream, target, lambda: backups.ask(access, *span), said))
    return asked


def _check(access: Access) -> Check:
    listed = json.loads(opened(access, "--json", "snapshots")) or []
    reached = f"{access.text('repository')}: {len(listed):,} snapshots"
    return Check(reached, (Finding(_READ, Grant.GRANTED),))


CONNECTOR = Connector(
    name="restic",
    title="restic backups",
    asks="One repository: its snapshots, a check of it, and a restore of the newest snapshot into"
    " an empty folder that is compared and removed. Nothing is written to the repository.",
    blind="backups by other means; other repositories",
    permissions=(Permission(_READ, "the repository's files, and its password"),),
    settings=(
        Setting(
            "repository",
            "Repository",
            "as restic -r takes it: a folder by its absolute path, sftp:..., rest:..., s3:...",
            flaw=place.flaw,
            path=place.folder,
        ),
        Setting("password", "Password", "of the repository", is_secret=True),
        Setting(
            "most_bytes",
            "Largest restore",
            "bytes that a restore may take on this machine; a larger snapshot is refused",
            SettingKind.NUMBER,
            default="10000000000",
        ),
    ),
    streams=(
        Stream(_BACKUPS, needs=(_READ,), cursor=backups.cursor),
        Stream(_RESTORE, needs=(_READ,)),
    ),
    questions=_questions,
    check=_check,
)

__all__ = ["CONNECTOR"]
