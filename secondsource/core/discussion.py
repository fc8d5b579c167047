"""Discussions of objects.

``@Name`` mentions a person. A mention is stored with the person's id, ``@[7]``, and shown with
their present name.
"""

from __future__ import annotations

import re
from typing import Any

from django.contrib.auth import get_user_model
from django.db import models, transaction
from django.db.models import F, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Concat, Length, Lower, StrIndex

from secondsource.core import audit
from secondsource.core.actors import Actor
from secondsource.core.errors import PermissionRefused, ValuesRefused
from secondsource.core.models import Comment, NotificationKind
from secondsource.core.models.content import MENTION
from secondsource.core.notifications import Way, ways_of

MAX_LENGTH = 10_000
#: What begins like a mention and is none; an address has something before its ``@``.
_NAMES_NOBODY = re.compile(r"(?<!\S)@(\w[\w'-]*)")
#: Most people mentioned by a comment.
MOST_MENTIONS = 50


@transaction.atomic
def say(*, subject: models.Model, text: str, actor: Actor) -> Comment:
    """Add a comment to an object's discussion.

    Raises ``ValuesRefused`` for an empty or long text.
    """
    if actor.user is None:
        raise PermissionRefused("Only a person takes part in a discussion.")
    text = text.strip().replace("\x00", "")
    if not text:
        raise ValuesRefused.one("/text", "required", "Write something.")
    if len(text) > MAX_LENGTH:
        raise ValuesRefused.one("/text", "too_long", "At most 10,000 characters.")
    text, mentions = _by_id(text)
    comment = Comment(
        subject_type=audit.label(subject), subject_id=subject.pk, author=actor.user, text=text,
        mentions=mentions,
    )  # fmt: skip
    audit.save_as(comment, actor)
    audit.record("core.comment.added", comment, actor)
    return comment


def _by_id(text: str) -> tuple[str, list[int]]:
    """The text with ids for the names of active people behind ``@``, and these ids."""
    text = MENTION.sub(r"@ [\1]", text)  # typed text that looks like a stored mention
    if "@" not in text:
        return text, []
    at = StrIndex(Value(text.lower()), Lower(Concat(Value("@"), F("name"))))
    people = get_user_model().objects.filter(is_active=True).exclude(name="").alias(at=at)
    # Longer names first: "@Ann Lee" is not "@Ann" and a word.
    named = people.filter(at__gt=0).order_by(Length("name").desc(), "pk")[:MOST_MENTIONS]
    mentions: dict[int, str] = {}
    for pk, name in named.values_list("pk", "name"):
        text, found = re.subn(rf"@{re.escape(name)}(?!\w)", f"@[{pk}]", text, flags=re.IGNORECASE)
        if found or name.lower() in mentions.values():  # all who have the name
            mentions[pk] = name.lower()
    return text, list(mentions)


def said_of_mentions(comment: Comment, subject: Any) -> tuple[str, str]:
    """Who is notified of a new comment, and what keeps others from it; '' for nobody.

    Nobody is told of something that they do not see, so that its writer has to know.
    """
    people = get_user_model().objects.filter(pk__in=comment.mentions).exclude(pk=comment.author_id)
    told, problems = [], []
    for person in people.order_by("name", "pk"):
        if not type(subject).objects.visible_to(person).filter(pk=subject.pk).exists():
            problems.append(f"{person.name} is not notified and does not see {subject}.")
        elif ways_of(person)[NotificationKind.MENTION] == Way.NONE:
            problems.append(f"{person.name} is not notified and has switched that off.")
        else:
            told.append(str(person.name))
    names = dict.fromkeys(_NAMES_NOBODY.findall(comment.text))
    problems += [f"Nobody is called @{name}: type the whole name." for name in names]
    return f"{', '.join(told)} will be notified." if told else "", " ".join(problems)


def of(subject: models.Model) -> models.QuerySet[Comment]:
    """An object's discussion, oldest first; each comment's ``said`` has names for ids."""
    return (
        Comment.objects.filter(subject_type=audit.label(subject), subject_id=subject.pk)
        .select_related("author")
        .annotate(mentioned=_mentioned())
        .order_by("id")
    )


def _mentioned() -> RawSQL:
    """Id → name of the people mentioned in a comment, null without any."""
    people = get_user_model()._meta.db_table
    return RawSQL(
        f'(SELECT jsonb_object_agg(u.id, u.name) FROM "{people}" u'  # noqa: S608
        " WHERE u.id = ANY(core_comment.mentions))",
        (),
        output_field=models.JSONField(),
    )
