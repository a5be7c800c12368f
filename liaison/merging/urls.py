from django.urls import path

from liaison.merging import views

urlpatterns = [
    path("duplicates/", views.duplicates, name="duplicates"),
    path("<int:pk>/merge/", views.enterprise_merge, name="enterprise_merge"),
]
