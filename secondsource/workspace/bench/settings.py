"""The product's settings with floors beside its pages and a count of queries in each answer."""

from secondsource.settings import *  # noqa: F403
from secondsource.settings import MIDDLEWARE

ROOT_URLCONF = "secondsource.workspace.bench.urls"
MIDDLEWARE = ["secondsource.workspace.bench.counting.QueryCount", *MIDDLEWARE]
REST_FRAMEWORK = {**REST_FRAMEWORK, "DEFAULT_THROTTLE_CLASSES": []}  # noqa: F405
