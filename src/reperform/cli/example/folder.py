"""Where the example's files are, and reading them."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import reperform
from reperform.base.front_matter import load_yaml
from reperform.base.refusal import RefusalError


class ExampleMissingError(RefusalError):
    """The example's files are not there."""

    slug = "example-missing"


def example_folder(name: str = "larkspur") -> Path:
    """Return the folder of an example: in the wheel, or in the checkout.

    Raises:
        ExampleMissingError: it is in neither place.
    """
    package = Path(reperform.__file__).resolve().parent
    for folder in (package / "_examples", package.parents[1] / "examples"):
        if (folder / name / "people.yaml").is_file():
            return folder / name
    raise ExampleMissingError(
        f"the example was not found: {package / '_examples' / name} does not exist",
        why="What the demo shows is acted out from its files.",
        todo="install reperform again",
    )


def example_digest(folder: Path) -> str:
    """Return a digest over every file of an example: it tells whether one was made from these."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(f"{path.relative_to(folder).as_posix()}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def read_yaml(folder: Path, name: str) -> dict[str, Any]:
    """Return what a YAML file of the example says.

    Raises:
        FrontMatterError: it is not YAML.
    """
    content = load_yaml((folder / name).read_text("utf-8"), where=name)
    assert isinstance(content, dict), name  # noqa: S101 - our own file; a test reads every one
    return {str(field): plain(value) for field, value in content.items()}


def plain(value: Any) -> Any:  # noqa: ANN401 - YAML and JSON hold any value
    """Return a value of YAML as JSON would have it: days become texts."""
    if isinstance(value, Mapping):
        return {str(name): plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


def moment(text: str) -> datetime:
    """Return a time of the example, which is UTC.

    >>> str(moment("2025-04-07 09:00"))
    '2025-04-07 09:00:00+00:00'
    """
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
