"""The API's own description: OpenAPI 3.1 with every answer that an operation may give."""

from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from reperform.api.access import takes
from reperform.api.answers import Refused

_SCHEME = "token"
_REFUSED = "Refused"


EXAMPLES: Mapping[str, str | int] = MappingProxyType(
    {
        "number": 1,
        "condition": 1,
        "delivery": 1,
        "report": 1,
        "asset": 1,
        "field": "dc3.data",
        "code": "CHG-01",
        "criterion": "CC6.1",
        "test_id": "CHG-01.T1",
        "name": "report.pdf",
        "kind": "csv",
        "duty": "gdpr-33",
        "provider": "11111111-1111-4111-8111-111111111111",
        "group": "11111111-1111-4111-8111-111111111111",
        "policy": "access-control",
        "posting": 1,
        "population": "joiners",
        "checklist": "leaver-employee",
        "run": 1,
        "file": 1,
        "table": "git.tags",
        "path": "tile/entries/000.p/1",
    }
)
"""Part of a path -> what one looks like."""


class Description(OpenAPISchema):
    """OpenAPI, with the answers that come from what all operations have in common."""

    def operation_parameters(self, operation: Operation) -> list[dict[str, Any]]:
        """Return the parameters, those of the path each with an example."""
        found = super().operation_parameters(operation)
        for parameter in found:
            if parameter["in"] == "path" and parameter["name"] in EXAMPLES:
                parameter["example"] = EXAMPLES[parameter["name"]]
        return found

    def responses(self, operation: Operation) -> dict[int, dict[str, Any]]:
        """Return the operation's own answers, and the refusals that are everybody's."""
        found = super().responses(operation)
        self.schemas.setdefault(_REFUSED, Refused.model_json_schema(ref_template=_REF))
        self.add_schema_definitions(self.schemas[_REFUSED].pop("$defs", {}))
        refusal = {"application/json": {"schema": {"$ref": _REF.format(model=_REFUSED)}}}
        for status in refusals(operation):
            found.setdefault(status, {"description": HTTPStatus(status).phrase, "content": refusal})
        return dict(sorted(found.items()))

    def operation_security(self, operation: Operation) -> list[dict[str, Any]] | None:
        """Return the token, with the scope that the operation takes."""
        guards = [each for each in operation.auth_callbacks if isinstance(each, takes)]
        if not guards:
            return None
        self.securitySchemes[_SCHEME] = {
            "type": "http",
            "scheme": "bearer",
            "description": "A token of one organization, made under its settings.",
        }
        return [{_SCHEME: [guard.permission]} for guard in guards]


_REF = "#/components/schemas/{model}"


def refusals(operation: Operation) -> set[HTTPStatus]:
    """Return the statuses with which an operation may refuse."""
    found = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
    sources = {model.__ninja_param_source__ for model in operation.models}
    if "path" in sources:
        found.add(HTTPStatus.NOT_FOUND)
    if sources - {"path"}:
        found.add(HTTPStatus.UNPROCESSABLE_ENTITY)
    if sources:
        found.add(HTTPStatus.BAD_REQUEST)
    if sources & {"body", "form", "file"}:
        found.add(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    if "body" in sources:
        found.add(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    if _has_seen(operation):
        found.add(HTTPStatus.CONFLICT)
    return found


def _has_seen(operation: Operation) -> bool:
    """Return whether it takes the version that was seen."""
    return any(
        name == "seen" or "seen" in getattr(field.annotation, "model_fields", {})
        for model in operation.models
        for name, field in model.model_fields.items()
    )


class Api(NinjaAPI):
    """The API, which describes itself honestly."""

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """Return the description."""
        prefix = self.get_root_path(path_params or {}) if path_prefix is None else path_prefix
        return Description(self, prefix)

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """Return a name that says what it does: module and function, as in `scope_decide`."""
        module = operation.view_func.__module__.removeprefix("reperform.api.")
        return f"{module}_{operation.view_func.__name__}".replace(".", "_")
