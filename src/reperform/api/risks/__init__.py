"""The register of risks, for programs."""
