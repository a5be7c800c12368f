"""A worker of an enterprise, and who looked at whose number."""

import uuid
from functools import cached_property

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enterprises.models import Enterprise
from liaison.accounts.models import Unit
from liaison.core.sealing import unseal
from liaison.evidence.models import Evidence
from workers.models.batch import Batch
from workers.querysets import WorkerQuerySet
from workers.sealed import read_details
from workers.workflow import Status


class Worker(models.Model):
    """One person registered for one enterprise (流动人口登记).

    ``sealed`` holds the ID number, phone and addresses; in clear stand the name and what is
    shown of the number. One person is at one enterprise once, until they leave.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="workers")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="workers")
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="workers")
    number = models.PositiveIntegerField(help_text="in the batch")
    name = models.CharField(_("name"), max_length=40)
    sealed = models.BinaryField()
    id_index = models.BinaryField(max_length=32)
    id_masked = models.CharField(_("ID number"), max_length=18)
    photo_index = models.BinaryField(max_length=32)
    photo = models.OneToOneField(Evidence, models.PROTECT, null=True, related_name="worker")
    job = models.CharField(_("work"), max_length=60, blank=True)
    entry_on = models.DateField(_("works there since"), null=True)
    # 未成年工: 16 or 17 years old when the list was checked (《劳动法》 Art. 58).
    is_juvenile = models.BooleanField(_("under 18"), default=False)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.SUBMITTED)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    changed_at = models.DateTimeField(default=timezone.now)
    certificate = models.CharField(_("certificate"), max_length=40, blank=True)
    registered_on = models.DateField(null=True)
    left_on = models.DateField(null=True)

    objects = WorkerQuerySet.as_manager()

    class Meta:
        verbose_name = _("worker")
        verbose_name_plural = _("workers")
        constraints = (
            models.UniqueConstraint(fields=("batch", "number"), name="worker_number_once"),
            models.UniqueConstraint(
                fields=("enterprise", "id_index"), condition=~Q(status="left"), name="worker_once"
            ),
            models.UniqueConstraint(
                fields=("certificate",), condition=~Q(certificate=""), name="worker_certificate"
            ),
            models.CheckConstraint(
                condition=~Q(status="registered")
                | (Q(registered_on__isnull=False, photo__isnull=False) & ~Q(certificate="")),
                name="worker_registered_with_photo",
            ),
            models.CheckConstraint(
                condition=Q(status="left", left_on__isnull=False)
                | (~Q(status="left") & Q(left_on__isnull=True)),
                name="worker_left_on",
            ),
            models.CheckConstraint(
                condition=~Q(status="correction") | ~Q(reason=""), name="worker_correction_says_why"
            ),
        )
        indexes = (
            models.Index(fields=("unit", "id_index"), name="worker_same_person"),
            models.Index(fields=("unit", "-changed_at", "-id"), name="worker_unit_changed"),
            models.Index(
                fields=("left_on",), condition=Q(left_on__isnull=False), name="worker_left"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def audit_label(self) -> str:
        return f"#{self.batch_id}-{self.number}"

    @property
    def is_unsettled(self) -> bool:
        """Whether it may still be changed what the certificate shows."""
        return self.status not in (Status.REGISTERED, Status.LEFT)

    @property
    def row(self) -> str:
        """What the sealed part is bound to."""
        return f"worker:{self.pk}"

    @cached_property
    def details(self) -> dict[str, str]:
        """ID number, phone and addresses, opened. Raises ``Unsealable``."""
        return read_details(unseal(self.sealed, row=self.row))

    @property
    def phone(self) -> str:
        return self.details.get("phone", "")

    @property
    def origin(self) -> str:
        return self.details.get("origin", "")

    @property
    def residence(self) -> str:
        return self.details.get("residence", "")


class Reveal(models.Model):
    """That somebody looked at a whole number, and why; counted to keep it rare."""

    worker = models.ForeignKey(Worker, models.CASCADE, related_name="reveals")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    reason = models.CharField(_("reason"), max_length=200)

    class Meta:
        indexes = (models.Index(fields=("by", "-at"), name="worker_reveal_by"),)

    def __str__(self) -> str:
        return f"{self.worker_id} {self.at:%F %T}"


class CertificateNumbering(models.Model):
    """The last certificate number a station gave in a year."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("unit", "year"), name="certificate_numbering_once"),
        )

    def __str__(self) -> str:
        return f"{self.unit.code}-{self.year}-{self.last:05d}"
