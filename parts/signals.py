"""What parts tells the apps above it."""

from django.dispatch import Signal

#: ``part_ids``: these parts, or what is needed of them, changed (same transaction).
parts_changed = Signal()
#: ``part_ids``, ``actor``, ``why``: what is required of these parts, or the datasheet of one of
#: their sources, changed (same transaction).
specification_changed = Signal()
