"""Controls as management states them: how they are read, listed, checked and compared."""
