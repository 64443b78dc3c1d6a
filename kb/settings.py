"""Settings. Everything that differs between places comes from the environment; docs/operations.md has the table."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from csp.constants import NONE, SELF
from environ import Env

from kb.database import database_settings

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = BASE_DIR / "var"
env = Env()


def kept_secret(path):
    """A key made once and kept where only its owner reads it. Two processes at once agree on the first."""
    path.parent.mkdir(exist_ok=True)
    if not path.exists():
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
        with suppress(FileExistsError):
            path.hardlink_to(draft)
        draft.unlink()
    return path.read_text()


DEBUG = env.bool("DEBUG", default=False)
TESTING = "PYTEST_VERSION" in os.environ
SECRET_KEY = env.str("SECRET_KEY", default="") or kept_secret(VAR / "secret_key")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")

DATABASES = {
    "default": database_settings(
        env.str("DATABASE_URL", default=""),
        data=VAR / "pg",
        options=env.str("DATABASE_OPTIONS", default=""),
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "kb",
    "claims",
    "studies",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "knox",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "pgtrigger",
    "pghistory",
    "csp",
]

MIDDLEWARE = [
    "kb.quick.quick_reads",
    "django.middleware.security.SecurityMiddleware",
    "kb.lib.manners.api_manners",
    "kb.dereferencing.files_by_accept",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "kb.lib.streams.bounded_streams",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "kb.second_factor.second_factor_required",
    "kb.middleware.database_trouble",
]
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")

ROOT_URLCONF = "kb.urls"
WSGI_APPLICATION = "kb.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# Language and time. The messages in the source are English.
LANGUAGE_CODE = "en"
LANGUAGES = [("nl", "Nederlands"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = "Europe/Amsterdam"

# Files. The manifest gives each file a name by its content, so that browsers keep it for ever.
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
PLAIN_FILES = "django.contrib.staticfiles.storage.StaticFilesStorage"
MANIFEST_FILES = "whitenoise.storage.CompressedManifestStaticFilesStorage"
WHITENOISE_AUTOREFRESH = DEBUG or TESTING  # looked up when asked for: tests collect files while others run
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": PLAIN_FILES if DEBUG or TESTING else MANIFEST_FILES},
}

RELEASES_DIR = Path(
    env.str("RELEASES_DIR", default=str(VAR / "releases"))
)  # files to download (claims.releases)

# Trust: nothing is loaded from elsewhere, nothing inline runs, no page is shown inside another.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_AGE = 12 * 60 * 60
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 12_000  # a draft is one form: some fifty fields for a row of evidence
if SITE_URL.startswith("https://"):
    # The proxy that ends TLS must set this header itself, and drop what a visitor sends under its name.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"

# Who is there. Accounts are made by admins; nothing depends on e-mail.
vars().update(env.email_url("EMAIL_URL", default="dummymail://"))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("EMAIL_FROM", default="onderbouwd@localhost")
LOGIN_URL = "account_login"
SECOND_FACTOR = env.str("SECOND_FACTOR", default="required" if SITE_URL.startswith("https://") else "offered")
CLIENT_ADDRESS_HEADER = env.str("CLIENT_ADDRESS_HEADER", default="")
ACCOUNT_ADAPTER = "kb.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = False  # the browser forgets when it closes, the server after SESSION_COOKIE_AGE
ACCOUNT_RATE_LIMITS = {
    "login": None,
    "login_failed": None,
}  # a cache for each process is no limit: kb.lib.throttle
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Onderbouwd"
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SITE_URL.startswith("https://")
MFA_FORMS = {"authenticate": "kb.second_factor.CodeForm", "reauthenticate": "kb.second_factor.CodeAgainForm"}
KNOX_TOKEN_MODEL = "kb.Token"
REST_KNOX = {"TOKEN_PREFIX": "kb_"}
MIGRATION_MODULES = {"knox": None}  # its own table is not used: ours is in kb.models

VALIDATORS = ("UserAttributeSimilarity", "MinimumLength", "CommonPassword", "NumericPassword")
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}Validator"} for name in VALIDATORS
]
if TESTING:  # real hashing would be half of the time that tests take
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "kb.accounts.TokenAuthentication",
        "kb.accounts.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["kb.accounts.MayWrite"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_FILTER_BACKENDS": [],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "kb.api.problem_handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
API_LIMIT = env.int("API_LIMIT", default=600)  # requests a minute by one address or token; 0 is no limit
ANSWERS_KEPT = env.int("ANSWERS_KEPT", default=32)  # megabytes in each process (kb.quick); 0 keeps none
STREAMS_AT_ONCE = env.int(
    "STREAMS_AT_ONCE", default=0 if TESTING else 2
)  # by each process (kb.lib.streams); 0 is no limit: tests leave answers unread
# Where changes may be posted to (kb.lib.outgoing). Local is for trying it out: plain HTTP, any port, any machine.
WEBHOOK_LOCAL = env.bool("WEBHOOK_LOCAL", default=False)
WEBHOOK_PORTS = env.list("WEBHOOK_PORTS", cast=int, default=[443])
# Looking up references (studies.lookup). Local is for trying it out: plain HTTP, any machine.
LOOKUP_CONTACT = env.str("LOOKUP_CONTACT", default="")  # said to whom is asked; nothing is asked without it
LOOKUP_LOCAL = False
LOOKUP_PLACES = {
    "doi": "https://doi.org/",
    "crossref": "https://api.crossref.org/works/",
    "ncbi": "https://pmc.ncbi.nlm.nih.gov/api/ctxp/v1/",
}
LOOKUP_HOSTS = [
    "doi.org",
    "api.crossref.org",
    "data.crossref.org",
    "data.datacite.org",
    "pmc.ncbi.nlm.nih.gov",
]
LOOKUP_INTERVAL = 0.4  # seconds between two questions to one host; NCBI allows three a second, not at once
LOOKUP_PAUSE = 1  # seconds before trying again, doubled each time
SPECTACULAR_SETTINGS = {
    "TITLE": "Onderbouwd API",
    "DESCRIPTION": "Health claims, how strong the evidence for each is, and the studies it rests on. A method that an address "
    "does not have is a 405, with those that it has in `Allow`; every refusal is application/problem+json (RFC 9457).",
    "LICENSE": {"name": "CC BY 4.0 (the data)", "url": "https://creativecommons.org/licenses/by/4.0/"},
    "SERVERS": [{"url": SITE_URL}],
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.1",
    "ENUM_NAME_OVERRIDES": {  # members of one name that hold different words
        f"{name}Code": f"claims.choices.{name}"
        for name in ("ClaimDirection", "ClaimKind", "EvidenceDirection", "FeedKind", "Strength")
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "kb.examples.add_examples",
    ],
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"supportedSubmitMethods": ["get", "head"]},
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"django": {"handlers": ["console"], "level": "INFO", "propagate": False}},
}
