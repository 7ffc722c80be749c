"""The catalog: what is examined against, read from files and proven before it is used.

Reads `library/`: the 61 Trust Services criteria and DC 1 to 9 in our own words, and the controls.
Reads catalogs that users bring, in YAML, JSON or CSV (`imports`), and proves them against the
same 61 ids.

* `load_catalog` returns a whole catalog or refuses; it never returns part of one.
* `check_library` and `check_import` return problems and never raise for what a file holds.

Not trusted: any file.  All of them may be huge, hostile or half written.
Not here: tests of controls (`testing`), scope and management's statement (`program`).
"""
