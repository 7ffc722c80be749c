"""The tls connector."""
