"""Signals for the apps above."""

from django.dispatch import Signal

#: ``part_ids``: these parts or their requirements changed (same transaction).
parts_changed = Signal()
#: ``part_ids``, ``actor``, ``why``: requirements of these parts, or the datasheet of one of their
#: sources, changed (same transaction).
specification_changed = Signal()
