"""The conventions of the REST API: what every resource has in common, whatever its subject.

A module named in the setting ``REST_FRAMEWORK`` is imported while the framework itself loads, so
authentication, permissions, parsers, pagination, schema, problems and throttling import no views.
"""
