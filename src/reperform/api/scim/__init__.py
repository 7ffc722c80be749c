"""SCIM 2.0 (RFC 7643, RFC 7644): an organization's directory makes and closes its members.

Users only.  Roles are given by an administrator: a directory group that made administrators would
hand the program to whoever edits groups.
"""
