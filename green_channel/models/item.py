"""The catalogue: what can be applied for, by whom, with what, in what time, on what legal basis."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from green_channel.querysets import ItemQuerySet
from liaison.accounts.models import Unit
from liaison.law.models import LegalBasis


class Audience(models.TextChoices):
    """Who needs it."""

    WORKERS = "workers", _("Workers and their families")
    FOREIGNERS = "foreigners", _("Foreigners")
    ENTERPRISE = "enterprise", _("The enterprise itself")
    GOODS = "goods", _("Dangerous goods and vehicles")


class DayCount(models.TextChoices):
    """How the time of an item is counted. Licences count working days (《行政许可法》 Art. 82)."""

    WORKING_DAYS = "working_days", _("Working days")
    CALENDAR_DAYS = "calendar_days", _("Calendar days")
    HOURS = "hours", _("Hours")
    AT_ONCE = "at_once", _("At once")


class Handover(models.TextChoices):
    """How the result comes to the enterprise."""

    DOCUMENT = "document", _("Document")
    PICKUP = "pickup", pgettext_lazy("handover", "Pick-up")
    EITHER = "either", _("Document or pick-up")


class PaperForm(models.TextChoices):
    ORIGINAL = "original", pgettext_lazy("paper", "Original")
    COPY = "copy", pgettext_lazy("paper", "Copy")
    BOTH = "both", _("Original and copy")
    FORM = "form", _("Form, filled in")


class Item(models.Model):
    """Something that can be applied for. Without a ``unit`` it is every station's.

    ``statutory`` is the most that the law allows and ``promised`` what is said instead, both in
    what ``counted`` counts; empty is not known or not said. What another office does is
    ``referred``: it cannot be applied for here, the page says where. ``fee`` is yuan; empty is
    what the counter has posted up.
    """

    code = models.SlugField(_("code"), max_length=40, unique=True)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="green_items"
    )
    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("name in English"), max_length=80)
    audience = models.CharField(_("for whom"), max_length=12, choices=Audience)
    licence = models.BooleanField(
        _("administrative licence"),
        default=False,
        help_text=_("Working days, one correction notice within five, silence means accepted."),
    )
    counted = models.CharField(_("counted in"), max_length=16, choices=DayCount)
    statutory = models.PositiveSmallIntegerField(_("statutory time"), null=True, blank=True)
    promised = models.PositiveSmallIntegerField(_("promised time"), null=True, blank=True)
    extension_days = models.PositiveSmallIntegerField(_("one extension at most (days)"), default=0)
    ahead_days = models.PositiveSmallIntegerField(
        _("to be applied for so many days ahead"), null=True, blank=True
    )
    basis = models.ForeignKey(
        LegalBasis, models.PROTECT, null=True, blank=True, verbose_name=_("legal basis")
    )
    fee = models.DecimalField(
        _("fee (yuan)"),
        max_digits=8,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("0: free. Empty: as posted at the counter."),
    )
    place = models.CharField(_("where"), max_length=120, blank=True)
    handover = models.CharField(_("result"), max_length=10, choices=Handover)
    note = models.TextField(_("remark"), max_length=1000, blank=True)
    many_workers = models.BooleanField(_("often for many workers at once"), default=False)
    referred = models.BooleanField(_("another office does it"), default=False)
    office_name = models.CharField(_("office"), max_length=80, blank=True)
    office_address = models.CharField(_("address of the office"), max_length=160, blank=True)
    office_phone = models.CharField(_("phone of the office"), max_length=40, blank=True)
    office_way = models.CharField(_("how to get there"), max_length=200, blank=True)
    offered = models.BooleanField(_("shown to enterprises"), default=True)
    position = models.PositiveSmallIntegerField(_("place in the list"), default=100)
    version = models.PositiveIntegerField(default=1)

    objects = ItemQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("green channel", "item")
        verbose_name_plural = pgettext_lazy("green channel", "items")
        ordering = ("position", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(statutory__isnull=True)
                | Q(promised__isnull=True)
                | Q(promised__lte=F("statutory")),
                name="green_item_promised_within_statutory",
            ),
            models.CheckConstraint(
                condition=Q(licence=False) | Q(counted="working_days"),
                name="green_item_licence_in_working_days",
            ),
            models.CheckConstraint(
                condition=Q(counted__in=("working_days", "calendar_days")) | Q(extension_days=0),
                name="green_item_days_are_extended",
            ),
            models.CheckConstraint(
                condition=Q(
                    Q(statutory__isnull=True) | Q(statutory=0),
                    Q(promised__isnull=True) | Q(promised=0),
                    counted="at_once",
                )
                | Q(
                    ~Q(counted="at_once"),
                    Q(statutory__isnull=True) | Q(statutory__gte=1),
                    Q(promised__isnull=True) | Q(promised__gte=1),
                ),
                name="green_item_at_once_is_zero",
            ),
            models.CheckConstraint(
                condition=Q(referred=False) | ~Q(office_name=""),
                name="green_item_referred_says_where",
            ),
        )

    def __str__(self) -> str:
        return self.name if (get_language() or "").startswith("zh") else self.name_en


class Requirement(models.Model):
    """One line of an item's checklist."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="requirements")
    name = models.CharField(_("what is needed"), max_length=120)
    copies = models.PositiveSmallIntegerField(_("copies"), default=1)
    form = models.CharField(_("as"), max_length=8, choices=PaperForm)
    required = models.BooleanField(_("always needed"), default=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("requirement")
        verbose_name_plural = _("requirements")
        ordering = ("position", "id")
        constraints = (
            models.UniqueConstraint(fields=("item", "name"), name="requirement_once"),
            models.CheckConstraint(condition=Q(copies__gte=1), name="requirement_of_one_copy"),
        )

    def __str__(self) -> str:
        return self.name


class LocalTerm(models.Model):
    """What a station says of an item for itself: its own promise, where it is done and, of what is
    referred, the office around here. ``statutory`` is the item's, so that the database can hold the
    promise to it."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="green_terms")
    item = models.ForeignKey(Item, models.CASCADE, related_name="local_terms")
    statutory = models.PositiveSmallIntegerField(null=True, editable=False)
    promised = models.PositiveSmallIntegerField(_("promised time"), null=True, blank=True)
    place = models.CharField(_("where"), max_length=120, blank=True)
    office_name = models.CharField(_("office"), max_length=80, blank=True)
    office_address = models.CharField(_("address of the office"), max_length=160, blank=True)
    office_phone = models.CharField(_("phone of the office"), max_length=40, blank=True)
    office_way = models.CharField(_("how to get there"), max_length=200, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("unit", "item"), name="local_term_once"),
            models.CheckConstraint(
                condition=Q(statutory__isnull=True)
                | Q(promised__isnull=True)
                | Q(promised__lte=F("statutory")),
                name="local_term_promised_within_statutory",
            ),
        )

    def __str__(self) -> str:
        return f"{self.unit_id}: {self.item_id}"
