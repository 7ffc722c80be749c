"""aws/delivered: the files that CloudTrail delivered to a bucket, day by day."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from reperform.connectors.answer import Answer
from reperform.connectors.aws import delivered
from reperform.connectors.aws.client import Account
from reperform.connectors.aws.replies import each, read, texts
from reperform.connectors.folder import Found
from reperform.connectors.unpacked import Bounds

NEEDS = ("s3:ListBucket", "s3:GetObject")
_LARGEST = 256 << 20
_BOUNDS = Bounds(most=8 << 30, times=200)
"""CloudTrail packs about ten to one, into files of a few megabytes."""
_ACCOUNT = re.compile(r"\d{12}/", re.ASCII)
_ORGANIZATION = re.compile(r"o-[a-z0-9]+/", re.ASCII)
_KINDS = ("CloudTrail/", "CloudTrail-Digest/")


def ask(
    account: Account, *, bucket: str, prefix: str, first: date, last: date, is_continued: bool
) -> Iterator[Answer]:
    """Yield every log and digest file that was delivered on some days, of every account.

    Args:
        account: whose credentials ask.
        bucket: where CloudTrail delivers to.
        prefix: what comes before `AWSLogs/`; empty, or with `/` at its end.
        first: first day of delivery.
        last: last day of delivery.
        is_continued: the day before `first` is collected already.
    """
    facts = {"continues": str(first)} if is_continued else {}
    yield account.observed("", first=str(first), last=str(last), **facts)
    lister = _Lister(account, bucket)
    for place in lister.places(f"{prefix}AWSLogs/"):
        yield from lister.listings()
        for day in _days(first, last):
            for key in lister.keys(f"{place}{day:%Y/%m/%d}/"):
                yield from lister.listings()
                raw, refused = account.content(bucket, key, most=_LARGEST)
                found = Found(refused=refused) if refused else Found(len(raw), [raw])
                yield delivered.answer(key, f"s3://{bucket}/{key}", found, _BOUNDS)
            yield from lister.listings()
    yield from lister.listings()


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += timedelta(days=1)


class _Lister:
    """Lists of a bucket, each kept as an answer before what it names is asked for."""

    def __init__(self, account: Account, bucket: str) -> None:
        self._account, self._bucket = account, bucket
        self._held: list[Answer] = []

    def listings(self) -> list[Answer]:
        """Return the lists since the last time."""
        held, self._held = self._held, []
        return held

    def places(self, root: str) -> Iterator[str]:
        """Yield the folder of each account and region, of logs and of digests."""
        for account in self._accounts(root):
            for kind in _KINDS:
                yield from self._folders(f"{account}{kind}")

    def keys(self, prefix: str) -> list[str]:
        """Return the names of the objects in a folder of a day."""
        return [
            key
            for body in self._pages(prefix, "")
            for found in each(read(body), "Contents")
            for key in texts(found, "Key")
            if not key.endswith("/")
        ]

    def _accounts(self, root: str) -> Iterator[str]:
        for folder in self._folders(root):
            name = folder.removeprefix(root)
            if _ACCOUNT.fullmatch(name):
                yield folder
            elif _ORGANIZATION.fullmatch(name):
                inner = self._folders(folder)
                yield from (each_one for each_one in inner if _ACCOUNT.search(each_one))

    def _folders(self, prefix: str) -> list[str]:
        return [
            folder
            for body in self._pages(prefix, "/")
            for found in each(read(body), "CommonPrefixes")
            for folder in texts(found, "Prefix")
        ]

    def _pages(self, prefix: str, delimiter: str) -> Iterator[bytes]:
        answers = self._account.answers(
            "s3",
            "ListObjectsV2",
            label=f"of {prefix}",
            Bucket=self._bucket,
            Prefix=prefix,
            Delimiter=delimiter,
        )
        for answer in answers:
            body = b"".join(answer.body)
            kept = answer if answer.refused else Answer(answer.name, answer.asked, [body])
            self._held.append(kept)
            yield body
