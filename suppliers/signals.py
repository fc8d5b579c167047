"""Signals of suppliers to the apps above it."""

from django.dispatch import Signal

#: ``part_ids``: sources, approvals, offers or receipts of these parts changed (same transaction).
sources_changed = Signal()
#: ``receipt``: something arrived (same transaction).
receipt_recorded = Signal()
