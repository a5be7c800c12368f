from django.urls import path

from documents.views import orders, staff

urlpatterns = [
    path("", staff.document_list, name="document_list"),
    path("new/", staff.document_new, name="document_new"),
    path("<int:pk>/", staff.document_detail, name="document_detail"),
    path("<int:pk>/replace/", staff.document_replace, name="document_replace"),
    path("<int:pk>/withdraw/", staff.document_withdraw, name="document_withdraw"),
    path("<int:pk>/files/<uuid:evidence>/", staff.document_file, name="document_file"),
    path("orders/", orders.order_list, name="order_list"),
    path("orders/new/", orders.order_new, name="order_new"),
    path("orders/<int:pk>/", orders.order_detail, name="order_detail"),
    path("orders/<int:pk>/sheet/", orders.order_sheet, name="order_sheet"),
    path("orders/<int:pk>/revoke/", orders.order_revoke, name="order_revoke"),
    path("orders/<int:pk>/items/<int:item>/look/", orders.order_look, name="order_look"),
    path("orders/<int:pk>/photos/<uuid:evidence>/", orders.order_file, name="order_file"),
]
