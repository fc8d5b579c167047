"""Signals for the apps above."""

from django.dispatch import Signal

#: ``case``, ``actor``: a case was opened (same transaction).
case_opened = Signal()
