"""The guard's door: below /n/, without an account."""

from django.urls import path

from patrols.views import guard_page

urlpatterns = [
    path("", guard_page.by_pin, name="night_pin"),
    path("worker.js", guard_page.worker, name="night_worker"),
    path("c/<str:code>/", guard_page.plate, name="night_plate"),
    path("<str:token>/", guard_page.shell, name="night"),
    path("<str:token>/data/", guard_page.data, name="night_data"),
    path("<str:token>/operations/", guard_page.operations, name="night_operations"),
    path("<str:token>/photos/<uuid:shot>/", guard_page.photo, name="night_photo"),
]
