"""Notifications: subscribers of the outbox, the bell and its list, the daily mail."""
