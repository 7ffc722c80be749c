"""AWS's client library, loaded when something is asked, and what can go wrong with it."""

from functools import cache
from typing import Any

from reperform.connectors.answer import NotCollectedError

_DENIED = {
    "AccessDenied",
    "AccessDeniedException",
    "AllAccessDisabled",
    "UnauthorizedOperation",
    "AuthorizationError",
    "OptInRequired",
    "UnrecognizedClientException",
}
"""What an account says to a permission that is lacking: one answer is refused, others are not."""


class AwsError(NotCollectedError):
    """AWS was not reached, did not know who asks, or did not answer to the end."""

    slug = "aws-not-collected"

    def __init__(self, what: str, todo: str = "") -> None:
        super().__init__(
            what,
            why="An answer that stops before its end would pass for the whole.",
            todo=todo or "check the connection's settings and the network, then collect again",
        )


class SaidNo(Exception):  # noqa: N818 - an answer, not a failure
    """AWS answered with an error code."""

    def __init__(self, error: Any) -> None:  # noqa: ANN401 - untyped library
        said = error.response.get("Error", {})
        super().__init__(said)
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
        self.code = str(said.get("Code") or f"HTTP {status}")
        self.said = " ".join(str(said.get("Message") or "").split())[:300]
        self.is_denied = self.code in _DENIED or self.code in ("403", "HTTP 403")


class Library:
    """What is used of AWS's client library, which is loaded when something is asked."""

    def __init__(self) -> None:
        try:
            import botocore.config  # noqa: PLC0415 - an extra: importing a connector is cheap
            import botocore.exceptions  # noqa: PLC0415 - as above
            import botocore.loaders  # noqa: PLC0415 - as above
            import botocore.session  # noqa: PLC0415 - as above
        except ImportError as error:
            raise AwsError(
                "AWS was not asked: its client library is not installed",
                "install it: pip install 'reperform[aws]'",
            ) from error
        self._new_session = botocore.session.Session
        self._loader = botocore.loaders.create_loader()
        self.Config = botocore.config.Config
        self.ClientError = botocore.exceptions.ClientError
        self.BotoCoreError = botocore.exceptions.BotoCoreError

    def session(self, key: str, secret: str, token: str = "") -> Any:  # noqa: ANN401 - untyped library
        """Return what makes clients, with a key; the machine's own credentials where there is none.

        All of them share one loader: AWS describes each service in megabytes of JSON, which would
        be read again for each question.
        """
        found = self._new_session()
        found.register_component("data_loader", self._loader)
        if key:
            found.set_credentials(key, secret, token or None)
        return found


@cache
def library() -> Library:
    """Return the library.

    Raises:
        AwsError: it is not installed.
    """
    return Library()


def method_of(operation: str) -> str:
    """Return a method's name of the library.

    >>> method_of("GetEbsEncryptionByDefault"), method_of("DescribeDBInstances")
    ('get_ebs_encryption_by_default', 'describe_db_instances')
    """
    from botocore import xform_name  # noqa: PLC0415 - an extra, see Library

    return str(xform_name(operation))


def words(error: Exception) -> str:
    """Return what an error says, on one line."""
    return " ".join(str(error).split())[:300]
