"""The audit: what was examined, on which evidence, with which result.

`examine` puts scope, controls, evidence and tests together into one Examination, from which every
report is rendered.  It prepares; it does not conclude: only a CPA expresses an opinion.
"""
