"""Every address of the product."""

from django.urls import URLPattern, URLResolver, include, path

from enterprises.views.invitation import accept
from liaison.health import healthz

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("liaison.staff.urls")),
    path("enterprises/", include("enterprises.urls")),
    path("enterprises/", include("liaison.endings.urls")),
    path("issues/", include("issues.urls")),
    path("visits/", include("visits.urls")),
    path("green/", include("green_channel.urls")),
    path("documents/", include("documents.urls")),
    path("workers/", include("workers.urls")),
    path("patrols/", include("patrols.urls")),
    path("position/", include("liaison.whereabouts.urls")),
    path("notices/", include("liaison.notices.urls")),
    path("calendar/", include("liaison.calendars.urls")),
    path("jobs/", include("liaison.jobs.urls")),
    path("m/", include("liaison.mobile.page_urls")),
    path("i/<str:token>/", accept, name="invitation"),
    path("portal/", include("liaison.portal.urls")),
    path("l/", include("issues.link_urls")),
    path("n/", include("patrols.night_urls")),
    path("mobile/", include("liaison.mobile.urls")),
    path("accounts/", include("liaison.accounts.urls")),
    path("api/", include("liaison.api")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("healthz", healthz, name="healthz"),
]
