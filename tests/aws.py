"""Moto's server: AWS's interface on this machine, with IAM's own rules of access when wanted."""

import json
import logging
import urllib.request
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import inf
from typing import Any

import boto3

from reperform.connectors.settings import Access

ACCOUNT, REGION = "123456789012", "eu-central-1"


@dataclass(frozen=True)
class Aws:
    """A server, and how to fill it."""

    address: str

    def client(self, service: str, region: str = REGION) -> Any:  # noqa: ANN401 - untyped library
        return boto3.client(
            service,
            region_name=region,
            endpoint_url=self.address,
            aws_access_key_id="AKIAFILLSTHESERVER00",
            aws_secret_access_key="any will do",
        )

    def access(self, **more: object) -> Access:
        """Return a connection's settings; `key` and `secret` are of whom it asks as."""
        settings = {
            "account": ACCOUNT,
            "regions": [REGION],
            "access_key_id": "AKIAASKS000000000000",
            "endpoint": self.address,
        }
        return Access({**settings, **more}, {"secret_access_key": "any will do"})

    def reset(self) -> None:
        """Empty it, and let everybody do everything."""
        self.enforce(after=inf)
        self._post("/moto-api/reset", b"")

    def enforce(self, *, after: float = 0) -> None:
        """Let IAM's policies decide, after so many calls more; infinity: never."""
        self._post("/moto-api/reset-auth", str(after).encode())

    def somebody(self, *actions: str) -> Access:
        """Return the settings of a new user who may do these actions, and nothing else."""
        iam = self.client("iam")
        iam.create_user(UserName="asks")
        policy = {"Statement": [{"Effect": "Allow", "Action": list(actions), "Resource": "*"}]}
        iam.put_user_policy(
            UserName="asks",
            PolicyName="p",
            PolicyDocument=json.dumps({"Version": "2012-10-17", **policy}),
        )
        key = iam.create_access_key(UserName="asks")["AccessKey"]
        access = self.access(access_key_id=key["AccessKeyId"])
        return Access(access.settings, {"secret_access_key": key["SecretAccessKey"]})

    def _post(self, path: str, body: bytes) -> None:
        said = {"Content-Type": "text/plain"}
        request = urllib.request.Request(self.address + path, body, said)  # noqa: S310 - our own server
        with urllib.request.urlopen(request):  # noqa: S310 - our own server
            pass


@contextmanager
def server() -> Iterator[Aws]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from moto.server import ThreadedMotoServer  # noqa: PLC0415 - slow, and warns

        logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
        moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        moto.start()
    host, port = moto.get_host_and_port()
    found = Aws(f"http://{host}:{port}")
    try:
        yield found
    finally:
        moto.stop()
