"""API views ask the same rule as pages do."""

from typing import TYPE_CHECKING

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from liaison.accounts.access import rule_of
from liaison.accounts.models import User

if TYPE_CHECKING:
    # DRF reads this module while it is still loading its own views.
    from rest_framework.views import APIView


OWES_A_PASSWORD = _("Choose a password of your own on the website first.")


class HasAccess(BasePermission):
    """Admits whom the view's ``access`` admits, once they have a password of their own."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        rule = rule_of(type(view))
        admitted = rule is not None and rule.admits(request.user)  # type: ignore[arg-type]
        if not admitted and request.user.is_authenticated:
            # As on pages: what is not yours does not exist for you.
            raise Http404
        if getattr(request.user, "must_change_password", False):
            raise PermissionDenied(OWES_A_PASSWORD, code="password_change_due")
        return admitted


def person(request: Request) -> User:
    """Who asks, on a view that admits nobody anonymous."""
    if not isinstance(request.user, User):
        raise TypeError("this view must not be open to everyone")
    return request.user
