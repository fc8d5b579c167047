"""Signals for the apps above."""

from django.dispatch import Signal

#: ``part_ids``: sources, approvals, offers or receipts of these parts changed (same transaction).
sources_changed = Signal()
#: ``manufacturer_part_ids``, ``actor``, ``why``: where or by whom these are made changed, or their
#: manufacturer is phased out (same transaction).
supply_changed = Signal()
#: ``source_ids``, ``actor``: receipts of these sources were recorded, corrected or taken back (same
#: transaction).
receipt_recorded = Signal()
#: ``manufacturer_part_id``, ``actor``: a declaration of it changed (same transaction).
declarations_changed = Signal()
