"""A caller that speaks JSON, and people with one role."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client

from secondsource.accounts.models import User
from secondsource.core.actors import Actor

SYSTEM = Actor.named_job("tests")
EVERY_SCOPE = ("read", "write", "approve", "prices", "margins")


class Api:
    """A caller with a bearer token (or none)."""

    def __init__(self, user: User | None, secret: str) -> None:
        self.user, self.client = user, Client(raise_request_exception=False)
        self.headers = {"Authorization": f"Bearer {secret}"} if secret else {}

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api/v1{path}", query, headers=self.headers)

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        sent = self.headers | {name.replace("_", "-"): value for name, value in headers.items()}
        text = body if isinstance(body, str) else json.dumps(body)
        return self.client.generic(
            method, f"/api/v1{path}", text, content_type="application/json", headers=sent
        )

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.send("POST", path, {} if body is None else body, **headers)

    def patch(self, path: str, body: Any, **headers: str) -> Any:
        return self.send("PATCH", path, body, **headers)

    def upload(self, path: str, data: dict[str, Any], **headers: str) -> Any:
        sent = self.headers | {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post(f"/api/v1{path}", data, headers=sent)


def add_user(role: str, email: str = "") -> User:
    """A person with one role."""
    email = email or f"{role}@example.com"
    return User.objects.create_user(email, None, name=role.title(), roles=[role])
