"""SCIM 2.0 (RFC 7643, RFC 7644): an organization's directory makes and closes its members.

Users and groups.  Which role a group gives is decided here, by an administrator: a directory that
named roles would hand the program to whoever edits groups.
"""
