"""List and detail from the same rows."""

from typing import Any, TypeVar

from django.db.models import Model
from django.shortcuts import get_object_or_404
from rest_framework import mixins, viewsets
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from liaison.core.api.filters import ON_EVERYTHING, must_be_known

M = TypeVar("M", bound=Model)


class ListAndDetail(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[M]):
    """``get_queryset`` starts at ``visible_to``; what is not in it is a 404 in every address."""

    def get_object(self) -> M:
        # Filters belong to the list; on one row they could only be ignored.
        must_be_known(self.request, ON_EVERYTHING)
        found: M = get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"])
        return found


class AnyType(DefaultContentNegotiation):
    """For addresses that serve files: whoever asks for image/png is not answered with a 406."""

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        return renderers[0], renderers[0].media_type
