"""What a link without sign-in opens: below /l/."""

from django.urls import path

from issues.views import by_link

urlpatterns = [path("<str:key>/", by_link.by_link, name="issue_by_link")]
