"""The Celery application; tasks are found in each app's ``tasks.py``."""

import os

from celery import Celery, Task
from django.db import InterfaceError, OperationalError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "secondsource.settings")


class RetriedTask(Task):
    """Tried again within half a minute when the database is away or a lock is in the way."""

    autoretry_for = (OperationalError, InterfaceError)
    retry_backoff = True
    max_retries = 5


app = Celery("secondsource", task_cls=RetriedTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
