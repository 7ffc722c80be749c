"""The report: an examination becomes a Document, and a Document becomes PDF or HTML.

`soc2` and `readiness` decide what is said; `document` holds it as blocks; `pdf` and `html` only
give the same blocks a shape.  A draft says on every page that it is one, and the places that belong
to the service auditor are left to the service auditor.

Invariants: nothing is said that the examination does not hold; no text of others becomes markup;
the same document gives the same bytes.

Not here: judging (`program.gap`, `testing`), collecting, the clock, the database.
"""
