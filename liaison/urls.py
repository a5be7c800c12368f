"""Every address of the product."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from liaison.health import healthz

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("liaison.staff.urls")),
    path("enterprises/", include("enterprises.urls")),
    path("issues/", include("issues.urls")),
    path("visits/", include("visits.urls")),
    path("accounts/", include("liaison.accounts.urls")),
    path("api/", include("liaison.api")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
    path("healthz", healthz, name="healthz"),
]
