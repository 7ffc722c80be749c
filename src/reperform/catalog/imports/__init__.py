"""Catalogs that users bring: YAML, JSON or CSV, in whatever shape they come.

The way of a file: `source` (bytes, or why not) -> `json_tree`, `yaml_tree` (a tree with line
numbers) or `csv_rows` -> `entries` (id, texts, references, each with its place) -> `proof`
(against the 61 ids).

Not trusted: any of it.  Sizes, depths and counts are bounded before they cost time; parsing is
iterative; aliases and tags are refused; nothing is evaluated.
"""
