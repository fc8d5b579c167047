"""Pages of passwords, people and tokens."""
