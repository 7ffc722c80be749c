"""Operations on the connections to sources, their tests, their runs and what these cover."""

from reperform.api.connections import running
from reperform.api.connections.registry import connectors, router
from reperform.api.connections.scheduling import jobs_router

__all__ = ["connectors", "jobs_router", "router", "running"]
