from django.urls import path

from liaison.endings import views

urlpatterns = [
    path("duplicates/", views.duplicates, name="duplicates"),
    path("<int:pk>/closing/", views.enterprise_close, name="enterprise_close"),
    path("<int:pk>/merge/", views.enterprise_merge, name="enterprise_merge"),
]
