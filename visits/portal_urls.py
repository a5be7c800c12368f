"""Visits, as the enterprise's contacts have them: below /portal/visits/."""

from django.urls import path

from visits.views import portal

urlpatterns = [
    path("", portal.portal_visits, name="portal_visits"),
    path("<int:pk>/", portal.portal_visit, name="portal_visit"),
]
