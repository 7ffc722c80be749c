"""The pages: each translates a request, makes one call to an action or a query, and answers.

Every page says which permission it takes (`page`); a test walks them all for every role, for a
stranger and for somebody who is not logged in.  Nothing is loaded from another origin.
"""
