"""aws/images: what lies in the registry of a region, and what its scans found."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from reperform.base.table import Cover
from reperform.connectors.answer import Answer, Kept, Row
from reperform.connectors.aws.client import Account
from reperform.connectors.aws.replies import (
    Asked,
    Page,
    asked_of,
    at_seconds,
    each,
    inside,
    number,
    pages,
    read,
    texts,
    truth,
)
from reperform.connectors.aws.tables import IMAGES
from reperform.connectors.kept import said, state_covers

TABLES = (IMAGES,)
NEEDS = ("ecr:DescribeRepositories", "ecr:DescribeImages")
BLIND = (
    "which of the images run; other registries; each weakness by its name, which Inspector says; a "
    "scan that was made for the whole registry, where a repository's own setting says no"
)
_REPOSITORIES, _IMAGES = "ecr.DescribeRepositories", "ecr.DescribeImages"


def ask(account: Account, region: str) -> Iterator[Answer]:
    """Yield the repositories of a region, and the images of each."""
    yield account.observed(region)
    names: list[str] = []
    for answer in account.answers("ecr", "DescribeRepositories", region=region):
        body = b"".join(answer.body)
        yield answer if answer.refused else Answer(answer.name, answer.asked, [body])
        listed = each(read(body), "repositories") if body else []
        names += [name for one in listed for name in texts(one, "repositoryName")]
    for name in names:
        yield from account.answers(
            "ecr", "DescribeImages", region=region, label=f"of {name}", repositoryName=name
        )


def shape(answers: Sequence[Kept]) -> Iterator[Row]:
    """Yield each image, and a repository without one."""
    asked = asked_of(answers)
    for page in pages(answers, _REPOSITORIES):
        for one in each(page.values, "repositories"):
            name = said(one["repositoryName"])
            own = list(pages(answers, f"{_IMAGES} {asked.region} of {name}"))
            told = {
                "region": asked.region,
                "repository": name,
                "is_scanned_on_push": truth(
                    inside(one, "imageScanningConfiguration", "scanOnPush")
                ),
                "is_immutable": {"IMMUTABLE": True, "MUTABLE": False}.get(
                    str(one.get("imageTagMutability"))
                ),
            }
            images = [(each_page, image) for each_page in own for image in _images(each_page)]
            for found, image in images:
                yield _image(found, asked, told, image)
            if not images:
                yield page.row(IMAGES.name, name, **asked.told, **told)


def _images(page: Page) -> list[dict[str, Any]]:
    return each(page.values, "imageDetails")


def _image(page: Page, asked: Asked, told: dict[str, Any], image: dict[str, Any]) -> Row:
    digest = said(image["imageDigest"])
    summary = image.get("imageScanFindingsSummary")
    counts = inside(summary, "findingSeverityCounts")
    is_counted = isinstance(counts, dict)
    return page.row(
        IMAGES.name,
        digest,
        **asked.told,
        **told,
        image=digest,
        tags=said(", ".join(sorted(texts(image, "imageTags")))),
        pushed_at=at_seconds(image.get("imagePushedAt")),
        scan=said(inside(image, "imageScanStatus", "status")),
        scanned_at=at_seconds(inside(summary, "imageScanCompletedAt")),
        critical=number(counts.get("CRITICAL", 0)) if is_counted else None,
        high=number(counts.get("HIGH", 0)) if is_counted else None,
    )


def covers(answers: Sequence[Kept], started_at: datetime) -> dict[str, Cover]:
    """Return the day of asking, unless a repository would not say what it holds."""
    return state_covers(answers, started_at, {IMAGES.name: (_REPOSITORIES, _IMAGES)})
