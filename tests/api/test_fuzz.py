"""Whatever is sent, the API answers with what its description says, and never breaks."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.conftest import AT, Program
from filled import fill
from reperform.accounts.models import Organization
from reperform.server.wsgi import application

pytestmark = pytest.mark.django_db

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
# Made-up tokens would end at the door; test_access.py tries those.
schema.config.generation.update(with_security_parameters=False)


@pytest.fixture
def caller(program: Callable[..., Program], larkspur: Organization, tmp_path: Path) -> Program:
    fill(larkspur, tmp_path, at=AT)
    return program()


def test_the_description_is_openapi() -> None:
    """Validated against the specification's own JSON Schema."""
    schema.validate()


# Schemathesis' client does not close what it was sent: the file, of an answer that is one.
@pytest.mark.filterwarnings("ignore:.*unclosed file:pytest.PytestUnraisableExceptionWarning")
@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")
@schema.parametrize()
@settings(
    max_examples=6,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_one_that_is_described(case: Any, caller: Program) -> None:  # noqa: ANN401 - schemathesis has no public type
    """Status, content type, headers and body are those of the description, and never 5xx."""
    headers = {"Authorization": f"Bearer {caller.secret}", "Accept-Encoding": "identity"}

    case.call_and_validate(headers=headers, checks=CHECKS)
