from django.urls import path

from enterprises.views import assignment, edit, ledger

urlpatterns = [
    path("", ledger.enterprise_list, name="enterprise_list"),
    path("export.<str:kind>", ledger.enterprise_export, name="enterprise_export"),
    path("new/", edit.enterprise_new, name="enterprise_new"),
    path("<int:pk>/edit/", edit.enterprise_edit, name="enterprise_edit"),
    path("<int:pk>/stage/", edit.enterprise_stage, name="enterprise_stage"),
    path("<int:pk>/assign/", assignment.enterprise_assign, name="enterprise_assign"),
    path("assignment/", assignment.assignment_desk, name="assignment_desk"),
    path("assignment/propose/", assignment.assignment_propose, name="assignment_propose"),
    path("assignment/save/", assignment.assignment_save, name="assignment_save"),
    path("hand-over/", assignment.hand_over_form, name="hand_over"),
    path("covers/new/", assignment.cover_new, name="cover_new"),
    path("covers/<int:pk>/cancel/", assignment.cover_cancel, name="cover_cancel"),
]
