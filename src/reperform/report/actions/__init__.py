"""An examination from what connections brought, to its drafts and its bundle."""
