"""SecondSource: find, qualify, introduce and profit from second sources of electronic parts."""

from secondsource.celery import app as celery_app

__all__ = ["celery_app"]
