"""The addresses from which a phone reads: whose it is, and what it keeps for the way."""

import base64
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.cache import set_response_etag
from django.utils.crypto import salted_hmac
from django.utils.decorators import method_decorator
from django.views.decorators.gzip import gzip_page
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from liaison.accounts.models import Unit, User
from liaison.accounts.permissions import person
from liaison.core.api.filters import ON_EVERYTHING, must_be_known
from liaison.core.api.shown import ShownRow
from liaison.mobile.api import STATION_ONLY
from liaison.mobile.data import everything

KEY_SALT = "liaison.mobile.key"


class OwnerUnitSerializer(ShownRow[Unit]):
    class Meta:
        model = Unit
        fields = ("id", "name")
        read_only_fields = fields


class OwnerSerializer(ShownRow[User]):
    unit = OwnerUnitSerializer(allow_null=True)

    class Meta:
        model = User
        fields = ("id", "name", "kind", "unit")
        read_only_fields = fields


class WhoSerializer(serializers.Serializer[Any]):
    user = OwnerSerializer()
    csrf = serializers.CharField(help_text="To be sent as X-CSRFToken.")
    key = serializers.CharField(
        help_text="32 bytes in base64, always the same for this person: what the phone keeps "
        "unsent for a person who has left is sealed with it."
    )
    server_time = serializers.DateTimeField()
    keep_until = serializers.DateTimeField(
        help_text="Unless it reaches the server before, the phone then forgets what it was given."
    )


class WhoView(APIView):
    """Whose phone it is now."""

    access = STATION_ONLY

    @extend_schema(operation_id="mobile_who", responses=WhoSerializer)
    def get(self, request: Request) -> Response:
        """Who is signed in, and what the phone needs for sending and for keeping."""
        must_be_known(request, ON_EVERYTHING)
        user, now = person(request), timezone.now()
        answer = {
            "user": user,
            "csrf": get_token(request._request),
            "key": base64.b64encode(key_of(user)).decode(),
            "server_time": now,
            "keep_until": now + timedelta(hours=settings.MOBILE_KEEP_OFFLINE_HOURS),
        }
        return Response(WhoSerializer(answer).data)


# Most of it is names and labels that repeat, and the network at a gate is weak. It holds no token
# and nothing of the request, from whose length something could be guessed.
@method_decorator(gzip_page, name="dispatch")
class DataView(APIView):
    """What a phone keeps."""

    access = STATION_ONLY

    @extend_schema(operation_id="mobile_data", responses=everything.PhoneDataSerializer)
    def get(self, request: Request) -> Response:
        """Everything that is needed at the gate without a network, as this person sees it now. Of
        what has not changed since the ETag sent as If-None-Match a 304 says so."""
        must_be_known(request, ON_EVERYTHING)
        answer = Response(everything.shown(person(request)))
        # Django makes none for what must not be stored, as browsers must not store this: the phone
        # keeps it itself. To compare by it is the middleware's.
        answer.add_post_render_callback(set_response_etag)
        return answer


def key_of(user: User) -> bytes:
    """For sealing on the phone. It cannot be guessed without SECRET_KEY, is kept nowhere, and is
    another one once that has been changed."""
    return salted_hmac(KEY_SALT, str(user.pk), algorithm="sha256").digest()
