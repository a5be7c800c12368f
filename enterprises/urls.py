from django.urls import path

from enterprises.views import (
    assignment,
    cards,
    contacts,
    edit,
    handing_over,
    importing,
    ledger,
    proposing,
)

urlpatterns = [
    path("", ledger.enterprise_list, name="enterprise_list"),
    path("export.<str:kind>", ledger.enterprise_export, name="enterprise_export"),
    path("cards/", cards.enterprise_cards, name="enterprise_cards"),
    path("<int:pk>/card/renew/", cards.gate_renew, name="gate_renew"),
    path("new/", edit.enterprise_new, name="enterprise_new"),
    path("<int:pk>/edit/", edit.enterprise_edit, name="enterprise_edit"),
    path("<int:pk>/stage/", edit.enterprise_stage, name="enterprise_stage"),
    path("<int:pk>/assign/", assignment.enterprise_assign, name="enterprise_assign"),
    path("<int:pk>/deputy/", assignment.enterprise_deputy, name="enterprise_deputy"),
    path("<int:pk>/contacts/new/", contacts.contact_new, name="contact_new"),
    path("contacts/<int:pk>/", contacts.contact_edit, name="contact_edit"),
    path("assignment/", assignment.assignment_desk, name="assignment_desk"),
    path("assignment/propose/", proposing.assignment_propose, name="assignment_propose"),
    path("assignment/save/", assignment.assignment_save, name="assignment_save"),
    path("hand-over/", handing_over.hand_over_form, name="hand_over"),
    path("covers/new/", handing_over.cover_new, name="cover_new"),
    path("covers/<int:pk>/cancel/", handing_over.cover_cancel, name="cover_cancel"),
    path("import/", importing.import_list, name="import_list"),
    path("import/new/", importing.import_new, name="import_new"),
    path("import/template.xlsx", importing.import_template, name="import_template"),
    path("import/<int:pk>/", importing.import_detail, name="import_detail"),
    path("import/<int:pk>/apply/", importing.import_apply, name="import_apply"),
    path("import/<int:pk>/discard/", importing.import_discard, name="import_discard"),
    path("import/<int:pk>/undo/", importing.import_undo, name="import_undo"),
]
