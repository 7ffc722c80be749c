"""git as a connector: a repository on this machine."""

from pathlib import Path

from reperform.connectors.answer import Question
from reperform.connectors.contract import (
    Asking,
    Check,
    Connector,
    Finding,
    Grant,
    Permission,
    Stream,
)
from reperform.connectors.git.ask import question
from reperform.connectors.git.describe import describe
from reperform.connectors.git.source import SOURCE
from reperform.connectors.settings import Access, Setting, SettingKind

_READ = "read the repository's folder"


def _questions(access: Access, _: Asking) -> list[Question]:
    keys = access.text("signing_keys")
    return [
        question(
            Path(access.text("repository")),
            branch=access.text("branch") or None,
            signing_keys=Path(keys) if keys else None,
        )
    ]


def _check(access: Access) -> Check:
    found = describe(Path(access.text("repository")), branch=access.text("branch") or None)
    reached = f"{found.name}, {found.release_branch}, {found.commits:,} commits"
    return Check(reached, (Finding(_READ, Grant.GRANTED),))


CONNECTOR = Connector(
    name="git",
    title="Git repository",
    asks="The whole history of one repository on this machine: commits, tags, moves of branches,"
    " code owners, and signatures when it is given the keys.",
    blind=SOURCE.blind,
    permissions=(Permission(_READ, "git opens only repositories of the user who asks"),),
    settings=(
        Setting(
            "repository",
            "Folder of the repository",
            "its absolute path on the machine that asks; bare or not",
            SettingKind.PATH,
        ),
        Setting(
            "branch",
            "Release branch",
            "the branch that is released from; empty for the one that is checked out",
            is_required=False,
        ),
        Setting(
            "signing_keys",
            "Keys to verify signatures",
            "a file of OpenPGP public keys or SSH allowed signers; empty leaves them unchecked",
            SettingKind.PATH,
            is_required=False,
        ),
    ),
    streams=(Stream(SOURCE, needs=(_READ,)),),
    questions=_questions,
    check=_check,
    is_local=True,
)
