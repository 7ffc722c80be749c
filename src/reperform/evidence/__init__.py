"""Evidence: answers kept byte for byte, shaped into tables, and carried in a bundle.

A *collection* is one run of one question: who asked what, when, and every answer as a salted,
content-addressed blob.  The ledger gets an entry before the first byte is asked for and one after
the last, with a number per stream, so that a dropped or a repeated run shows.  Tables are shaped
from the blobs and can be shaped again; every row leads back to its blob.

After every call in this package:

* a blob is never changed; its name is the SHA-256 of its file;
* an entry of the ledger names digests, never content, and no person;
* a collection is complete, partial with reasons, or refused with a reason, never silently short.

Not here: asking the outside world (`connectors`), judging (`testing`).
"""
