"""Whatever is sent, the API answers with what its description says, and never breaks."""

from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings

from api.conftest import Program
from reperform.server.wsgi import application

pytestmark = pytest.mark.django_db

schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)


@pytest.fixture
def caller(program: Callable[..., Program]) -> Program:
    return program()


@schema.parametrize()
@settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_no_operation_breaks(case: Any, caller: Program) -> None:  # noqa: ANN401 - schemathesis has no public type
    answer = case.call(headers={"Authorization": f"Bearer {caller.secret}"})

    assert answer.status_code < 500, answer.text
