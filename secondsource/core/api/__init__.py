"""The conventions of the REST API, common to all resources.

A module named in the setting ``REST_FRAMEWORK`` is imported while the framework itself loads, so
authentication, permissions, parsers, pagination, schema, problems and throttling import no views.
"""
