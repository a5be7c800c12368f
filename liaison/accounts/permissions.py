"""API views ask the same rule as pages do."""

from typing import TYPE_CHECKING

from django.http import Http404
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from liaison.accounts.access import rule_of

if TYPE_CHECKING:
    # DRF reads this module while it is still loading its own views.
    from rest_framework.views import APIView


class HasAccess(BasePermission):
    """Admits whom the view's ``access`` admits."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        rule = rule_of(type(view))
        admitted = rule is not None and rule.admits(request.user)  # type: ignore[arg-type]
        if not admitted and request.user.is_authenticated:
            # As on pages: what is not yours does not exist for you.
            raise Http404
        return admitted
