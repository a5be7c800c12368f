from django.urls import path

from enterprises.views import portal

urlpatterns = [
    path("contacts/", portal.portal_contacts, name="portal_contacts"),
    path(
        "enterprises/<int:pk>/contacts/new/", portal.portal_contact_new, name="portal_contact_new"
    ),
    path("contacts/<int:pk>/invite/", portal.portal_contact_invite, name="portal_contact_invite"),
    path("contacts/<int:pk>/revoke/", portal.portal_contact_revoke, name="portal_contact_revoke"),
    path("contacts/<int:pk>/left/", portal.portal_contact_leave, name="portal_contact_leave"),
    path(
        "contacts/<int:pk>/in-charge/",
        portal.portal_contact_in_charge,
        name="portal_contact_in_charge",
    ),
]
