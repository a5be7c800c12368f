from django.urls import path

from liaison.calendars import views

urlpatterns = [
    path("", views.calendar, name="calendar"),
    path("hours/", views.working_hours, name="working_hours"),
]
