"""Files that people brought, and whether they are still what they were."""

from pathlib import Path

from reperform.accounts.models import Organization
from reperform.base.canonical import sha256_hex
from reperform.base.refusal import RefusalError
from reperform.ledger.home import home
from reperform.program.models import KeptFile

SALT_BYTES = 32


class FileLostError(RefusalError):
    """A kept file is gone, or is not what it was."""

    slug = "file-lost"


def kept_file(organization: Organization, number: int) -> KeptFile | None:
    """Return a file of an organization; None when it has none of that number."""
    return KeptFile.objects.filter(organization=organization, number=number).first()


def file_path(file: KeptFile) -> Path:
    """Return where a file lies: 32 random bytes, then the content."""
    return home() / "files" / file.organization.log / file.blob[:2] / file.blob


def file_content(file: KeptFile) -> bytes:
    """Return a file byte for byte, after its digest was compared.

    Raises:
        FileLostError: it is gone, or is not what it was.
    """
    path = file_path(file)
    salted = path.read_bytes() if path.is_file() else b""
    if sha256_hex(salted) != file.blob:
        gone = "is not what was kept" if salted else "is gone"
        raise FileLostError(
            f"{file.name} was not handed out: it {gone}",
            why="A proof that changed after it was kept proves nothing.",
            todo=f"put back the file {path.name} from a backup of the installation's folder",
        )
    return salted[SALT_BYTES:]
