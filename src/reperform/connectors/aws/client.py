"""Asking an account of AWS through its own client library: each page as it came, to the last."""

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from reperform.base.canonical import canonical_json
from reperform.connectors.answer import Answer
from reperform.connectors.aws.library import AwsError, SaidNo, library, method_of, words
from reperform.connectors.aws.replies import is_whole
from reperform.connectors.calls.opening import refuse_host
from reperform.connectors.settings import Access

_REGIONLESS = "us-east-1"
_WAITS = (1, 2, 4, 8, 15, 30)


class Account:
    """One account, asked with the credentials of a connection.

    Args:
        access: `account`, and how it is reached.
        sleep: waits so many seconds.
    """

    def __init__(self, access: Access, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._access, self._sleep = access, sleep
        self._raw: list[bytes] = []
        self._clients: dict[tuple[str, str], Any] = {}
        self._session: Any = None
        self.number = access.text("account")

    def close(self) -> None:
        """Close every connection."""
        for client in self._clients.values():
            client.close()
        self._clients.clear()

    def observed(self, region: str = "", **more: object) -> Answer:
        """Return who asked which account and when; every question begins with it.

        Args:
            region: where is asked; empty for what has no region.
            more: what else the shaping must know.

        Raises:
            AwsError: the credentials are not known, or are of another account.
        """
        try:
            ((_, raw),) = self._called("sts", "GetCallerIdentity", _REGIONLESS, {})
        except SaidNo as error:
            what = self._access.hide(f"{error.code}: {error.said}")
            raise AwsError(
                f"account {self.number} was not asked: {what}",
                "make a new access key, or renew the session, and give it to the connection",
            ) from error
        said = raw.decode("utf-8", errors="replace")
        found = _between(said, "<Account>", "</Account>")
        if found != self.number:
            raise AwsError(
                f"account {self.number} was not asked: the credentials are of account {found}",
                "name the account that the credentials are of, or give those of the other",
            )
        now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
        arn = _between(said, "<Arn>", "</Arn>")
        facts = {"at": now, "account": found, "as": arn, "region": region, **more}
        return Answer("observed", "clock, sts:GetCallerIdentity", [canonical_json(facts)])

    def answers(
        self,
        service: str,
        operation: str,
        *,
        region: str = "",
        absent: tuple[str, ...] = (),
        label: str = "",
        **asked: object,
    ) -> Iterator[Answer]:
        """Yield the answer to one call, a page each; or why it was refused, or is absent.

        Args:
            service: as AWS's client library names it, such as `iam`.
            operation: such as `GetAccountSummary`.
            region: where; empty for a service that has none.
            absent: error codes that mean that there is nothing of the kind.
            label: tells several calls of the operation from each other.
            asked: parameters.

        Raises:
            AwsError: it did not answer to the end.
        """
        place = region or _REGIONLESS
        name = " ".join(filter(None, (f"{service}.{operation}", region, label)))
        request = f"{service}:{operation} in {place} {canonical_json(asked).decode()}"
        number = 0
        try:
            for number, raw in self._called(service, operation, place, asked):
                yield Answer(f"{name} page {number}", request, [raw])
        except SaidNo as error:
            if number == 0 and error.code in absent:
                yield Answer(name, request, absent=f"{error.code}: {error.said}")
            elif error.is_denied:
                yield Answer(
                    name, request, refused=self._access.hide(f"{error.code}: {error.said}")
                )
            else:
                raise AwsError(f"{name} was not answered: {error.code}: {error.said}") from error

    def content(self, bucket: str, key: str, *, most: int) -> tuple[bytes, str]:
        """Return an object of a bucket, and why it was refused: one of them is empty.

        Raises:
            AwsError: it did not come to its end.
        """
        found = library()
        try:
            reply = self._client("s3", _REGIONLESS).get_object(Bucket=bucket, Key=key)
            if reply["ContentLength"] > most:
                return b"", f"is larger than {most:,} bytes"
            return reply["Body"].read(), ""
        except found.ClientError as error:
            no = SaidNo(error)
            if no.is_denied or no.code == "NoSuchKey":
                return b"", self._access.hide(f"{no.code}: {no.said}")
            raise AwsError(f"{key} was not read: {no.code}: {no.said}") from error
        except (found.BotoCoreError, OSError) as error:
            raise AwsError(f"{key} was not read: {self._access.hide(words(error))}") from error

    def wait_for(self, is_done: Callable[[], bool]) -> bool:
        """Return whether it was done within a minute."""
        for seconds in _WAITS:
            if is_done():
                return True
            self._sleep(seconds)
        return is_done()

    def _called(
        self, service: str, operation: str, region: str, asked: Mapping[str, object]
    ) -> Iterator[tuple[int, bytes]]:
        """Yield number and raw bytes of each page.

        Raises:
            SaidNo: AWS answered with an error.
            AwsError: it did not answer, or not with what can be read.
        """
        found = library()
        client = self._client(service, region)
        method = method_of(operation)
        try:
            calls = (
                client.get_paginator(method).paginate(**asked)
                if client.can_paginate(method)
                else (getattr(client, method)(**each) for each in (asked,))
            )
            for number, _ in enumerate(calls, start=1):
                raw = self._raw[-1]
                self._raw.clear()
                if not is_whole(raw):
                    raise AwsError(f"{service}:{operation} was cut off on page {number}")
                yield number, raw
        except found.ClientError as error:
            raise SaidNo(error) from error
        except found.BotoCoreError as error:
            said = self._access.hide(words(error))
            raise AwsError(f"{service}:{operation} was not answered: {said}") from error
        except KeyError as error:  # the library looks for an element that is not there
            what = f"{service}:{operation} was answered in another form: it has no {error}"
            raise AwsError(what) from error
        finally:
            self._raw.clear()

    def _client(self, service: str, region: str) -> Any:  # noqa: ANN401 - made from AWS's models
        if (service, region) not in self._clients:
            client = self._make(self._in_role() or self._opened(), service, region)
            events, kind = client.meta.events, client.meta.service_model.service_id.hyphenize()
            events.register(f"before-parse.{kind}", self._keep)
            if self._access.text("endpoint"):
                events.register(f"request-created.{kind}", self._stay)
            self._clients[service, region] = client
        return self._clients[service, region]

    def _keep(self, response_dict: Mapping[str, Any], **_: object) -> None:
        body = response_dict["body"]
        if isinstance(body, bytes):
            self._raw.append(body)

    def _stay(self, request: Any, **_: object) -> None:  # noqa: ANN401 - untyped library
        """Send a request to the server that was named, which has no name for each account."""
        there = urlsplit(self._access.text("endpoint"))
        request.url = urlsplit(request.url)._replace(netloc=there.netloc).geturl()

    def _opened(self) -> Any:  # noqa: ANN401 - untyped library
        if self._session is None:
            access = self._access
            key = access.text("access_key_id")
            self._session = library().session(key, access.secret("secret_access_key"))
        return self._session

    def _in_role(self) -> Any:  # noqa: ANN401 - untyped library
        """Return a session in the role that is to be taken; None when none is."""
        role = self._access.text("role_arn")
        if not role or self._clients:
            return None
        found = library()
        asked = {"RoleArn": role, "RoleSessionName": "reperform"}
        if external := self._access.secret("external_id"):
            asked["ExternalId"] = external
        try:
            asker = self._make(self._opened(), "sts", _REGIONLESS)
            taken = asker.assume_role(**asked)["Credentials"]
            asker.close()
        except (found.ClientError, found.BotoCoreError) as error:
            said = self._access.hide(words(error))
            raise AwsError(f"the role {role} was not taken: {said}") from error
        self._session = found.session(
            taken["AccessKeyId"], taken["SecretAccessKey"], taken["SessionToken"]
        )
        return self._session

    def _make(self, session: Any, service: str, region: str) -> Any:  # noqa: ANN401 - untyped library
        endpoint = self._access.text("endpoint")
        if endpoint:
            refuse_host(urlsplit(endpoint).hostname or "", self._access.private)
        config = library().Config(
            retries={"mode": "standard", "max_attempts": 8},
            connect_timeout=10,
            read_timeout=60,
            inject_host_prefix=not endpoint,
            s3={"addressing_style": "path"} if endpoint else None,
        )
        try:
            return session.create_client(
                service, region_name=region, endpoint_url=endpoint or None, config=config
            )
        except (library().BotoCoreError, ValueError) as error:
            raise AwsError(f"{service} cannot be asked in {region}: {words(error)}") from error


def _between(text: str, begins: str, ends: str) -> str:
    return text.partition(begins)[2].partition(ends)[0]
