"""An enterprise or key project, the people to talk to there, and its life."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enterprises.querysets import ContactQuerySet, EnterpriseQuerySet, StageChangeQuerySet
from liaison.accounts.models import Unit
from liaison.core.coordinates import CoordinateSystem, Point, point_of
from liaison.core.identifiers import normalise_credit_code
from liaison.core.pinyin import initials
from liaison.core.sheets import normalise_text

if TYPE_CHECKING:
    from enterprises.models.assignment import Assignment


class Stage(models.TextChoices):
    """Where a project or enterprise is in its life (生命周期)."""

    SIGNED = "signed", pgettext_lazy("enterprise stage", "Signed")
    LANDING = "landing", pgettext_lazy("enterprise stage", "Landing")
    CONSTRUCTION = "construction", pgettext_lazy("enterprise stage", "Construction")
    COMMISSIONING = "commissioning", pgettext_lazy("enterprise stage", "Commissioning")
    OPERATING = "operating", pgettext_lazy("enterprise stage", "Operating")
    SUSPENDED = "suspended", pgettext_lazy("enterprise stage", "Suspended")
    CLOSED = "closed", pgettext_lazy("enterprise stage", "Closed down")


class Tier(models.TextChoices):
    KEY = "key", pgettext_lazy("tier", "Key")
    ABOVE_SCALE = "above_scale", pgettext_lazy("tier", "Above scale")
    GENERAL = "general", pgettext_lazy("tier", "General")


class Grade(models.TextChoices):
    """Three-colour alert (三色预警)."""

    RED = "red", pgettext_lazy("grade", "Red")
    YELLOW = "yellow", pgettext_lazy("grade", "Yellow")
    GREEN = "green", pgettext_lazy("grade", "Green")


class Enterprise(models.Model):
    """What a responsible officer answers for.

    Identity within a station is the credit code where there is one, else name and address
    (``identity_key``): real lists lack codes, and one name may stand at several addresses.
    """

    class Kind(models.TextChoices):
        ENTERPRISE = "enterprise", pgettext_lazy("kind", "Enterprise")
        PROJECT = "project", pgettext_lazy("kind", "Key project")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="enterprises")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.ENTERPRISE)
    name = models.CharField(_("name"), max_length=120)
    credit_code = models.CharField(_("credit code"), max_length=18, blank=True)
    identity_key = models.CharField(max_length=400, editable=False)
    initials = models.CharField(max_length=120, editable=False, blank=True)
    stage = models.CharField(_("stage"), max_length=14, choices=Stage, default=Stage.OPERATING)
    tier = models.CharField(_("tier"), max_length=12, choices=Tier, default=Tier.GENERAL)
    grade = models.CharField(_("risk grade"), max_length=6, choices=Grade, default=Grade.GREEN)
    industry = models.CharField(_("industry"), max_length=60, blank=True)
    # 《企业事业单位内部治安保卫条例》Art. 13: class of key security unit, empty when it is none.
    key_unit_class = models.CharField(_("key security unit class"), max_length=40, blank=True)
    address = models.CharField(_("address"), max_length=240, blank=True)
    # Always WGS-84, degrees; the system it came in is kept so that a doubt can be traced.
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    coordinate_source = models.CharField(
        _("coordinate system of the source"), max_length=8, choices=CoordinateSystem, blank=True
    )
    headcount = models.PositiveIntegerField(_("headcount"), null=True, blank=True)
    night_shift = models.BooleanField(_("night shift"), null=True, blank=True)
    legal_representative = models.CharField(_("legal representative"), max_length=60, blank=True)
    note = models.TextField(_("note"), max_length=2000, blank=True)
    # It was listed twice: the entry that has taken over everything this one had.
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="absorbed"
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = EnterpriseQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("kind", "Enterprise")
        verbose_name_plural = _("enterprises")
        constraints = (
            models.UniqueConstraint(
                fields=("unit", "credit_code"),
                condition=~Q(credit_code=""),
                name="enterprise_credit_code_once",
                violation_error_message=_("An enterprise with this credit code is already listed."),
            ),
            models.UniqueConstraint(
                fields=("unit", "identity_key"),
                condition=Q(credit_code=""),
                name="enterprise_identity_once",
                violation_error_message=_("An enterprise of this name and address is listed."),
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True)
                | (Q(stage=Stage.CLOSED) & ~Q(merged_into=models.F("pk"))),
                name="enterprise_merged_is_closed",
            ),
        )
        indexes = (
            models.Index(fields=("unit", "name", "id"), name="enterprise_by_name"),
            # A bureau reads its stations' together, a page at a time.
            models.Index(fields=("name", "id"), name="enterprise_all_by_name"),
            models.Index(fields=("unit", "initials"), name="enterprise_initials"),
        )

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        self.fill_derived()
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def fill_derived(self) -> None:
        """Set what follows from other fields; bulk writes, which skip save(), call it too."""
        self.name = normalise_text(self.name)
        self.credit_code = normalise_credit_code(self.credit_code)
        self.identity_key = identity_key(self.name, self.address)
        self.initials = initials(self.name)[:120]

    @property
    def point(self) -> Point | None:
        return point_of(self.longitude, self.latitude)

    @property
    def responsible_place(self) -> "Assignment | None":
        """The open assignment of the responsible officer, of a row read with for_ledger()."""
        places: list[Assignment] = self.open_assignments  # type: ignore[attr-defined]
        return next((place for place in places if place.role == "responsible"), None)

    @property
    def search_keys(self) -> str:
        """What a person may type to find it, besides the name."""
        return f"{self.initials} {self.credit_code.lower()}".strip()

    @property
    def is_live(self) -> bool:
        """Whether the promise "no enterprise without an officer" holds for it."""
        return self.stage != Stage.CLOSED


def identity_key(name: str, address: str) -> str:
    """Name and address without case and spacing: two spellings of one place are one."""
    return "|".join("".join(normalise_text(part).lower().split()) for part in (name, address))


class Contact(models.Model):
    """A person to talk to at an enterprise; with a ``user``, one who may sign in."""

    # Found by `contact_of`, which answers a search of a station's people without their rows.
    enterprise = models.ForeignKey(
        Enterprise, models.CASCADE, related_name="contacts", db_index=False
    )
    name = models.CharField(_("name"), max_length=60)
    position = models.CharField(_("position"), max_length=60, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    # Whom an officer rings first: any telephone, also of one without an account.
    is_primary = models.BooleanField(_("first to call"), default=False)
    # Who at the enterprise keeps its accounts: adds others and says that they left. Something else:
    # the manager who answers for the accounts is often not the guard who answers the telephone.
    in_charge = models.BooleanField(_("in charge"), default=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="contact_for"
    )
    left_on = models.DateField(_("left on"), null=True, blank=True)

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        constraints = (
            models.UniqueConstraint(
                fields=("enterprise",),
                condition=Q(is_primary=True, left_on__isnull=True),
                name="contact_one_primary",
            ),
            models.UniqueConstraint(
                fields=("enterprise",), condition=Q(in_charge=True), name="contact_one_in_charge"
            ),
            models.CheckConstraint(
                condition=Q(in_charge=False) | Q(user__isnull=False, left_on__isnull=True),
                name="contact_in_charge_has_an_account",
            ),
            models.UniqueConstraint(
                fields=("enterprise", "user"),
                condition=Q(left_on__isnull=True),
                name="contact_one_account",
            ),
        )
        indexes = (
            models.Index(fields=("enterprise", "left_on", "name", "phone"), name="contact_of"),
        )

    def __str__(self) -> str:
        return self.name


class StageChange(models.Model):
    """One step in an enterprise's life, with the reason; never changed afterwards."""

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="stage_changes")
    from_stage = models.CharField(max_length=14, choices=Stage, blank=True)
    to_stage = models.CharField(max_length=14, choices=Stage)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    at = models.DateTimeField(default=timezone.now)

    objects = StageChangeQuerySet.as_manager()

    class Meta:
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"{self.enterprise}: {self.from_stage} > {self.to_stage}"
