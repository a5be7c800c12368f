"""The green channel at the enterprise's door."""

from django.urls import path

from green_channel.views import portal

urlpatterns = [
    path("", portal.portal_green_catalogue, name="portal_green_catalogue"),
    path("items/<int:pk>/", portal.portal_green_item, name="portal_green_item"),
    path("items/<int:pk>/apply/", portal.portal_green_apply, name="portal_green_apply"),
    path("applications/", portal.portal_green_applications, name="portal_green_applications"),
    path(
        "applications/<int:pk>/", portal.portal_green_application, name="portal_green_application"
    ),
    path("applications/<int:pk>/bring/", portal.portal_green_bring, name="portal_green_bring"),
    path(
        "applications/<int:pk>/received/",
        portal.portal_green_received,
        name="portal_green_received",
    ),
    path(
        "applications/<int:pk>/files/<uuid:file>/",
        portal.portal_green_file,
        name="portal_green_file",
    ),
]
