"""The addresses to which a phone sends. Every answer is JSON, also that somebody must sign in."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.utils import validate_file_name
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from liaison.accounts.access import Rule
from liaison.accounts.models import STATION_STAFF
from liaison.accounts.permissions import person
from liaison.core.api.bodies import BytesBody, JSONBody, TooLarge
from liaison.core.api.errors import Problem
from liaison.core.api.fields import IdField, KnownFieldsOnly, MomentField
from liaison.core.api.filters import ON_EVERYTHING, must_be_known
from liaison.core.api.shown import ShownRow
from liaison.mobile.actions.outbox import STATUSES, Answer, Outbox, refused_unread
from liaison.mobile.actions.uploads import LARGEST_PIECE, add_piece, begin_upload
from liaison.mobile.clocks import PhoneClock
from liaison.mobile.kinds import KINDS, Sender, Sent
from liaison.mobile.models import Upload

STATION_ONLY = Rule(frozenset(STATION_STAFF))
# Of one batch. A day's work of one officer; a phone with more sends several.
MOST_OPERATIONS = 50
MOST_BYTES = 1024 * 1024


class BatchBody(JSONBody):
    limit = MOST_BYTES


class PieceBody(BytesBody):
    limit = LARGEST_PIECE


def _owner() -> IdField:
    return IdField(help_text="Whose it is: the id of who was signed in when it was made.")


class OperationSerializer(KnownFieldsOnly):
    client_id = serializers.UUIDField(
        help_text="Made by the phone; another one for each operation."
    )
    kind = serializers.CharField(max_length=20, help_text=f"One of {', '.join(KINDS)}.")
    made_at = MomentField(help_text="By the phone's clock.")
    body: Any = serializers.DictField(help_text="By kind; see docs/mobile.md.")


class BatchSerializer(KnownFieldsOnly):
    user = _owner()
    sent_at = MomentField(help_text="What the phone's clock shows now.")
    operations = OperationSerializer(many=True, help_text=f"At most {MOST_OPERATIONS}.")


class _Envelope(BatchSerializer):
    """A batch of which the operations are read one by one: a bad one must not stop the others."""

    operations = serializers.ListField(child=serializers.DictField())  # type: ignore[assignment]


class AnswerSerializer(serializers.Serializer[Any]):
    client_id = serializers.UUIDField()
    status = serializers.ChoiceField(STATUSES)
    code = serializers.CharField(allow_blank=True, help_text="Stable, for programs.")
    message = serializers.CharField(allow_blank=True, help_text="For people, in their language.")
    object: Any = serializers.DictField(
        allow_null=True, help_text="What there is now, or what helps to mend it."
    )


class BatchAnswerSerializer(serializers.Serializer[Any]):
    results: Any = AnswerSerializer(many=True)
    server_time = serializers.DateTimeField()
    clock_skew = serializers.IntegerField(
        help_text="Seconds that were added to the phone's moments; 0 within a minute."
    )


class OutboxView(APIView):
    """What was done on the phone."""

    access = STATION_ONLY
    parser_classes = (BatchBody,)

    @extend_schema(
        operation_id="mobile_outbox",
        request=BatchSerializer,
        responses={200: BatchAnswerSerializer},
    )
    def post(self, request: Request) -> Response:
        """Carry out a batch, in its order, each operation for itself. Safe to send again: what was
        carried out is answered as it was. 200 says only that the batch was read; each operation
        has a status of its own."""
        now = timezone.now()
        must_be_known(request, ON_EVERYTHING)
        asked = _Envelope(data=request.data)
        asked.is_valid(raise_exception=True)
        _must_be_owner(request, asked.validated_data["user"])
        operations = asked.validated_data["operations"]
        if len(operations) > MOST_OPERATIONS:
            raise TooLarge(_("At most %d operations at once.") % MOST_OPERATIONS, code="too_many")
        clock = PhoneClock.measured(now=now, sent_at=asked.validated_data["sent_at"])
        read = [_read(*one) for one in _with_their_ids(operations)]
        sent = [one for one in read if isinstance(one, Sent)]
        taken = iter(Outbox(Sender(request, clock)).take(sent))
        answers = [one if isinstance(one, Answer) else next(taken) for one in read]
        return Response(
            {
                "results": [asdict(one) for one in answers],
                "server_time": timezone.now(),
                "clock_skew": round(clock.skew.total_seconds()),
            }
        )


def _must_be_owner(request: Request, owner: int) -> None:
    if owner != person(request).pk:
        raise PermissionDenied(
            _("This was made by somebody else, who must sign in to send it."), code="another_person"
        )


def _with_their_ids(operations: list[dict[str, Any]]) -> list[tuple[UUID, dict[str, Any]]]:
    """One that nothing can be answered to makes the whole batch a mistake."""
    found, complaints = [], {}
    for n, one in enumerate(operations):
        try:
            found.append((serializers.UUIDField().run_validation(one.get("client_id", "")), one))
        except serializers.ValidationError as error:
            complaints[f"operations.{n}.client_id"] = error.detail
    if complaints:
        raise serializers.ValidationError(complaints)
    return found


def _read(client_id: UUID, one: dict[str, Any]) -> Sent | Answer:
    """An operation; or, where that is none, an answer to it that is not remembered."""
    asked = OperationSerializer(data=one)
    if asked.is_valid():
        return Sent(**asked.validated_data)
    return refused_unread(client_id, serializers.ValidationError(asked.errors))


class AnnouncedSerializer(KnownFieldsOnly):
    user = _owner()
    client_id = serializers.UUIDField(help_text="Made by the phone; another one for each file.")
    sha256 = serializers.RegexField("^[0-9a-f]{64}$", help_text="Of the bytes to be sent, in hex.")
    size = serializers.IntegerField(min_value=1, max_value=2**31 - 1, help_text="Bytes.")
    name = serializers.CharField(max_length=200)
    content_type = serializers.CharField(max_length=60)

    def validate_name(self, name: str) -> str:
        try:
            validate_file_name(name)
        except SuspiciousFileOperation as error:
            raise serializers.ValidationError(_("This is no name of a file.")) from error
        return name


class UploadSerializer(ShownRow[Upload]):
    offset = serializers.IntegerField(source="received", help_text="Bytes that are here.")
    status = serializers.ChoiceField(Upload.Status.choices)
    evidence = serializers.UUIDField(
        source="kept_as", allow_null=True, help_text="Id of the evidence it became."
    )
    code = serializers.CharField(
        source="refused_code", allow_blank=True, help_text="Why it was refused."
    )
    message = serializers.CharField(source="refused_message", allow_blank=True)

    class Meta:
        model = Upload
        fields = ("client_id", "name", "size", "offset", "status", "evidence", "code", "message")
        read_only_fields = fields


class WrongOffset(Problem):
    """The file is here up to another place; nothing was taken."""

    offset = serializers.IntegerField(help_text="Where to go on.")


class UploadsView(APIView):
    """Files on their way."""

    access = STATION_ONLY

    @extend_schema(
        operation_id="mobile_upload_begin",
        request=AnnouncedSerializer,
        responses={
            200: OpenApiResponse(UploadSerializer, "It was announced before; how far it is."),
            201: UploadSerializer,
            409: OpenApiResponse(Problem, "Another file was sent under this client_id."),
        },
    )
    def post(self, request: Request) -> Response:
        """Announce a file, and learn how much of it is here. Safe to send again."""
        must_be_known(request, ON_EVERYTHING)
        asked = AnnouncedSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given = dict(asked.validated_data)
        _must_be_owner(request, given.pop("user"))
        upload, new = begin_upload(by=person(request), **given)
        return _told(upload, status.HTTP_201_CREATED if new else status.HTTP_200_OK)


_CLIENT_ID = OpenApiParameter("client_id", OpenApiTypes.UUID, OpenApiParameter.PATH)
_OFFSET = OpenApiParameter(
    "Upload-Offset", OpenApiTypes.INT, OpenApiParameter.HEADER, required=True,
    description="Where these bytes begin.",
)  # fmt: skip
_ON_PIECE: dict[str, Any] = {
    "parameters": [_CLIENT_ID, _OFFSET],
    "request": {"application/octet-stream": OpenApiTypes.BINARY},
    "responses": {
        200: UploadSerializer,
        409: OpenApiResponse(WrongOffset, WrongOffset.__doc__ or ""),
    },
}


class UploadView(APIView):
    """One file on its way; one's own."""

    access = STATION_ONLY
    parser_classes = (PieceBody,)

    @extend_schema(
        operation_id="mobile_upload", parameters=[_CLIENT_ID], responses=UploadSerializer
    )
    def get(self, request: Request, client_id: str) -> Response:
        """How much of it is here; also in the header Upload-Offset, for HEAD."""
        must_be_known(request, ON_EVERYTHING)
        return _told(self._find())

    @extend_schema(operation_id="mobile_upload_piece", **_ON_PIECE)
    def patch(self, request: Request, client_id: str) -> Response:
        """Send the next bytes. With the last of them the file is checked and becomes evidence;
        what does not have its checksum is thrown away whole."""
        must_be_known(request, ON_EVERYTHING)
        upload = self._find()
        offset = _offset(request)
        # Without a body there is nothing to parse, and so no bytes.
        sent: Any = request.data
        data = sent if isinstance(sent, bytes) else b""
        return _told(add_piece(upload, offset=offset, data=data))

    @extend_schema(operation_id="mobile_upload_piece_put", **_ON_PIECE)
    def put(self, request: Request, client_id: str) -> Response:
        """The same as PATCH, for what cannot send one."""
        return self.patch(request, client_id)

    def _find(self) -> Upload:
        mine = Upload.objects.visible_to(person(self.request))
        return get_object_or_404(mine, client_id=self.kwargs["client_id"])


def _offset(request: Request) -> int:
    given = request.headers.get("Upload-Offset", "")
    if not (given.isascii() and given.isdecimal() and len(given) < 10):
        raise serializers.ValidationError(
            {"Upload-Offset": [_("Say in this header where the bytes begin.")]}
        )
    return int(given)


def _told(upload: Upload, code: int = status.HTTP_200_OK) -> Response:
    headers = {"Upload-Offset": str(upload.received), "Upload-Length": str(upload.size)}
    return Response(UploadSerializer(upload).data, status=code, headers=headers)
