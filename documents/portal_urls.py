from django.urls import path

from documents.views import portal

urlpatterns = [
    path("documents/", portal.portal_documents, name="portal_documents"),
    path("documents/<int:pk>/", portal.portal_document, name="portal_document"),
    path(
        "documents/<int:pk>/acknowledge/",
        portal.portal_document_acknowledge,
        name="portal_document_acknowledge",
    ),
    path("documents/<int:pk>/reply/", portal.portal_document_reply, name="portal_document_reply"),
    path(
        "documents/<int:pk>/files/<uuid:evidence>/",
        portal.portal_document_file,
        name="portal_document_file",
    ),
    path("orders/", portal.portal_orders, name="portal_orders"),
    path("orders/<int:pk>/", portal.portal_order, name="portal_order"),
    path("orders/<int:pk>/receive/", portal.portal_order_receive, name="portal_order_receive"),
    path(
        "orders/<int:pk>/items/<int:item>/answer/",
        portal.portal_order_answer,
        name="portal_order_answer",
    ),
    path(
        "orders/<int:pk>/photos/<uuid:evidence>/",
        portal.portal_order_file,
        name="portal_order_file",
    ),
]
