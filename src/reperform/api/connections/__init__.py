"""Operations on the connections to sources, their tests, their runs and what these cover."""

from reperform.api.connections import running
from reperform.api.connections.registry import connectors, router

__all__ = ["connectors", "router", "running"]
