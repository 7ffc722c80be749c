"""The program: what the service organization says of itself, and how far it has come.

`scope` says what is examined and for when; `statement` is what management states (who it is, its
system, the controls it adopted); `gap` judges readiness from facts that it is given.

Not here: evidence (`evidence`), tests of controls (`testing`), the auditor's view (`audit`).
"""
