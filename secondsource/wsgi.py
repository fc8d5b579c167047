"""WSGI entrance for gunicorn."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "secondsource.settings")

application = get_wsgi_application()

# All views are loaded before the processes fork: the first request of each does not wait for them.
_ = get_resolver().url_patterns

# What is loaded by now lives as long as the process. The garbage collector leaves it out, or each
# of its full runs would hold up a request for a tenth of a second.
gc.collect()
gc.freeze()
