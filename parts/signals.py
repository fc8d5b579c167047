"""What parts tells the apps above it."""

from django.dispatch import Signal

#: ``part_ids``: these parts, or what is needed of them, changed (same transaction).
parts_changed = Signal()
