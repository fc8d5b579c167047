"""Pages for administrators: people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from secondsource.accounts import services
from secondsource.accounts.filters import PersonFilter
from secondsource.accounts.forms import PersonForm
from secondsource.accounts.models import ApiToken, User
from secondsource.accounts.rights import Role, roles_in_words
from secondsource.accounts.timeline import timeline
from secondsource.core import clock
from secondsource.core.errors import Refused
from secondsource.core.tables import Column
from secondsource.core.views import DetailPage, FormPage, ListPage, ObjectPage, go_to
from secondsource.core.views.conflicts import posted_version

MANAGE = "accounts.manage_people"


def scope_in_words(person: User) -> str:
    """The plants and product lines of a person, as one line of text."""
    return ", ".join([*map(str, person.plants.all()), *map(str, person.product_lines.all())])


class PersonList(ListPage):
    """The list of people."""

    permission_required = MANAGE
    template_name = "accounts/person_list.html"
    page_title = "People"
    noun = ("person", "people")
    filterset_class = PersonFilter
    search_field = "search"
    search_label = "Name or email address"
    default_sort = "name"
    export_stem = "people"
    views: ClassVar[Mapping[str, str]] = {
        "Active": "active=true",
        "Administrators": f"role={Role.ADMIN}",
        "Deactivated": "active=false",
        "All": "",
    }
    columns: ClassVar[Sequence[Column]] = (
        Column("name", "Name", order="name", link=True, css="nw", mobile="title"),
        Column("email", "Email address", order="email", css="ell", mobile="sub"),
        Column("roles", "Roles", source=lambda row: roles_in_words(row.roles), css="nw",
               mobile="sub"),
        Column("scope", "Sees", source=lambda row: scope_in_words(row) or "Everything", css="ell"),
        Column("tokens", "Valid tokens", source=lambda row: row.valid_tokens or None, align="r"),
        Column("last_login", "Last sign-in", order="-last_login", css="nw",
               template="accounts/cells/last_login.html"),
        Column("active", "State", source=lambda row: (row.is_active and "Active") or "Deactivated",
               template="accounts/cells/person_state.html", css="nw", mobile="end"),
    )  # fmt: skip

    def get_queryset(self) -> QuerySet[Any]:
        """All people with what the columns show."""
        valid = Q(api_tokens__revoked_at=None, api_tokens__expires_at__gt=clock.now())
        people = User.objects.prefetch_related("plants", "product_lines")
        return people.annotate(valid_tokens=Count("api_tokens", filter=valid))


class OfPerson(ObjectPage):
    """A page about one person."""

    permission_required = MANAGE
    lookup: ClassVar[Mapping[str, str]] = {"person": "public_id"}
    context_name = "person"

    def permission_object(self) -> Any:
        """The right is checked before the person is read."""
        return None

    def get_queryset(self) -> QuerySet[Any]:
        """All people."""
        return User.objects.all()


class PersonPage(OfPerson, DetailPage):
    """The page of a person: roles, scope, tokens, history and buttons."""

    template_name = "accounts/person.html"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds tokens and history."""
        person = self.object
        return super().get_context_data(
            roles=roles_in_words(person.roles),
            scope=scope_in_words(person) or "Everything",
            tokens=ApiToken.objects.filter(user=person).order_by("-pk"),
            now=clock.now(),
            events=timeline(person),
            is_self=person.pk == self.request.user.pk,
            **context,
        )


class PersonCreate(FormPage):
    """A new person."""

    permission_required = MANAGE
    page_title = "Add a person"
    form_class = PersonForm
    submit_label = "Add person"
    cancel_name = "person_list"

    def save(self, form: Any) -> str:
        """Add the person, and mail the link when it is wanted."""
        values = dict(form.cleaned_data)
        send = values.pop("send_link")
        person = services.add_person(**values, password=None, actor=self.actor)
        said = f"Added {person.name}."
        if send:
            services.mail_password_link(user=person, root=root_of(self.request), actor=self.actor)
            said += f" A link to set a password goes to {person.email}."
        messages.success(self.request, said)
        return person.get_absolute_url()


class PersonEdit(FormPage, OfPerson):
    """Change the name, address, roles and scope of a person."""

    form_class = PersonForm
    success_message = "Saved."

    def get_page_title(self) -> str:
        """Names the person."""
        return f"Edit {self.object.name}"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The person as they are now."""
        return super().get_form_kwargs() | {"person": self.object}

    def get_cancel_url(self) -> str:
        """Back to the person."""
        return str(self.object.get_absolute_url())

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the version on which the form is filled in."""
        posted = self.request.POST.get("expected", "")
        seen = posted if posted.isdecimal() else self.object.version
        return super().get_context_data(expected=seen, **context)

    def save(self, form: Any) -> str:
        """Save unless somebody else changed the person meanwhile."""
        services.change_person(
            user=self.object, values=form.cleaned_data, actor=self.actor,
            expected=posted_version(self.request.POST, "expected"),
        )  # fmt: skip
        return self.get_cancel_url()


class PersonAct(OfPerson):
    """Base of buttons on a person: deactivate, activate, mail or show a link."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Act and return to the person's page, with the refusal as a message."""
        person = self.object
        try:
            done = self.act(person)
        except Refused as refusal:
            for reason in refusal.reasons:
                messages.error(request, f"{reason.detail} {reason.fix}".strip())
            done = None
        return done or go_to(request, person.get_absolute_url())

    def act(self, person: User) -> HttpResponseBase | None:
        """Call the service. Returns a response, or None to return to the person's page."""
        raise NotImplementedError


class PersonActivate(PersonAct):
    """Give access back."""

    def act(self, person: User) -> None:
        """Activate."""
        services.activate_person(user=person, actor=self.actor)
        messages.success(self.request, f"{person.name} can sign in again.")


class PersonDeactivate(PersonAct):
    """End access."""

    def act(self, person: User) -> None:
        """Deactivate."""
        services.deactivate_person(user=person, actor=self.actor)
        messages.success(self.request, f"{person.name} cannot sign in any more.")


class PersonLink(PersonAct):
    """A link to set a password, mailed or shown once."""

    def act(self, person: User) -> HttpResponse | None:
        """Mail or show."""
        root = root_of(self.request)
        if self.request.POST.get("how") != "show":
            services.mail_password_link(user=person, root=root, actor=self.actor)
            messages.success(self.request, f"A link goes to {person.email}.")
            return None
        link = services.show_password_link(user=person, root=root, actor=self.actor)
        self.template_name = "accounts/secret.html"
        return self.respond(
            self.get_context_data(
                page_title=f"Link for {person.name}", secret=link, back=person.get_absolute_url(),
                what="Whoever opens this link sets the password. It works once.",
            )
        )  # fmt: skip


def root_of(request: HttpRequest) -> str:
    """The address of the product as this request reached it."""
    return request.build_absolute_uri("/")
