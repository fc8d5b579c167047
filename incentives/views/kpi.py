"""The shared targets of teams by year."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse

from incentives import services, team_kpi
from incentives.house_rules import KpiPolicy
from incentives.models import KpiTarget
from incentives.saving_forms import TargetForm
from secondsource.accounts.models import Team
from secondsource.core import clock, policies
from secondsource.core.views import FormPage, ObjectPage, Page

#: Years that can have targets.
YEARS = frozenset(str(year) for year in range(2000, 2101))


class KpiPage(Page):
    """Attainment, pace and forecast of each team in a year, with quality and cover beside."""

    permission_required = "incentives.view_kpi"
    template_name = "incentives/kpi.html"
    page_title = "Team targets"

    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """The year of the query string, else this one."""
        years = team_kpi.years()
        asked = request.GET.get("year", "")
        year = int(asked) if asked in YEARS else clock.business_day().year
        context = self.get_context_data(
            rows=team_kpi.of_year(year), year=year,
            tabs=[
                {"label": str(one), "url": f"?year={one}", "current": one == year}
                for one in years
            ],
            rules=policies.active(KpiPolicy)[0],
            may_set=self.actor.may("incentives.write_target"),
        )  # fmt: skip
        return self.respond(context)


class TargetPage(FormPage, ObjectPage):
    """Set the target of a team and a year."""

    permission_required = "incentives.write_target"
    form_class = TargetForm
    submit_label = "Set target"
    success_message = "Target set."
    lookup: ClassVar[Mapping[str, str]] = {"team": "code"}
    context_name = "team"

    def get_queryset(self) -> QuerySet[Any]:
        return Team.objects.all()

    @property
    def year(self) -> int:
        """The year of the URL. Raises ``Http404``."""
        year: int = self.kwargs["year"]
        if not 2000 <= year <= 2100:
            raise Http404(f"No targets of {year}.")
        return year

    def get_page_title(self) -> str:
        """Team and year."""
        return f"Target of {self.object.name} for {self.year}"

    def get_cancel_url(self) -> str:
        """The year."""
        return f"{reverse('kpi')}?year={self.year}"

    def present(self) -> KpiTarget | None:
        """The target as it stands."""
        return KpiTarget.objects.filter(team=self.object, year=self.year).first()

    def get_form_kwargs(self) -> dict[str, Any]:
        """The present target, else the usual one."""
        rules: Any = self.present() or policies.active(KpiPolicy)[0]
        names = TargetForm.base_fields
        initial = {name: getattr(rules, name) for name in names}
        return {"initial": initial, **super().get_form_kwargs()}

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the version on which the form is filled in."""
        present = self.present()
        return super().get_context_data(expected=present.version if present else "", **context)

    def save(self, form: Any) -> str:
        """Set it."""
        typed = self.request.POST.get("expected", "")
        services.set_target(
            team=self.object, year=self.year, actor=self.actor,
            expected=int(typed) if typed.isdecimal() and len(typed) < 10 else None,
            **form.cleaned_data,
        )  # fmt: skip
        return self.get_cancel_url()
