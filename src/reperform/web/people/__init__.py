"""The register of people: who works there, their checklists, training and background checks."""
