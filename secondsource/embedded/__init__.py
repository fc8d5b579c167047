"""PostgreSQL and Valkey from wheels, and the supervisor that runs the product; no Django."""
