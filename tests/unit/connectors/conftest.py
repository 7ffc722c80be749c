"""Servers that the tests of connectors share: each is started once."""

from collections.abc import Iterator

import pytest

from aws import Aws, server


@pytest.fixture(scope="session")
def moto() -> Iterator[Aws]:
    """AWS's interface; what one test leaves in it, `aws` removes."""
    with server() as found:
        yield found


@pytest.fixture
def aws(moto: Aws) -> Aws:
    """AWS's interface, empty, and without rules of access."""
    moto.reset()
    return moto
