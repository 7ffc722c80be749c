"""Pages of incidents: reporting one, handling it, and telling of it."""
