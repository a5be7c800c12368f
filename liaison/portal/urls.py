"""The enterprise's door. Each app's own pages for contacts stand in its ``portal_urls``."""

from django.urls import include, path

from liaison.portal import views

urlpatterns = [
    path("", views.home, name="portal_home"),
    path("bill/", include("issues.portal_urls")),
    path("mine/", views.mine, name="portal_mine"),
    path("letters/", views.letters, name="portal_letters"),
    path("green/", include("green_channel.portal_urls")),
    path("bill/", include("issues.portal_urls")),
    path("visits/", include("visits.portal_urls")),
    path("", include("enterprises.portal_urls")),
    path("", include("documents.portal_urls")),
    path("workers/", include("workers.portal_urls")),
    path("guards/", include("patrols.guard_portal_urls")),
    path("duties/", include("patrols.duty_portal_urls")),
]
