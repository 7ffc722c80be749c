"""Operations on the connections to sources, their tests, their runs and what these cover."""

from reperform.api.connections import files, running, scheduling
from reperform.api.connections.registry import connectors, router

__all__ = ["connectors", "files", "router", "running", "scheduling"]
