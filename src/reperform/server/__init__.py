"""The server: settings, URLs and the WSGI application.

Everything an installation keeps is below one folder, `REPERFORM_HOME`: database, log key, secrets
and files.  Nothing is fetched from elsewhere, and no page loads anything from another origin.
"""
