"""Signals for the apps above."""

from django.dispatch import Signal

#: ``case``, ``actor``: a case was opened (same transaction).
case_opened = Signal()

#: ``case``, ``actor``: an actual cost was logged or corrected (same transaction).
costs_changed = Signal()

#: ``case``, ``rollback``, ``actor``: a case was rolled back, and its run ended (same transaction).
case_rolled_back = Signal()
