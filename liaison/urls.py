"""Every address of the product."""

from django.urls import URLPattern, URLResolver, include, path

from liaison.health import healthz

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("liaison.staff.urls")),
    path("enterprises/", include("enterprises.urls")),
    path("issues/", include("issues.urls")),
    path("visits/", include("visits.urls")),
    path("position/", include("liaison.whereabouts.urls")),
    path("notices/", include("liaison.notices.urls")),
    path("calendar/", include("liaison.calendars.urls")),
    path("jobs/", include("liaison.jobs.urls")),
    path("m/", include("liaison.mobile.page_urls")),
    path("mobile/", include("liaison.mobile.urls")),
    path("accounts/", include("liaison.accounts.urls")),
    path("api/", include("liaison.api")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("healthz", healthz, name="healthz"),
]
