"""Actors: a person by page or API, or a named job. Services take the actor as an argument."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from secondsource.core.errors import PermissionRefused

if TYPE_CHECKING:
    from secondsource.accounts.models import User


@dataclass(frozen=True)
class Actor:
    """A person or a named job, and the origin (``web``, ``api``, ``job``) of its requests.

    ``scopes`` limits a token to less than its person's roles; None means no token.
    """

    user: User | None = None
    job: str = ""
    origin: str = "web"
    scopes: frozenset[str] | None = field(default=None)

    @classmethod
    def named_job(cls, name: str) -> Actor:
        """The system itself, running the job ``name``; it has every right."""
        return cls(job=name, origin="job")

    @property
    def user_id(self) -> int | None:
        """The person's id, None for a job."""
        return self.user.pk if self.user else None

    def may(self, permission: str, obj: Any = None) -> bool:
        """Whether this actor holds ``permission`` (on ``obj``)."""
        if self.user is None:
            return bool(self.job)
        if not self.user.has_perm(permission, obj):
            return False
        return self.scopes is None or scope_of(permission) in self.scopes

    def require(self, permission: str, obj: Any = None) -> None:
        """Raise :class:`PermissionRefused` unless the actor may."""
        if not self.may(permission, obj):
            raise PermissionRefused(
                "You may not do this.", self.way_to(permission, obj), permission=permission
            )

    def way_to(self, permission: str, obj: Any = None) -> str:
        """The remedy for an actor without ``permission``."""
        if self.user is not None and self.user.has_perm(permission, obj):
            return f"Use a token with the scope {scope_of(permission)}."
        return "Ask an administrator for the role."


#: Permissions whose use through a token needs more than the scope ``write``.
_APPROVING = {
    "sign", "judge", "pass", "close", "reject", "reopen", "rollback", "validate", "release",
    "activate", "confirm", "approve", "refuse", "review",
}  # fmt: skip


def scope_of(permission: str) -> str:
    """The token scope that ``permission`` (``app.verb_noun``) needs."""
    verb = permission.rpartition(".")[2].split("_")[0]
    if verb == "view":
        return "read"
    if verb == "manage":
        return "admin"
    return "approve" if verb in _APPROVING else "write"
