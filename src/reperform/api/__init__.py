"""The REST API: what the pages do, for programs.

A token belongs to one organization and carries scopes, which are names of permissions; each
operation says which one it takes (`takes`).  Another organization's things do not exist here.
OpenAPI 3.1 is at `/api/v1/openapi.json`; docs/reference/api.md is made from it.
"""
