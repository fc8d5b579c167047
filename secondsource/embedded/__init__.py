"""PostgreSQL and Valkey from wheels, and the supervisor that runs the whole product with them.

Nothing here needs Django settings: the servers must be up before the settings can be read.
"""
