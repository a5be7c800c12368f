"""One settings file; every difference between machines comes from the environment.

With nothing set the application runs embedded: SQLite, Celery on a folder, files below ``var/``.
``DATABASE_URL`` and ``REDIS_URL`` move it to PostgreSQL and Redis without touching code.
"""

import contextlib
import os
import secrets
import tempfile
from collections.abc import Callable
from datetime import time
from functools import partial
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.management.utils import get_random_secret_key
from django.utils.translation import gettext_lazy as _
from xstatic.pkg import leaflet

from liaison.api_settings import REST_FRAMEWORK, SPECTACULAR_SETTINGS  # noqa: F401
from liaison.broker import broker
from liaison.databases import databases
from liaison.field_keys import parse_keys
from liaison.logs import logs

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# Everything the running program writes lives here, so that one folder is what one backs up.
VAR = Path(env.str("LIAISON_VAR", default=str(BASE_DIR / "var")))
# Nobody else on the machine reads it: it holds people's names and telephone numbers.
VAR.mkdir(mode=0o700, parents=True, exist_ok=True)

DEBUG = env.bool("DEBUG", default=False)
# Demo mode has `make setup` make the demo station and shows its sign-ins. Whoever names a database
# is setting up a server, where that must be asked for.
DEMO = env.bool("DEMO", default="DATABASE_URL" not in os.environ)


def _kept(name: str, make: Callable[[], str]) -> str:
    """A key made on first use and kept beside the data.

    A fresh clone must start without configuration, yet no key may be in the repository.
    """
    path = VAR / name
    if not path.exists():
        # Written elsewhere and linked: of several processes that start at once one gives the key,
        # and none reads half of it. A temporary file is its owner's only.
        with tempfile.NamedTemporaryFile("w", dir=VAR) as file:
            file.write(make())
            file.flush()
            with contextlib.suppress(FileExistsError):
                path.hardlink_to(file.name)
    return path.read_text()


SECRET_KEY = env.str("SECRET_KEY", default="") or _kept("secret_key", get_random_secret_key)
# Keys of 32 bytes that ID numbers are sealed with: id:hexadecimal, with commas. The first seals,
# all open. Without them one is made beside the data: keep a copy elsewhere, apart from the backups.
FIELD_KEYS = parse_keys(
    env.str("FIELD_KEYS", default="") or f"1:{_kept('field_key', partial(secrets.token_hex, 32))}"
)
# sm4-gcm or aes-256-gcm; what was sealed with the other still opens.
FIELD_CIPHER = env.str("FIELD_CIPHER", default="sm4-gcm")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "django_htmx",
    "django_filters",
    "rest_framework",
    "rest_framework.authtoken",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
    "liaison",
    "liaison.core",
    "liaison.accounts",
    "liaison.audit",
    "liaison.evidence",
    "liaison.notices",
    "liaison.summaries",
    "liaison.calendars",
    "liaison.whereabouts",
    "liaison.law",
    "enterprises",
    "issues",
    "visits",
    "documents",
    "green_channel",
    "workers",
    "patrols",
    "liaison.staff",
    "liaison.mobile",
    "liaison.portal",
    "liaison.jobs",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # 304 for whoever has the answer already; only where keeping it is allowed at all.
    "django.middleware.http.ConditionalGetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    # Chinese is what people see first; the browser's own language does not decide, the switch
    # in the corner does (see liaison/accounts/middleware.py).
    "liaison.accounts.middleware.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # Only where there is a replica.
    "liaison.core.replica.ReplicaMiddleware",
    "liaison.accounts.middleware.SignedInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "liaison.portal.middleware.DraftTakenMiddleware",
    "liaison.accounts.middleware.AccessMiddleware",
]

ROOT_URLCONF = "liaison.urls"
WSGI_APPLICATION = "liaison.wsgi.application"
FORM_RENDERER = "liaison.core.forms.LiaisonRenderer"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "liaison.staff.navigation.navigation",
                "liaison.portal.frame.portal",
            ]
        },
    }
]

REDIS_URL = env.str("REDIS_URL", default="")
DATABASES = databases(env, VAR, has_redis=bool(REDIS_URL))
DATABASE_ROUTERS = ["liaison.core.replica.ReplicaRouter"] if "replica" in DATABASES else []
# Whoever has written reads from the primary for as many seconds: twice the lag that is put up with.
REPLICA_STICKY_SECONDS = env.int("REPLICA_STICKY_SECONDS", default=10)
# For so long a replica is left alone once it has failed or lags.
REPLICA_AWAY_SECONDS = env.int("REPLICA_AWAY_SECONDS", default=30)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES: dict[str, dict[str, Any]] = {
    "default": (
        {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            # One that does not answer holds up no page.
            "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
        }
        if REDIS_URL
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    )
}

# The database holds what is due, the broker only wakes a worker.
CELERY_BROKER_URL, CELERY_BROKER_TRANSPORT_OPTIONS = broker(REDIS_URL, VAR)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
# A job that hangs must not hold the only worker for good. Well below the hour after which Redis
# gives a message to another worker.
CELERY_TASK_TIME_LIMIT = env.int("TASK_TIME_LIMIT", default=600)
CELERY_WORKER_PREFETCH_MULTIPLIER = 4
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Celery would open a database connection for every task and close it again; here CONN_MAX_AGE
# decides, as for pages (liaison/celery.py).
CELERY_DB_REUSE_MAX = 1_000_000
CELERY_TIMEZONE = "Asia/Shanghai"

# smtp://user:password@host:25, smtp+tls://..:587, smtp+ssl://..:465. Without it nothing is sent by
# e-mail, and whoever asks is told so.
EMAIL_URL = env.str("EMAIL_URL", default="")
if EMAIL_URL:
    vars().update(env.email_url("EMAIL_URL"))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("EMAIL_FROM", default="liaison@localhost")
# Where people reach this server, for links in what is sent: https://liaison.example
SITE_URL = env.str("SITE_URL", default="")

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["liaison.accounts.backends.PhoneOrUsernameBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 8},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "liaison.accounts.passwords.ClassesValidator"},
    {"NAME": "liaison.accounts.passwords.FormerPasswordsValidator"},
]
# A session nobody uses ends; each use puts the end off (liaison/accounts/middleware.py).
SESSION_COOKIE_AGE = 60 * env.int("SESSION_IDLE_MINUTES", default=30)
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "dashboard"
LOGOUT_REDIRECT_URL = "sign_in"
# Failed sign-ins per account or address within the window before it is locked for the window.
SIGN_IN_FAILURES = 5
SIGN_IN_LOCK_MINUTES = 30

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "liaison.core.formats"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
# Leaflet comes in a Python package; it is loaded only where TILE_URL names a tile server.
STATICFILES_DIRS = [BASE_DIR / "static", ("leaflet", leaflet.BASE_DIR)]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
if STATIC_ROOT := env.str("STATIC_ROOT", default=""):
    # A server image: collected once, named by content, compressed, cached for ever.
    STORAGES["staticfiles"] = {"BACKEND": "liaison.core.static_files.CollectedStorage"}
else:
    # Served from the source folders, so that a fresh clone needs no extra step.
    WHITENOISE_USE_FINDERS = True
MEDIA_ROOT = VAR / "media"

# Uploads: what a phone camera makes, with room; never more than the server can decode in memory.
EVIDENCE_MAX_BYTES = env.int("EVIDENCE_MAX_BYTES", default=15 * 1024 * 1024)
EVIDENCE_MAX_PIXELS = env.int("EVIDENCE_MAX_PIXELS", default=50_000_000)
# Of a voice note. The phone stops by itself.
EVIDENCE_MAX_SECONDS = env.int("EVIDENCE_MAX_SECONDS", default=5 * 60)
# Uploads that nobody put to a record; a phone may be offline for days between the two.
EVIDENCE_KEEP_UNATTACHED_DAYS = env.int("EVIDENCE_KEEP_UNATTACHED_DAYS", default=30)
# What contacts of enterprises may send in within so many minutes before the desk looks at it first
# (requests) or it has to wait (replies, files): by person, by enterprise, by network address,
# behind which a whole plant may sit.
PORTAL_WINDOW_MINUTES = env.int("PORTAL_WINDOW_MINUTES", default=60)
PORTAL_ASKS_BY_ACCOUNT = env.int("PORTAL_ASKS_BY_ACCOUNT", default=8)
PORTAL_ASKS_BY_ENTERPRISE = env.int("PORTAL_ASKS_BY_ENTERPRISE", default=15)
PORTAL_ASKS_BY_ADDRESS = env.int("PORTAL_ASKS_BY_ADDRESS", default=60)
PORTAL_REPLIES_BY_ACCOUNT = env.int("PORTAL_REPLIES_BY_ACCOUNT", default=60)
PORTAL_REPLIES_BY_ENTERPRISE = env.int("PORTAL_REPLIES_BY_ENTERPRISE", default=120)
PORTAL_REPLIES_BY_ADDRESS = env.int("PORTAL_REPLIES_BY_ADDRESS", default=300)
PORTAL_FILES_BY_ACCOUNT = env.int("PORTAL_FILES_BY_ACCOUNT", default=120)
# The same words from one enterprise within so many hours are held too.
PORTAL_REPEAT_HOURS = env.int("PORTAL_REPEAT_HOURS", default=24)
# So many held requests of one enterprise wait for the desk at most; more have to wait to be sent.
PORTAL_HELD_AT_MOST = env.int("PORTAL_HELD_AT_MOST", default=20)
# For so long a form that is sent again is known again.
PORTAL_KEEP_SUBMISSIONS_DAYS = env.int("PORTAL_KEEP_SUBMISSIONS_DAYS", default=60)
# What a phone began to upload and never went on with.
MOBILE_KEEP_UNFINISHED_DAYS = env.int("MOBILE_KEEP_UNFINISHED_DAYS", default=7)
# For so long a phone that does not reach the server keeps enterprises, contacts and lines: a lost
# one then knows nothing any more.
MOBILE_KEEP_OFFLINE_HOURS = env.int("MOBILE_KEEP_OFFLINE_HOURS", default=72)
# A visit counts as made elsewhere when the phone was further from the enterprise's point than this
# many metres and what the phone itself may be wrong by.
FAR_METRES = env.int("FAR_METRES", default=300)
# Coordinates of officers are deleted after so many days; movement tracks are sensitive.
POSITION_KEEP_DAYS = env.int("POSITION_KEEP_DAYS", default=30)
# 回访: so many working days after close-out the enterprise has been asked; after that it is late.
CALLBACK_DAYS = env.int("CALLBACK_DAYS", default=5)
# So many working days the enterprise has to say whether what was reported as done is done.
CONFIRM_DAYS = env.int("CONFIRM_DAYS", default=5)
# 警保联控队: enterprises of a team at least and at most; by how many metres a river or railway
# between two counts as farther; seconds that a proposal may take.
PATROL_TEAM_SMALLEST = env.int("PATROL_TEAM_SMALLEST", default=7)
PATROL_TEAM_LARGEST = env.int("PATROL_TEAM_LARGEST", default=10)
PATROL_DETOUR_METRES = env.int("PATROL_DETOUR_METRES", default=5000)
PATROL_DIVIDE_SECONDS = env.float("PATROL_DIVIDE_SECONDS", default=10.0)
# A link to one line, for whoever will not sign in, holds for so many days.
ACCESS_LINK_DAYS = env.int("ACCESS_LINK_DAYS", default=7)
# A shift that nobody ends is over after so many hours.
SHIFT_HOURS = env.int("SHIFT_HOURS", default=12)
# Roads are longer than the straight line by about so much: an assumption of ours for towns and the
# country around them; whoever has measured it for the district says so here.
ROAD_DETOUR = env.float("ROAD_DETOUR", default=1.3)
# The day plan: so many calls at least and at most, and what a kilometre of way costs in the points
# of visits/planning/weights.py. A plan is kept for some days, where it began until the night.
DAY_PLAN_FEWEST = env.int("DAY_PLAN_FEWEST", default=5)
DAY_PLAN_MOST = env.int("DAY_PLAN_MOST", default=8)
DAY_PLAN_POINTS_A_KM = env.float("DAY_PLAN_POINTS_A_KM", default=3.0)
DAY_PLAN_KEEP_DAYS = env.int("DAY_PLAN_KEEP_DAYS", default=30)
# Patrols of the teams: enterprises a night at least and at most, people at least, and nights off
# after one on duty; the solver's seconds for one team's month.
PATROL_FEWEST = env.int("PATROL_FEWEST", default=2)
PATROL_MOST = env.int("PATROL_MOST", default=3)
PATROL_PEOPLE = env.int("PATROL_PEOPLE", default=2)
PATROL_REST = env.int("PATROL_REST", default=1)
PATROL_ROSTER_SECONDS = env.float("PATROL_ROSTER_SECONDS", default=4.0)
# Lists of workers: rows in a file, pictures in an archive, what an archive may weigh packed.
WORKERS_MOST_ROWS = env.int("WORKERS_MOST_ROWS", default=5000)
WORKERS_MOST_PHOTOS = env.int("WORKERS_MOST_PHOTOS", default=500)
WORKERS_ARCHIVE_BYTES = env.int("WORKERS_ARCHIVE_BYTES", default=60 * 1024 * 1024)
# What is known of workers is deleted so many days after they left, or after their batch came to
# nothing; rows given back for repair that nobody repaired likewise.
WORKERS_KEEP_DAYS = env.int("WORKERS_KEEP_DAYS", default=730)
WORKERS_KEEP_REJECTED_DAYS = env.int("WORKERS_KEEP_REJECTED_DAYS", default=90)
# So many identity numbers one person may look at in an hour, one by one and with a reason.
REVEALS_AN_HOUR = env.int("REVEALS_AN_HOUR", default=20)
# What certificates are set in, where it is not one of the usual Chinese fonts.
CERTIFICATE_FONT = env.str("CERTIFICATE_FONT", default="")
# Patrols at night: between these times rounds are walked, each beginning at a moment that is drawn
# anew every night. Minutes after what has not happened the leader, the desk, the chief are told.
PATROL_FIRST = time.fromisoformat(env.str("PATROL_FIRST", default="22:00"))
PATROL_LAST = time.fromisoformat(env.str("PATROL_LAST", default="05:00"))
PATROL_ALERT_MINUTES = tuple(
    int(one) for one in env.list("PATROL_ALERT_MINUTES", default=["10", "20", "40"])
)
# A night is reported from then on: ready for everybody at seven, also at 3,000 stations.
PATROL_REPORT_AT = time.fromisoformat(env.str("PATROL_REPORT_AT", default="06:55"))
# Minutes from a call until the enterprise's own guards, the neighbours, the police are there.
PATROL_RESPONSE_MINUTES = tuple(
    int(one) for one in env.list("PATROL_RESPONSE_MINUTES", default=["1", "3", "5"])
)
# What is flagged of a check-in: metres off, km/h in between, seconds of the phone's clock, minutes
# within which the same plate again is no second round.
PATROL_FAR_METRES = env.int("PATROL_FAR_METRES", default=100)
PATROL_MOST_KMH = env.float("PATROL_MOST_KMH", default=40.0)
PATROL_CLOCK_SKEW_SECONDS = env.int("PATROL_CLOCK_SKEW_SECONDS", default=120)
PATROL_REPEAT_MINUTES = env.int("PATROL_REPEAT_MINUTES", default=10)
# Positions of guards go after so many days, what they recorded stays.
PATROL_POSITION_KEEP_DAYS = max(env.int("PATROL_POSITION_KEEP_DAYS", default=30), 30)
# A guard's door opens so many hours before the first round may begin.
PATROL_LINK_HOURS_BEFORE = env.int("PATROL_LINK_HOURS_BEFORE", default=2)
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF, "blob:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
# Behind TLS (HTTPS=1) cookies, redirect and HSTS follow; the embedded default is plain loopback.
HTTPS = env.bool("HTTPS", default=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
# Asked from inside, over plain HTTP, by whoever watches the container.
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
if HTTPS and env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Proxies whose word on where a request came from counts: addresses or networks, with commas.
# Without them everybody behind a proxy shares its address when failed sign-ins are counted.
TRUSTED_PROXIES = [ip_network(one) for one in env.list("TRUSTED_PROXIES", default=[])]

# Basemap tiles for installations that have a tile server of their own; without it the map is
# drawn from our own points.
TILE_URL = env.str("TILE_URL", default="")
# The system the tiles are drawn in: wgs84, gcj02 (Amap, Tencent), bd09 (Baidu), cgcs2000.
TILE_SYSTEM = env.str("TILE_SYSTEM", default="wgs84")
if TILE_URL:
    CONTENT_SECURITY_POLICY["DIRECTIVES"]["img-src"].append(
        "{0.scheme}://{0.netloc}".format(urlsplit(TILE_URL))
    )

LOGGING = logs(env.str("LOG_LEVEL", default="INFO"))
