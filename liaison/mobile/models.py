"""What has come from phones: operations with their answers, and files on their way."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from rest_framework.utils.encoders import JSONEncoder

from liaison.accounts.models import User


class OperationQuerySet(models.QuerySet["Operation"]):
    def visible_to(self, user: User) -> "OperationQuerySet":
        """One's own."""
        return self.filter(user=user) if user.is_active else self.none()


class Operation(models.Model):
    """Something a person did on the phone, and what was answered, once for all.

    Written in one transaction with what it did. What is to be tried again has no row.
    """

    class Status(models.TextChoices):
        DONE = "done"
        REFUSED = "refused"
        CONFLICT = "conflict"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="operations")
    client_id = models.UUIDField()
    kind = models.CharField(max_length=20)
    body_hash = models.CharField(max_length=64)
    made_at = models.DateTimeField(help_text="when the person did it, by our clock")
    received_at = models.DateTimeField(default=timezone.now)
    status = models.CharField(max_length=8, choices=Status)
    # Its code, message and object, as they were answered.
    answer = models.JSONField(default=dict, encoder=JSONEncoder)

    objects = OperationQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("user", "client_id"), name="operation_once"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.client_id}"


class UploadQuerySet(models.QuerySet["Upload"]):
    def visible_to(self, user: User) -> "UploadQuerySet":
        """One's own."""
        return self.filter(user=user) if user.is_active else self.none()

    def receiving(self) -> "UploadQuerySet":
        """Neither kept nor refused yet."""
        return self.filter(finished_at__isnull=True)

    def forgotten(
        self, *, unfinished_since: datetime, finished_before: datetime
    ) -> "UploadQuerySet":
        """Those nobody goes on with, and those whose file lies where it belongs or is gone."""
        return self.filter(
            Q(finished_at__isnull=True, touched_at__lt=unfinished_since)
            | Q(finished_at__lt=finished_before)
        )


class Upload(models.Model):
    """A file that comes in pieces, and what became of it."""

    class Status(models.TextChoices):
        RECEIVING = "receiving"
        DONE = "done"
        REFUSED = "refused"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="uploads")
    client_id = models.UUIDField()
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField(help_text="bytes, as announced")
    sha256 = models.CharField(max_length=64, help_text="of the bytes as sent")
    received = models.PositiveIntegerField(default=0, help_text="bytes that are here")
    begun_at = models.DateTimeField(default=timezone.now)
    touched_at = models.DateTimeField(default=timezone.now, help_text="when a piece last came")
    finished_at = models.DateTimeField(null=True)
    # No foreign key: evidence that only this leads to belongs to no record, and is discarded.
    kept_as = models.UUIDField(null=True)
    refused_code = models.CharField(max_length=40, blank=True)
    refused_message = models.CharField(max_length=300, blank=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("user", "client_id"), name="upload_once"),
            models.CheckConstraint(condition=Q(received__lte=F("size")), name="upload_no_longer"),
        )
        indexes = (models.Index(fields=("touched_at",), name="upload_touched"),)

    def __str__(self) -> str:
        return f"{self.name} {self.received}/{self.size}"

    @property
    def status(self) -> str:
        if self.kept_as:
            return self.Status.DONE
        return self.Status.REFUSED if self.refused_code else self.Status.RECEIVING


class Piece(models.Model):
    """Some bytes of a file that is not complete. In the database, because the next piece may come
    to another machine, and so that what is said to be here and what is here are one."""

    upload = models.ForeignKey(Upload, models.CASCADE, related_name="pieces")
    offset = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("upload", "offset"), name="piece_once"),)

    def __str__(self) -> str:
        return f"{self.upload_id}+{self.offset}"
