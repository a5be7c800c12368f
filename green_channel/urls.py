"""The green channel at the station."""

from django.urls import path

from green_channel.views import applications, catalogue, exporting

urlpatterns = [
    path("", applications.green_list, name="green_list"),
    path("export.<str:kind>", exporting.green_export, name="green_export"),
    path("<int:pk>/", applications.green_detail, name="green_detail"),
    path("<int:pk>/files/<uuid:file>/", applications.green_file, name="green_file"),
    path("<int:pk>/<slug:step>/", applications.green_step, name="green_step"),
    path("bases/", catalogue.green_bases, name="green_bases"),
    path("items/", catalogue.green_item_list, name="green_item_list"),
    path("items/new/", catalogue.green_item_new, name="green_item_new"),
    path("items/<int:pk>/", catalogue.green_item, name="green_item"),
    path("items/<int:pk>/edit/", catalogue.green_item_edit, name="green_item_edit"),
    path("items/<int:pk>/local/", catalogue.green_local, name="green_local"),
    path("items/<int:pk>/apply/", applications.green_apply, name="green_apply"),
]
