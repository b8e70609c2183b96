"""Everything from the environment, once, failing loudly (docs/settings.md; `firstline doctor` prints it)."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from firstline.lib import clock, database, failpoints, log, server_address
from firstline.lib.environment import Environment, WrongSetting
from firstline.lib.language import LANGUAGES as OUR_LANGUAGES

HERE = Path(__file__).resolve().parent
ENVIRONMENT = Environment()

FIRSTLINE_HOME = ENVIRONMENT.folder("FIRSTLINE_HOME", Path("var"), "the data folder", make=True)
FIRSTLINE_BLOBS = ENVIRONMENT.folder("FIRSTLINE_BLOBS", FIRSTLINE_HOME / "blobs", "the folder of large files")
DATABASE_URL = ENVIRONMENT.text(
    "DATABASE_URL", f"sqlite:///{FIRSTLINE_HOME / 'firstline.sqlite3'}", "where the data lives", secret=True
)
try:
    DATABASES = {"default": database.from_url(DATABASE_URL)}
except WrongSetting as _wrong:
    ENVIRONMENT.wrongly("DATABASE_URL", _wrong)
    DATABASES = {"default": database.from_url("sqlite:///:memory:")}


def _secret_key() -> str:
    given = ENVIRONMENT.text("FIRSTLINE_SECRET_KEY", "", "signs sessions, links and Message-IDs", secret=True)
    if given:
        return given
    file = FIRSTLINE_HOME / "secret.key"
    if not file.exists():
        try:
            handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:  # another process of the same start was quicker
            pass
        else:
            with os.fdopen(handle, "w") as written:
                written.write(secrets.token_urlsafe(48))
    key = file.read_text().strip()
    ENVIRONMENT.note(
        "FIRSTLINE_SECRET_KEY", key, f"file {file.name}", "signs sessions, links and Message-IDs", secret=True
    )
    return key


SECRET_KEY = _secret_key()
DEBUG = ENVIRONMENT.flag("FIRSTLINE_DEBUG", False, "error pages with details; never on a real desk")
FIRSTLINE_BASE_URL = ENVIRONMENT.text(
    "FIRSTLINE_BASE_URL", "http://127.0.0.1:8000", "the address that links in mails point to"
).rstrip("/")
_base = urlsplit(FIRSTLINE_BASE_URL)
ALLOWED_HOSTS = ENVIRONMENT.names(
    "FIRSTLINE_ALLOWED_HOSTS", f"{_base.hostname},127.0.0.1,localhost,[::1]", "host names that are answered"
)
CSRF_TRUSTED_ORIGINS = [FIRSTLINE_BASE_URL]
TIME_ZONE = ENVIRONMENT.zone("FIRSTLINE_TIME_ZONE", "Europe/Moscow", "the desk's time zone")
LANGUAGE_CODE = ENVIRONMENT.text("FIRSTLINE_LANGUAGE", "ru", "the desk's language: ru, bg or en")
EMAIL_URL = ENVIRONMENT.text("EMAIL_URL", "", "outgoing SMTP; empty writes mails to the folder outgoing/", secret=True)
FIRSTLINE_MAIL_FROM = ENVIRONMENT.text("FIRSTLINE_MAIL_FROM", "desk@firstline.example", "sender where no mailbox is")
FIRSTLINE_MAIL_TAGS = ENVIRONMENT.flag(
    "FIRSTLINE_MAIL_TAGS",
    False,
    "FIRSTLINE_MAIL_FROM takes name+anything: answers and bounces name theirs",
)
FIRSTLINE_SMS_URL = ENVIRONMENT.text(
    "FIRSTLINE_SMS_URL", "", "the SMS gateway that messages are posted to; empty sends none", secret=True
)
FIRSTLINE_SMS_SECRET = ENVIRONMENT.text(
    "FIRSTLINE_SMS_SECRET", "", "signs what goes to that gateway and proves what comes from it", secret=True
)
FIRSTLINE_SMS_FROM = ENVIRONMENT.text("FIRSTLINE_SMS_FROM", "", "the number or name that messages are sent as")
FIRSTLINE_SMS_AUTHORIZATION = ENVIRONMENT.text(
    "FIRSTLINE_SMS_AUTHORIZATION", "", "the header Authorization for that gateway, word for word", secret=True
)
FIRSTLINE_DKIM_SELECTOR = ENVIRONMENT.text(
    "FIRSTLINE_DKIM_SELECTOR", "", "selector under which the public key of FIRSTLINE_MAIL_FROM's domain is published"
)
FIRSTLINE_DKIM_KEY = ENVIRONMENT.text(
    "FIRSTLINE_DKIM_KEY", "", "file with the private key that signs mail of FIRSTLINE_MAIL_FROM; empty signs nothing"
)
FIRSTLINE_AUTHSERV_ID = ENVIRONMENT.text(
    "FIRSTLINE_AUTHSERV_ID", "", "name of our mail server in Authentication-Results, for mailboxes without their own"
)
FIRSTLINE_RELAYS = ENVIRONMENT.text(
    "FIRSTLINE_RELAYS", "", "names of our mail servers in Received lines, for mailboxes without their own"
)
FIRSTLINE_DNS = ENVIRONMENT.text(
    "FIRSTLINE_DNS", "", "name server for own SPF, DKIM and DMARC checks: system, an address, or empty for none"
)
if FIRSTLINE_DNS not in ("", "system"):
    try:
        server_address.read(FIRSTLINE_DNS, port=53)
    except WrongSetting as _wrong:
        ENVIRONMENT.wrongly("FIRSTLINE_DNS", _wrong)
        FIRSTLINE_DNS = ""
FIRSTLINE_DMARC_FAIL = ENVIRONMENT.choice(
    "FIRSTLINE_DMARC_FAIL", "quarantine", ("quarantine", "flag"), "what becomes of mail that its domain disowns"
)
FIRSTLINE_AGENTS_BY_MAIL = ENVIRONMENT.choice(
    "FIRSTLINE_AGENTS_BY_MAIL", "dmarc", ("dmarc", "dkim", "no"), "what proves an agent's mail, so that it may answer"
)
FIRSTLINE_PHONE = ENVIRONMENT.text("FIRSTLINE_PHONE", "", "the desk's telephone, shown on every page of the portal")
FIRSTLINE_MAIL = ENVIRONMENT.text("FIRSTLINE_MAIL", FIRSTLINE_MAIL_FROM, "the desk's address, shown beside the phone")
FIRSTLINE_ANYDESK = ENVIRONMENT.text(
    "FIRSTLINE_ANYDESK", "https://anydesk.com/download", "where the portal's link to AnyDesk leads; empty hides it"
)
FIRSTLINE_TEAMVIEWER = ENVIRONMENT.text(
    "FIRSTLINE_TEAMVIEWER", "https://get.teamviewer.com/", "where the link to TeamViewer leads; empty hides it"
)
FIRSTLINE_RUSTDESK = ENVIRONMENT.text(
    "FIRSTLINE_RUSTDESK", "https://rustdesk.com/", "where the link to RustDesk leads; empty hides it"
)
FIRSTLINE_INBOX_DAYS = ENVIRONMENT.number(
    "FIRSTLINE_INBOX_DAYS", 60, "days for which notices stay in the inboxes of the desk", least=1
)
FIRSTLINE_REOPEN_DAYS = ENVIRONMENT.number(
    "FIRSTLINE_REOPEN_DAYS", 5, "working days from resolved to closed, in which an answer reopens", least=1
)
FIRSTLINE_UNDO_SECONDS = ENVIRONMENT.number(
    "FIRSTLINE_UNDO_SECONDS", 10, "how long an answer sent from the desk's page can be taken back; 0: it goes at once"
)
FIRSTLINE_METRICS_FROM = ENVIRONMENT.names(
    "FIRSTLINE_METRICS_FROM", "127.0.0.1,::1", "addresses that may read /metrics without a token"
)
FIRSTLINE_DISK_FLOOR_MB = ENVIRONMENT.number(
    "FIRSTLINE_DISK_FLOOR_MB", 200, "below this much free disk nothing is accepted (503 / 75)"
)
FIRSTLINE_TRUSTED_PROXIES = ENVIRONMENT.names(
    "FIRSTLINE_TRUSTED_PROXIES", "", "addresses whose X-Forwarded-For and X-Forwarded-Proto count"
)
FIRSTLINE_TESTING = ENVIRONMENT.flag("FIRSTLINE_TESTING", False, "allows a moved clock and failpoints")
clock.is_moved()  # a wrong FIRSTLINE_NOW fails here, at the start
failpoints.check()

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "firstline.apps.Firstline",
    "firstline.jobs",
    "firstline.audit",
    "firstline.blobs",
    "firstline.search",
    "firstline.live",
    "firstline.once",
    "firstline.post",
    "firstline.people",
    "firstline.calendars",
    "firstline.assets",
    "firstline.roster",
    "firstline.brand",
    "firstline.contracts",
    "firstline.tickets",
    "firstline.worklog",
    "firstline.sla",
    "firstline.intake",
    "firstline.knowledge",
    "firstline.lines",
    "firstline.notices",
    "firstline.reports",
    "firstline.ops",
    "firstline.web",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "firstline.web.frame.Headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "firstline.web.frame.InThePersonsWords",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "firstline.web.frame.WithoutNul",
    "firstline.web.frame.ForWhomItWasDrawn",
    "firstline.web.frame.Refusals",
]
ROOT_URLCONF = "firstline.urls"
WSGI_APPLICATION = "firstline.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "firstline.web.frame.around_every_page",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "firstline.web.templatetags.fixed",
                "firstline.web.templatetags.keys",
                "firstline.web.templatetags.long",
                "firstline.web.templatetags.ui",
            ],
        },
    }
]

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["firstline.people.sign_in.Door"]
PASSWORD_HASHERS = ["firstline.people.passwords.Argon2Modest"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("login", "email", "name")},
    },
]
LOGIN_URL = "/account/login/"
LOGIN_REDIRECT_URL = "/"
SESSION_COOKIE_NAME = "firstline_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _base.scheme == "https"
SESSION_COOKIE_AGE = 30 * 24 * 3600
CSRF_COOKIE_NAME = "firstline_csrf"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "firstline.web.refused.wrong_csrf"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if _base.scheme == "https":
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if FIRSTLINE_TRUSTED_PROXIES else None

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "media-src": [SELF, "blob:"],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "frame-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}

STATIC_URL = "/static/"
STATIC_ROOT = FIRSTLINE_HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "firstline.web.storage.StaticStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 40 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2500  # a form of 200 fields, of which many may be answered with several of a list
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_TEMP_DIR = str(FIRSTLINE_HOME / "uploads")
Path(FILE_UPLOAD_TEMP_DIR).mkdir(exist_ok=True)

USE_TZ = True
USE_I18N = True
LANGUAGES = OUR_LANGUAGES
LOCALE_PATHS = [HERE / "locale"]
FORMAT_MODULE_PATH = "firstline.lib.formats"
LANGUAGE_COOKIE_NAME = "firstline_language"

LOGGING_CONFIG = None
log.configure(testing=FIRSTLINE_TESTING)
