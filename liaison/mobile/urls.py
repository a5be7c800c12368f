"""What the phone's programs talk to; as in the API with or without a slash at the end."""

from django.urls import re_path

from liaison.mobile.api import OutboxView, UploadsView, UploadView
from liaison.mobile.reading import DataView, WhoView

UPLOAD = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"

urlpatterns = [
    re_path("^who/?$", WhoView.as_view(), name="mobile_who"),
    re_path("^data/?$", DataView.as_view(), name="mobile_data"),
    re_path("^outbox/?$", OutboxView.as_view(), name="mobile_outbox"),
    re_path("^uploads/?$", UploadsView.as_view(), name="mobile_uploads"),
    re_path(f"^uploads/(?P<client_id>{UPLOAD})/?$", UploadView.as_view(), name="mobile_upload"),
]
