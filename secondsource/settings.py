"""Settings, read from the environment through typed getters that fail loudly.

Every variable is described in the README's table "Variables".
"""

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import environ
import structlog
from celery.schedules import crontab

from secondsource.environment import database, redis_addresses

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DEBUG = env.bool("DEBUG", default=False)
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
SECRET_KEY = env.str("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
HTTPS = env.bool("HTTPS", default=False)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "csp",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rest_framework",
    "rules",
    "simple_history",
    "secondsource.core",
    "secondsource.accounts",
    "parts",
    "suppliers",
    "qualification",
    "incentives",
    "secondsource.exchange",
    "secondsource.workspace",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Pads answers at random, so that the length of a compressed page gives no secret away.
    "django.middleware.gzip.GZipMiddleware",
    "secondsource.core.middleware.RequestIdMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "secondsource.core.middleware.UploadLimitMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "secondsource.accounts.middleware.InBrowserMiddleware",
    "secondsource.accounts.middleware.UserTimeZoneMiddleware",
    "secondsource.core.middleware.PoliciesMiddleware",
]

ROOT_URLCONF = "secondsource.urls"
WSGI_APPLICATION = "secondsource.wsgi.application"

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
                "secondsource.workspace.context.shell",
            ],
        },
    },
]

# --- data ---------------------------------------------------------------------------------
STATEMENT_TIMEOUT_MS = env.int("STATEMENT_TIMEOUT_MS", default=15_000)
DATABASES = {
    "default": database(
        env.str("DATABASE_URL"),
        options=(
            f"-c statement_timeout={STATEMENT_TIMEOUT_MS} -c lock_timeout=5000"
            " -c idle_in_transaction_session_timeout=60000"
            # Only sessions with temporary tables (imports) take it.
            " -c temp_buffers=128MB"
        ),
    )
}
# A pool by transaction gives a cursor that outlives its transaction to another session.
DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = env.bool("DATABASE_POOLED", default=False)
APP_DB_ROLE = env.str("APP_DB_ROLE", default="")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHE_URL, BROKER_URL = redis_addresses(env.str("REDIS_URL"))
_CACHE = {
    "LOCATION": CACHE_URL,
    "KEY_PREFIX": "secondsource",
    "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 0.5},
}
CACHES = {
    "default": {"BACKEND": "secondsource.core.cache.ShortCache", **_CACHE},
    "optional": {"BACKEND": "secondsource.core.cache.OptionalCache", **_CACHE},
    # How uploaded files were read, beside them: no server's memory, kept until they are written.
    "readings": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": DATA_DIR / "readings",
        "TIMEOUT": None,
        "OPTIONS": {"MAX_ENTRIES": 1000},
    },
}

MEDIA_ROOT = DATA_DIR / "files"
MEDIA_URL = "/files/"
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(DATA_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
# Source maps of the API's reference page would take half a minute to compress.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("map", "png", "webp", "gif", "gz", "br", "woff", "woff2")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": env.str(
        "STATICFILES_BACKEND", default="secondsource.core.staticfiles.SmallStaticFilesStorage"
    )},
}  # fmt: skip
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000

# --- jobs ---------------------------------------------------------------------------------
CELERY_BROKER_URL = BROKER_URL
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A task that is still running when this passes would run twice, so it is above the longest one.
# A request does not wait for a broker that is away: what it wants stands in the outbox.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "unacked_restore_throttle": 1,
    "max_retries": 0,
    "socket_connect_timeout": 1,
    "socket_timeout": 1,
}
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {
    "secondsource.workspace.tasks.mail_digests": {"queue": "default"},
    "secondsource.workspace.tasks.*": {"queue": "figures"},
    "secondsource.exchange.tasks.*": {"queue": "exchange"},
}
CELERY_BEAT_SCHEDULE = {
    "sweep-outbox": {"task": "secondsource.core.tasks.sweep_outbox", "schedule": 15.0},
    "resume-jobs": {"task": "secondsource.core.tasks.resume_jobs", "schedule": 15.0},
    "seal-audit": {"task": "secondsource.core.tasks.seal_audit", "schedule": 300.0},
    "forget-old-keys": {"task": "secondsource.core.tasks.forget_old_keys", "schedule": 3600.0},
    "mail-digests": {
        "task": "secondsource.workspace.tasks.mail_digests",
        "schedule": crontab(minute=5),
    },
    # In the company's first hour, so that what is due with the day is there before people are.
    # The hours after make up for a run that was missed: what was told is not told again.
    "notify-due": {
        "task": "secondsource.workspace.tasks.notify_due",
        "schedule": crontab(minute=20),
    },
    "expire-approvals": {
        "task": "qualification.tasks.expire_approvals",
        "schedule": timedelta(minutes=10),
    },
    # Quotes are refused from the first minute of the day after; the state follows soon.
    "close-overdue-rfqs": {
        "task": "suppliers.tasks.close_overdue_rfqs",
        "schedule": timedelta(minutes=10),
    },
    "close-overtaken-splits": {
        "task": "incentives.tasks.close_overtaken_splits",
        "schedule": crontab(minute=50),
    },
    "recompute-savings": {
        "task": "incentives.tasks.recompute_savings",
        "schedule": crontab(minute=40),
    },
    "forget-exports": {
        "task": "secondsource.exchange.tasks.forget_exports",
        "schedule": 3600.0,
    },
    "sweep-files": {
        "task": "secondsource.core.tasks.sweep_files",
        "schedule": crontab(hour=4, minute=10),
    },
    # Of the company's night, after the last day of what ends at midnight.
    "nightly-figures": {
        "task": "secondsource.workspace.tasks.recompute_everything",
        "schedule": crontab(hour=2, minute=30),
    },
}

# --- people -------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
CSRF_FAILURE_VIEW = "secondsource.workspace.errors.csrf_failure"
LOGIN_REDIRECT_URL = "/"
FILTERS_EMPTY_CHOICE_LABEL = "Any"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "secondsource.accounts.adapter.AccountAdapter"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "reset_password": "20/m/ip,5/m/key",
}
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[SecondSource] "
# A mail server that never answers keeps no worker from its other work.
EMAIL_TIMEOUT = 20
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
# Where people reach the product: links in mails that no request sends.
SITE_URL = env.str("SITE_URL", default="http://localhost:8000").rstrip("/")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="SecondSource <noreply@localhost>")

# Written through to the database, read from the cache: one statement less on every page.
SESSION_ENGINE = "secondsource.core.sessions"
SESSION_CACHE_ALIAS = "optional"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_SSL_REDIRECT = HTTPS
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Who asks: behind the TLS proxy the last address of X-Forwarded-For, which the proxy itself wrote,
# else the connection's own. So nobody escapes a limit by naming an address, and one person's
# failed sign-ins do not slow down everybody behind the proxy.
ALLAUTH_TRUSTED_PROXY_COUNT = int(HTTPS)
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "object-src": ["'none'"],
    }
}

# --- language and time --------------------------------------------------------------------
LANGUAGE_CODE = "en"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"  # how the database keeps times; each reader sees their own zone
# Every date that a rule compares is of the company's calendar (core.clock.business_day).
COMPANY_TIME_ZONE = ZoneInfo(env.str("COMPANY_TIME_ZONE", default="UTC"))
CELERY_TIMEZONE = str(COMPANY_TIME_ZONE)  # hours of day in the schedule

# --- API ----------------------------------------------------------------------------------
# What knows which fields an actor must not see; the foundation asks without knowing roles.
HIDDEN_NAMES = "secondsource.accounts.visibility.hidden_names"
# What starts the job that writes a large list to a file.
EXPORT_BY_JOB = "secondsource.exchange.services.exports.start"
# Requests to the pages of one supplier's link, and to such pages from one address.
QUOTE_LINK_RATE = env.str("QUOTE_LINK_RATE", default="60/min")
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "secondsource.core.api.authentication.TokenAuthentication",
        "secondsource.core.api.authentication.BrowserSessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["secondsource.core.api.permissions.NamedPermission"],
    "DEFAULT_RENDERER_CLASSES": ["secondsource.core.api.renderers.FastJSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["secondsource.core.api.parsers.StrictJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "secondsource.core.api.pagination.CursorLists",
    "DEFAULT_SCHEMA_CLASS": "secondsource.core.api.schema.ProblemAutoSchema",
    "EXCEPTION_HANDLER": "secondsource.core.api.problems.exception_handler",
    "DEFAULT_THROTTLE_CLASSES": ["secondsource.core.api.throttling.PerActorThrottle"],
    "DEFAULT_THROTTLE_RATES": {
        "actor": env.str("API_RATE", default="1200/min"),
        "unknown_token": "60/min",
    },
    "NUM_PROXIES": ALLAUTH_TRUSTED_PROXY_COUNT,
    "COERCE_DECIMAL_TO_STRING": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "SecondSource API",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "COMPONENT_SPLIT_REQUEST": True,
    "SERVE_INCLUDE_SCHEMA": False,
    # Sets of words stand where they are used: names made up for them would change with the API.
    "POSTPROCESSING_HOOKS": [],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

# --- logs ---------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "structured": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processor": structlog.processors.JSONRenderer()
            if env.bool("LOG_JSON", default=False)
            else structlog.dev.ConsoleRenderer(
                # No values of local variables: they may be passwords, tokens or prices.
                colors=False,
                exception_formatter=structlog.dev.plain_traceback,
            ),
            "foreign_pre_chain": [
                structlog.contextvars.merge_contextvars,
                structlog.processors.add_log_level,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
            ],
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "structured"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django.server": {"level": "WARNING"},
        "waitress.queue": {"level": "ERROR"},  # a line for each request that waits a moment
    },
}
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
)
TEST_RUNNER = "django.test.runner.DiscoverRunner"
