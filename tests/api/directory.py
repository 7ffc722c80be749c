"""A directory that provisions over SCIM, as tests call it."""

import json
from collections.abc import Mapping
from typing import Any

from django.test import Client

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


class Directory:
    """A directory that calls with a token."""

    def __init__(self, secret: str) -> None:
        self.secret = secret
        self._client = Client(headers={"Authorization": f"Bearer {secret}"} if secret else {})

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> Any:  # noqa: ANN401 - the test client's own type
        data = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body)
        return self._client.generic(
            method,
            f"/scim/v2/{path}",
            data,
            content_type="application/scim+json",
            headers={name.replace("_", "-"): value for name, value in headers.items()},
        )

    def make(self, user_name: str, **more: object) -> Any:  # noqa: ANN401 - as above
        return self.ask("POST", "Users", {"schemas": [USER], "userName": user_name, **more})

    def patch(self, key: str, *operations: Mapping[str, object]) -> Any:  # noqa: ANN401 - as above
        return self.ask("PATCH", f"Users/{key}", {"schemas": [PATCH], "Operations": operations})

    def make_group(self, name: str, *people: str, **more: object) -> Any:  # noqa: ANN401 - as above
        members = [{"value": each} for each in people]
        said = {"schemas": [GROUP], "displayName": name, "members": members, **more}
        return self.ask("POST", "Groups", said)

    def patch_group(self, key: str, *operations: Mapping[str, object]) -> Any:  # noqa: ANN401 - as above
        return self.ask("PATCH", f"Groups/{key}", {"schemas": [PATCH], "Operations": operations})
