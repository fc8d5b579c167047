"""House rules as versions: drafted by one person, activated by a second one."""
