"""Guards at the station, below /patrols/guards/."""

from django.urls import path

from patrols.views import guard_lists, guards

urlpatterns = [
    path("", guards.guard_list, name="guard_list"),
    path("<int:pk>/", guards.guard_detail, name="guard_detail"),
    path("<int:pk>/edit/", guards.guard_edit, name="guard_edit"),
    path("<int:pk>/leave/", guards.guard_leave, name="guard_leave"),
    path("<int:pk>/answer/", guards.guard_answer, name="guard_answer"),
    path("new/", guards.guard_new, name="guard_new"),
    path("warnings/", guards.guard_warnings, name="guard_warnings"),
    path("export.<str:kind>", guards.guard_export, name="guard_export"),
    path("list.xlsx", guard_lists.list_template, name="guard_list_template"),
    path("lists/", guard_lists.list_list, name="guard_lists"),
    path("lists/new/", guard_lists.list_new, name="guard_list_new"),
    path("lists/<int:pk>/", guard_lists.list_detail, name="guard_list_detail"),
    path("lists/<int:pk>/apply/", guard_lists.list_apply, name="guard_list_apply"),
    path("lists/<int:pk>/discard/", guard_lists.list_discard, name="guard_list_discard"),
    path("lists/<int:pk>/undo/", guard_lists.list_undo, name="guard_list_undo"),
]
