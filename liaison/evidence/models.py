"""Photos, recordings and papers, apart from what they prove."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from liaison.accounts.models import User

# What a file can be once it is kept (liaison.evidence.actions.keep).
CONTENT_TYPES = ("image/jpeg", "image/png", "audio/mp4", "application/pdf")
# What it may say it is before it is looked at.
TAKEN_TYPES = (*CONTENT_TYPES, "image/webp", "audio/webm")


def stored_at(evidence: "Evidence", _filename: str) -> str:
    """By month and id; the name a person gave never becomes part of a path."""
    return f"evidence/{evidence.made_at:%Y/%m}/{evidence.pk}{evidence.suffix}"


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def visible_to(self, user: User) -> "EvidenceQuerySet":
        """One's own uploads. What is attached to a record is served through that record."""
        return self.filter(uploaded_by=user) if user.is_active else self.none()

    def unattached(self) -> "EvidenceQuerySet":
        """Belonging to no record yet. Apps above put files to records of theirs, so this asks
        every relation there is.
        """
        return self.filter(
            *(
                ~Exists(record.related_model._base_manager.filter(**{field: OuterRef("pk")}))
                for record in self.model._meta.related_objects
                for field in (record.field.name,)
            )
        )

    def recordings(self, among: Iterable[UUID]) -> "models.QuerySet[Evidence, UUID]":
        """The ids of those among these that are recordings."""
        return self.filter(pk__in=among, seconds__isnull=False).values_list("pk", flat=True)

    def made_before(self, moment: datetime) -> "EvidenceQuerySet":
        return self.filter(made_at__lt=moment)


class Evidence(models.Model):
    """A file that was decoded and written anew, so that nothing hides in it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="evidence"
    )
    made_at = models.DateTimeField(default=timezone.now)
    file = models.FileField(_("file"), upload_to=stored_at, max_length=200)
    name = models.CharField(_("name"), max_length=200)
    suffix = models.CharField(max_length=8)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField(help_text="bytes")
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField(null=True, help_text="pixels")
    height = models.PositiveIntegerField(null=True, help_text="pixels")
    seconds = models.PositiveIntegerField(null=True, help_text="of a recording, at least 1")

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        indexes = (models.Index(fields=("uploaded_by", "-made_at"), name="evidence_mine"),)

    def __str__(self) -> str:
        return self.name

    @property
    def is_image(self) -> bool:
        return self.content_type.startswith("image/")

    @property
    def is_recording(self) -> bool:
        return self.seconds is not None

    @property
    def shows_a_visit(self) -> bool:
        """Whether a visit may keep it as its own: what was seen or said there, no paper."""
        return self.is_image or self.is_recording

    @property
    def length(self) -> str:
        """Of a recording, as a clock shows it: 4:05."""
        minutes, seconds = divmod(self.seconds or 0, 60)
        return f"{minutes}:{seconds:02}"
