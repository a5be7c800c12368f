"""Everything under /api/: one version, its schema and its documentation.

Addresses work with and without a slash at their end: a redirect would turn a POST into a GET.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.request import Request
from rest_framework.routers import SimpleRouter
from rest_framework.views import APIView

from enterprises.api import EnterpriseViewSet
from issues.api.views import IssueViewSet, KindViewSet
from liaison.accounts.access import EVERYONE, SIGNED_IN, open_to
from liaison.accounts.api import MeView, OfficerViewSet, TokenView
from liaison.accounts.permissions import HasAccess
from liaison.evidence.api import EvidenceViewSet
from liaison.notices.api import NoticeViewSet
from liaison.whereabouts.api import PositionConsentView, ShiftView
from patrols.guard_api import GuardViewSet
from patrols.night_api import DutyNightViewSet
from visits.api import VisitViewSet
from visits.places import CheckInView
from visits.plan_api import DayPlanView

router = SimpleRouter()
router.trailing_slash = "/?"
router.register("enterprises", EnterpriseViewSet)
router.register("visits", VisitViewSet)
router.register("issues", IssueViewSet)
router.register("issue-kinds", KindViewSet)
router.register("evidence", EvidenceViewSet)
router.register("officers", OfficerViewSet)
router.register("notices", NoticeViewSet)
router.register("guards", GuardViewSet)
router.register("duty-nights", DutyNightViewSet)


class SchemaView(SpectacularAPIView):
    access = SIGNED_IN
    # The library's own default lets everyone in.
    permission_classes = (HasAccess,)


@open_to(SIGNED_IN)
def docs(request: HttpRequest) -> HttpResponse:
    """The documentation, from our own server."""
    return render(request, "api/docs.html")


class NoSuchAddress(APIView):
    """What programs are told of an address that is not there, in the shape of every error."""

    access = EVERYONE
    schema = None

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        raise Http404


urlpatterns = [
    re_path("^v1/auth/token/?$", TokenView.as_view(), name="api_token"),
    re_path("^v1/me/?$", MeView.as_view(), name="api_me"),
    re_path("^v1/check-ins/?$", CheckInView.as_view(), name="api_check_in"),
    re_path("^v1/shift/?$", ShiftView.as_view(), name="api_shift"),
    re_path("^v1/position-consent/?$", PositionConsentView.as_view(), name="api_position_consent"),
    re_path("^v1/day-plan/?$", DayPlanView.as_view(), name="api_day_plan"),
    path("v1/", include(router.urls)),
    re_path("^schema/?$", SchemaView.as_view(), name="api_schema"),
    re_path("^docs/?$", docs, name="api_docs"),
    re_path("", NoSuchAddress.as_view()),
]
