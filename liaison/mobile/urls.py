"""What the phone's programs talk to; as in the API with or without a slash at the end."""

from django.urls import re_path

from liaison.mobile.api import OutboxView, UploadsView, UploadView

UPLOAD = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"

urlpatterns = [
    re_path("^outbox/?$", OutboxView.as_view(), name="mobile_outbox"),
    re_path("^uploads/?$", UploadsView.as_view(), name="mobile_uploads"),
    re_path(f"^uploads/(?P<client_id>{UPLOAD})/?$", UploadView.as_view(), name="mobile_upload"),
]
