"""What the officer opens on the phone."""

from django.urls import path

from liaison.mobile.pages import manifest, shell, worker

urlpatterns = [
    path("", shell, name="phone"),
    path("worker.js", worker, name="phone_worker"),
    path("manifest.webmanifest", manifest, name="phone_manifest"),
    path("<path:path>", shell, name="phone_screen"),
]
