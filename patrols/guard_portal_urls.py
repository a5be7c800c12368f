"""The enterprise's guards, below /portal/guards/."""

from django.urls import path

from patrols.views import guards_portal

urlpatterns = [
    path("", guards_portal.guard_list, name="portal_guards"),
    path("new/", guards_portal.guard_new, name="portal_guard_new"),
    path("<int:pk>/edit/", guards_portal.guard_edit, name="portal_guard_edit"),
    path("<int:pk>/leave/", guards_portal.guard_leave, name="portal_guard_leave"),
]
