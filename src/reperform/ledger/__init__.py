"""The ledger: what happened, in order, for good.

Every stage appends here; nothing is changed or removed.  An entry is a DSSE envelope around an
in-toto statement, in canonical JSON.  Entries are the leaves of one Merkle tree (RFC 6962), kept
as C2SP tlog-tiles, and a signed tree head is a checkpoint (C2SP tlog-checkpoint).

After every call in this package:

* entries are numbered 0, 1, 2, ... without a gap;
* the tree at any size is a prefix of the tree at every later size;
* an entry holds the SHA-256 of a file, never the file, and no person's name.

Trusted: the signing key.  Whoever has it can show two readers two histories.
Not trusted: the disk.  Whoever controls it can lose what no checkpoint held elsewhere covers; it
cannot alter what one covers without `verify_log` saying so.

Not here: fetching evidence (`connectors`), storing it (`evidence`), judging it (`testing`).
Witnesses, time stamps and key rotation are not here yet; a checkpoint already carries any number
of signatures, and `verify_log` ignores those of keys that it does not know.
"""
