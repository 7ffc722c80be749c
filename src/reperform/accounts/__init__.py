"""Accounts: people who log in, organizations, roles, invitations and API tokens.

A person can belong to several organizations, with one role in each.  What a role may do is one
table (`permissions`), which pages, the API and their tests all read.

Trusted: the server's secret.  Not trusted: what a browser or a token's bearer sends.
Not here: second factors and single sign-on themselves (django-allauth), pages (`web`).
"""
