"""Questions about connections and about what they brought."""
