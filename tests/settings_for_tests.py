"""The server's settings, in a folder of their own, with passwords that hash fast."""

import os
import tempfile

os.environ["REPERFORM_HOME"] = tempfile.mkdtemp(prefix="reperform-tests-")
os.environ["REPERFORM_PRIVATE_SOURCES"] = "127.0.0.0/8,::1"

from reperform.server.settings import *  # noqa: F403 - the folder comes first

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
WHITENOISE_AUTOREFRESH = True
STATIC_ROOT.mkdir(exist_ok=True)  # noqa: F405 - of the settings; whitenoise warns where it is missing
ACCOUNT_RATE_LIMITS = False
"""Tests of the limits set them; others sign in often."""
