"""Everything under /api/: one version, its schema and its documentation."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import SimpleRouter

from enterprises.api import EnterpriseViewSet
from issues.api import IssueViewSet
from liaison.accounts.access import SIGNED_IN
from liaison.accounts.api import MeView, OfficerViewSet, TokenView
from liaison.evidence.api import EvidenceViewSet
from visits.api import VisitViewSet

router = SimpleRouter()
router.register("enterprises", EnterpriseViewSet)
router.register("visits", VisitViewSet)
router.register("issues", IssueViewSet)
router.register("evidence", EvidenceViewSet)
router.register("officers", OfficerViewSet)


class SchemaView(SpectacularAPIView):
    access = SIGNED_IN


class DocsView(SpectacularSwaggerSplitView):
    """The documentation, from our own server and without inline scripts."""

    access = SIGNED_IN
    url_name = "api_schema"


urlpatterns = [
    path("v1/auth/token", TokenView.as_view()),
    path("v1/auth/token/", TokenView.as_view(), name="api_token"),
    path("v1/me/", MeView.as_view(), name="api_me"),
    path("v1/", include(router.urls)),
    path("schema/", SchemaView.as_view(), name="api_schema"),
    path("docs/", DocsView.as_view(), name="api_docs"),
]
