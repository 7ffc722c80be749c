"""Pages of the evidence that people bring by hand."""
