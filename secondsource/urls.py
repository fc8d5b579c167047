"""Every address of the product."""

from django.urls import include, path

from secondsource.core import health

handler400 = "secondsource.core.api.problems.bad_request"
handler403 = "secondsource.core.api.problems.permission_denied"
handler404 = "secondsource.core.api.problems.not_found"
handler500 = "secondsource.core.api.problems.server_error"

urlpatterns = [
    path("health/live/", health.live, name="health-live"),
    path("health/ready/", health.ready, name="health-ready"),
    path("api/v1/", include("secondsource.api_urls")),
    path("accounts/", include("allauth.account.urls")),
    path("", include("secondsource.workspace.urls_shell")),
    path("", include("secondsource.workspace.urls")),
    path("", include("parts.urls")),
    path("", include("suppliers.urls")),
    path("", include("qualification.urls")),
    path("", include("secondsource.exchange.urls")),
]
