"""Every address of the product."""

from django.urls import include, path

from secondsource.core import health

handler400 = "secondsource.workspace.errors.bad_request"
handler403 = "secondsource.workspace.errors.forbidden"
handler404 = "secondsource.workspace.errors.not_found"
handler500 = "secondsource.workspace.errors.server_error"

urlpatterns = [
    path("health/live/", health.live, name="health-live"),
    path("health/ready/", health.ready, name="health-ready"),
    path("api/v1/", include("secondsource.api_urls")),
    path("accounts/", include("secondsource.accounts.urls")),
    path("", include("secondsource.accounts.urls_people")),
    path("", include("secondsource.workspace.urls_shell")),
    path("", include("parts.urls")),
    path("", include("suppliers.urls")),
    path("", include("secondsource.workspace.urls")),
    path("", include("qualification.urls")),
    path("", include("incentives.pool_urls")),
    path("", include("incentives.urls")),
    path("", include("incentives.saving_urls")),
    path("", include("secondsource.exchange.urls")),
]
