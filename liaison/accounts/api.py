"""Tokens, who am I, and whom one may assign."""

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.authentication import BaseAuthentication
from rest_framework.authtoken.models import Token
from rest_framework.exceptions import APIException, NotAuthenticated, PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from liaison.accounts.access import EVERYONE, SIGNED_IN, STAFF_ONLY
from liaison.accounts.models import User
from liaison.accounts.permissions import OWES_A_PASSWORD, person
from liaison.accounts.throttle import try_to_sign_in
from liaison.core.api.errors import Locked, Problem
from liaison.core.api.fields import KnownFieldsOnly
from liaison.core.api.filters import ON_EVERYTHING, KnownParametersOnly, must_be_known
from liaison.core.api.shown import ShownRow


class Credentials(KnownFieldsOnly):
    username = serializers.CharField(max_length=150, help_text="Username or phone number.")
    password = serializers.CharField(max_length=200, trim_whitespace=False)


class TokenAnswer(serializers.Serializer[Any]):
    token = serializers.CharField(help_text="Send it as “Authorization: Token …”.")


class PersonSerializer(ShownRow[User]):
    """A person as others see them: enterprises read this too, so no sign-in name."""

    class Meta:
        model = User
        fields: tuple[str, ...] = ("id", "name", "kind")
        read_only_fields = fields


class OfficerSerializer(PersonSerializer):
    class Meta(PersonSerializer.Meta):
        fields: tuple[str, ...] = ("id", "username", "name", "kind")
        read_only_fields = fields


class MeSerializer(OfficerSerializer):
    unit: Any = serializers.SlugRelatedField("code", read_only=True, allow_null=True)

    class Meta(OfficerSerializer.Meta):
        fields = (*OfficerSerializer.Meta.fields, "unit")
        read_only_fields = fields


class WrongPassword(APIException):
    status_code = status.HTTP_400_BAD_REQUEST
    default_code = "wrong_password"
    default_detail = _("The name or the password is wrong.")


class TokenView(APIView):
    """Sign in and out."""

    access = EVERYONE

    def get_authenticators(self) -> list[BaseAuthentication]:
        # Whoever signs in may still carry a token that is no longer good.
        asked = getattr(self.request, "method", None)  # None while the schema is being made
        return super().get_authenticators() if asked == "DELETE" else []

    @extend_schema(
        operation_id="token_create",
        request=Credentials,
        responses={
            200: TokenAnswer,
            403: OpenApiResponse(Problem, "A password of one's own must be chosen first."),
            429: OpenApiResponse(Locked, "Too many failures: locked for a while."),
        },
    )
    def post(self, request: Request) -> Response:
        """Exchange a sign-in for a token. A person has one token, on every device the same."""
        must_be_known(request, ON_EVERYTHING)
        asked = Credentials(data=request.data)
        asked.is_valid(raise_exception=True)
        username = asked.validated_data["username"]
        user = try_to_sign_in(request._request, username, asked.validated_data["password"])
        if user is None:
            raise WrongPassword
        if user.must_change_password:
            # A password that somebody else has made is good for choosing one's own, on the page.
            raise PermissionDenied(OWES_A_PASSWORD, code="password_change_due")
        token, _made = Token.objects.get_or_create(user=user)
        # Heard by the record, as a sign-in on the page is.
        user_logged_in.send(User, request=request._request, user=user)
        return Response({"token": token.key})

    @extend_schema(
        operation_id="token_destroy", responses={204: OpenApiResponse(None, "No longer good.")}
    )
    def delete(self, request: Request) -> Response:
        """Make one's token worthless, on every device; the next sign-in makes another."""
        if not isinstance(request.user, User):
            raise NotAuthenticated
        Token.objects.filter(user=request.user).delete()
        return Response(status=status.HTTP_204_NO_CONTENT)


class MeView(APIView):
    """Who the token belongs to."""

    access = SIGNED_IN

    @extend_schema(operation_id="me_retrieve", responses=MeSerializer)
    def get(self, request: Request) -> Response:
        must_be_known(request, ON_EVERYTHING)
        return Response(MeSerializer(person(request)).data)


class OfficerViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[User]):
    """Officers who may answer for enterprises."""

    access = STAFF_ONLY
    serializer_class = OfficerSerializer
    queryset = User.objects.none()
    filter_backends = (KnownParametersOnly,)
    orders = {"name": ("name", "id")}
    default_order = ("name", "id")

    def get_queryset(self) -> QuerySet[User]:
        return User.objects.visible_to(person(self.request)).may_answer_for_enterprises()
