"""Testing: tests of controls over whole populations of stored evidence.

A test of a control is an SQL file with a head (docs/spec/procedure.md).  It is run in an engine
that sees the declared tables and nothing else: no other file, no network, no clock.

* Every item of the population gets one outcome: pass, deviation, unable.
* An empty population did not operate; evidence that does not cover the period is unable to test.
* The same inputs give the same bytes out.

Not here: fetching evidence (`connectors`), keeping it (`evidence`), concluding (the auditor).
"""
