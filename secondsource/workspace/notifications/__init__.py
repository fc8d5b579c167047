"""Who is told what: subscribers of the outbox, the bell and its list, the daily mail."""
