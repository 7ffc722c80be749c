"""Operations on the connections to sources, their tests, their runs and what these cover."""

from reperform.api.connections import files, running
from reperform.api.connections.noticing import notices_router
from reperform.api.connections.registry import connectors, router
from reperform.api.connections.scheduling import jobs_router

__all__ = ["connectors", "files", "jobs_router", "notices_router", "router", "running"]
