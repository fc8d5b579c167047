"""Signals for the parts of the app that depend on the ledger."""

from django.dispatch import Signal

#: ``case_ids``, ``actor``, ``why``: lines of these cases were validated, corrected or reversed
#: (same transaction).
savings_changed = Signal()
