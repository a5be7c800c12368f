"""Tokens, who am I, and whom one may assign."""

from typing import Any

from django.contrib.auth import authenticate
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.authtoken.models import Token
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from liaison.accounts.access import EVERYONE, SIGNED_IN, STAFF_ONLY
from liaison.accounts.models import User
from liaison.accounts.throttle import must_not_be_locked, note_failure, note_success
from liaison.core.api import KnownFieldsOnly, KnownParametersOnly


class Credentials(KnownFieldsOnly):
    username = serializers.CharField(max_length=150, help_text="Username or phone number.")
    password = serializers.CharField(max_length=200, trim_whitespace=False)


class TokenAnswer(serializers.Serializer[Any]):
    token = serializers.CharField()


class PersonSerializer(serializers.ModelSerializer[User]):
    class Meta:
        model = User
        fields = ("id", "username", "name", "kind")
        read_only_fields = fields


class TokenView(APIView):
    """Exchange a sign-in for a token."""

    access = EVERYONE
    authentication_classes = ()

    @extend_schema(request=Credentials, responses=TokenAnswer)
    def post(self, request: Request) -> Response:
        asked = Credentials(data=request.data)
        asked.is_valid(raise_exception=True)
        username = asked.validated_data["username"]
        must_not_be_locked(username, request._request)
        user = authenticate(
            request._request, username=username, password=asked.validated_data["password"]
        )
        if not isinstance(user, User):
            note_failure(username, request._request)
            raise serializers.ValidationError(
                {"non_field_errors": [_("The name or the password is wrong.")]}
            )
        note_success(username)
        token, _made = Token.objects.get_or_create(user=user)
        return Response({"token": token.key})


class MeView(APIView):
    """Who the token belongs to."""

    access = SIGNED_IN

    @extend_schema(responses=PersonSerializer)
    def get(self, request: Request) -> Response:
        user: User = request.user  # type: ignore[assignment]
        return Response(PersonSerializer(user).data)


class OfficerViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[User]):
    """Officers who may answer for enterprises."""

    access = STAFF_ONLY
    serializer_class = PersonSerializer
    queryset = User.objects.none()
    filter_backends = (KnownParametersOnly,)
    orders = {"name": ("name", "id")}
    default_order = ("name", "id")

    def get_queryset(self) -> QuerySet[User]:
        user: User = self.request.user  # type: ignore[assignment]
        return User.objects.visible_to(user).may_answer_for_enterprises()
