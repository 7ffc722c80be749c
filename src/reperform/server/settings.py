"""Django's settings, from the environment and the installation's folder.

| variable | meaning | default |
|---|---|---|
| `REPERFORM_HOME` | folder of the installation | `~/.local/state/reperform` |
| `REPERFORM_DATABASE_URL` | `postgresql://user:password@host:port/name` | SQLite in the folder |
| `REPERFORM_URL` | address that browsers use, `https://soc.example.com` | where it listens |
| `REPERFORM_PROXY` | IP address of the proxy that tells whence visitors come | nobody is believed |
| `REPERFORM_HOSTS` | names that it answers to, besides the URL's | `127.0.0.1,localhost,[::1]` |
| `REPERFORM_HTTPS` | `1`: cookies and browsers keep to HTTPS | `1` when the URL is `https://` |
| `REPERFORM_SMTP_URL` | `smtp+starttls://user:password@host:587`, or `smtps://` | no mail is sent |
| `REPERFORM_MAIL_FROM` | address that mail comes from | `reperform@localhost` |
| `REPERFORM_PRIVATE_PROVIDERS` | `1`: identity providers may be on private networks | `0` |
| `REPERFORM_LOCAL_SOURCES` | folders that connections may read, `/srv/git:/srv/lists` | none |
| `REPERFORM_PRIVATE_SOURCES` | networks that are not public and that connections may call | none |
"""

import os
from importlib.util import find_spec
from pathlib import Path

from reperform.ledger.home import home
from reperform.server.database import database
from reperform.server.mail import mail
from reperform.server.reached import private_sources, reached
from reperform.server.secret import load_or_create_secret

HOME = home()
SECRET_KEY = load_or_create_secret(HOME / "server.secret")
DEBUG = False
PRIVATE_PROVIDERS = os.environ.get("REPERFORM_PRIVATE_PROVIDERS") == "1"
LOCAL_SOURCES = tuple(filter(None, os.environ.get("REPERFORM_LOCAL_SOURCES", "").split(":")))
PRIVATE_SOURCES = private_sources(os.environ.get("REPERFORM_PRIVATE_SOURCES", ""))
SAML = find_spec("onelogin") is not None  # the extra `saml`
_REACHED = reached(os.environ)
SITE_URL, PROXY, HTTPS = _REACHED.url, _REACHED.proxy, _REACHED.is_https
ALLOWED_HOSTS = _REACHED.hosts
CSRF_TRUSTED_ORIGINS = [SITE_URL] if SITE_URL else []
"""Our own address, also where a proxy does not say that a visitor came by HTTPS."""

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    *(["allauth.socialaccount.providers.saml"] if SAML else []),
    "allauth.mfa",
    "allauth.usersessions",
    "reperform.ledger",
    "reperform.accounts",
    "reperform.program",
    "reperform.evidence",
    "reperform.audit",
    "reperform.noticing",
    "reperform.web",
]
MIDDLEWARE = [
    "reperform.web.headers.head_without_body",
    "reperform.web.headers.security_headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "reperform.web.activity.session_activity",
    "reperform.server.addresses.without_nul",
    "reperform.web.refusals.RefusalMiddleware",
]
ROOT_URLCONF = "reperform.server.urls"
WSGI_APPLICATION = "reperform.server.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).resolve().parents[1] / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "reperform.web.context.surroundings",
            ],
        },
    }
]

DATABASES = {"default": database(os.environ.get("REPERFORM_DATABASE_URL", ""), home=HOME)}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    }
}
"""Wrong passwords are counted in it: one that forgot after 300 entries could be made to forget."""
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en-us"

STATIC_URL = "static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MANIFEST_STRICT = False

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATION}.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"

ACCOUNT_ADAPTER = "reperform.web.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
"""Nobody signs up: an address is proved by the link of an invitation that was sent to it."""
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_RATE_LIMITS: dict[str, str] | bool = {"login_failed": "10/m/ip,5/5m/key"}

SOCIALACCOUNT_ADAPTER = "reperform.web.provider_adapter.ProviderAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_LOGIN_ON_GET = True  # a link leads there: our policy lets no form lead elsewhere

MFA_ADAPTER = "reperform.web.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Reperform"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = False  # HTTPS, or http://localhost

USERSESSIONS_TRACK_ACTIVITY = True

MAIL_IS_SENT = bool(os.environ.get("REPERFORM_SMTP_URL"))
globals().update(mail(os.environ.get("REPERFORM_SMTP_URL", "")))
DEFAULT_FROM_EMAIL = os.environ.get("REPERFORM_MAIL_FROM", "reperform@localhost")
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 60 * 60
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
