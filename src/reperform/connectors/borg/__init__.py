"""BorgBackup: a repository of backups: what is in it, whether it is whole, whether it restores."""

from reperform.connectors.answer import Question, Source
from reperform.connectors.borg import backups, place, restore
from reperform.connectors.borg.program import archives_of, listed
from reperform.connectors.contract import (
    Asking,
    Check,
    Connector,
    Finding,
    Grant,
    Permission,
    Stream,
)
from reperform.connectors.settings import Access, Setting, SettingKind

_READ = "read"
_BACKUPS = Source("borg/backups", backups.TABLES, backups.shape, backups.covers, backups.BLIND)
_RESTORE = Source("borg/restore", restore.TABLES, restore.shape, restore.covers, restore.BLIND)


def _questions(access: Access, asking: Asking) -> list[Question]:
    target = access.text("repository")
    asked = [Question(_RESTORE.stream, target, lambda: restore.ask(access))]
    span = backups.span(asking, asking.cursor(_BACKUPS.stream, target))
    if span:
        said = {"first": str(span[0]), "last": str(span[1])}
        asked.append(Question(_BACKUPS.stream, target, lambda: backups.ask(access, *span), said))
    return asked


def _check(access: Access) -> Check:
    count = len(archives_of(listed(access)))
    return Check(
        f"{access.text('repository')}: {count:,} archives", (Finding(_READ, Grant.GRANTED),)
    )


CONNECTOR = Connector(
    name="borg",
    title="BorgBackup",
    asks="One repository: its archives, a check of it, and a restore of the newest archive into an"
    " empty folder that is compared and removed. No archive, lock or cache is written.",
    blind="backups by other means; other repositories; a repository that was set back whole to an "
    "earlier state, since nothing of it is remembered from one collection to the next",
    permissions=(Permission(_READ, "the repository's files, and its passphrase"),),
    settings=(
        Setting(
            "repository",
            "Repository",
            "a folder by its absolute path, ssh://USER@HOST:PORT/PATH, or USER@HOST:PATH",
            flaw=place.flaw,
            path=place.folder,
        ),
        Setting(
            "passphrase",
            "Passphrase",
            "of the repository; leave it empty when it has none",
            is_secret=True,
            is_required=False,
        ),
        Setting(
            "most_bytes",
            "Largest restore",
            "bytes that a restore may take on this machine; a larger archive is refused",
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
