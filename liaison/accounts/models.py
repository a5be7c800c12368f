"""Units and the people in them."""

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from liaison.core.coordinates import Point, point_of
from liaison.core.identifiers import normalise_phone
from liaison.core.literals import literally


class UnitQuerySet(models.QuerySet["Unit"]):
    def below(self, unit: "Unit") -> "UnitQuerySet":
        """The unit itself and everything under it."""
        return self.filter(path__startswith=unit.path)

    def station(self, unit_id: int | None) -> "UnitQuerySet":
        """A station or squad and what is below it: squads, and below these nothing. By the path,
        which begins otherwise for each, PostgreSQL would plan anew every time."""
        squads = Q(literally(Q(kind=Unit.Kind.SQUAD)), parent=unit_id)
        return self.filter(Q(pk=unit_id) | squads)

    def visible_to(self, user: "User") -> "UnitQuerySet":
        """Own unit and what is below it; an enterprise contact sees none."""
        if not user.is_active or user.unit is None or user.is_contact:
            return self.none()
        return self.below(user.unit)

    def stations(self) -> "UnitQuerySet":
        return self.filter(kind=Unit.Kind.STATION)

    def counted(self) -> "UnitQuerySet":
        """Those that have enterprises, or stations that do: squads have neither."""
        return self.filter(kind__in=(Unit.Kind.BUREAU, Unit.Kind.STATION))

    def within(self, units: Iterable["Unit"]) -> "UnitQuerySet":
        """These units and everything under any of them."""
        below = (Q(path__startswith=unit.path) for unit in units)
        return self.filter(reduce(or_, below, Q(pk__in=())))


class Unit(models.Model):
    """A node of the police tree: bureau > station > squad."""

    class Kind(models.TextChoices):
        BUREAU = "bureau", _("Bureau")
        STATION = "station", _("Police station")
        SQUAD = "squad", _("Squad")

    code = models.CharField(_("code"), max_length=16, unique=True)
    name = models.CharField(_("name"), max_length=60)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    # "/1/7/": the ids from the root down, so that "everything below" is one indexed prefix.
    path = models.CharField(max_length=120, unique=True, editable=False)
    # Where its house is, WGS-84, degrees: officers start from there.
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ("path",)

    def __str__(self) -> str:
        return self.name

    @property
    def point(self) -> Point | None:
        return point_of(self.longitude, self.latitude)

    def above(self) -> UnitQuerySet:
        """Those it stands under, from the root down."""
        ids = self.path.strip("/").split("/")[:-1]
        return Unit.objects.filter(pk__in=ids).order_by("path")


class Kind(models.TextChoices):
    """What a person is to the product; decides faces and, with the unit, what is visible."""

    POLICE_OFFICER = "police_officer", _("Police officer")
    AUXILIARY_OFFICER = "auxiliary_officer", _("Auxiliary officer")
    CHIEF = "chief", _("Chief")
    DESK = "desk", _("Desk")
    BUREAU = "bureau", pgettext_lazy("person", "Bureau")
    CONTACT = "contact", _("Enterprise contact")


OFFICERS = (Kind.POLICE_OFFICER, Kind.AUXILIARY_OFFICER)
# Sworn police (民警): only they may carry out an inspection.
SWORN = (Kind.POLICE_OFFICER, Kind.CHIEF)
STATION_STAFF = (*OFFICERS, Kind.CHIEF, Kind.DESK)
STAFF = (*STATION_STAFF, Kind.BUREAU)
OVERSEERS = (Kind.CHIEF, Kind.DESK)
# Who can be a responsible officer (责任警官).
MAY_ANSWER = (*OFFICERS, Kind.CHIEF)


def may_answer(path: str = "") -> models.Q:
    """Whoever can be a responsible officer; with a path ("officer__") whom a row leads to by it."""
    # What stands in the statement is found by the index that has the same for its condition.
    return literally(_fit(path))


def _fit(path: str = "") -> models.Q:
    return models.Q(**{f"{path}is_active": True, f"{path}kind__in": MAY_ANSWER})


class UserQuerySet(models.QuerySet["User"]):
    def visible_to(self, user: "User") -> "UserQuerySet":
        """Colleagues in one's own unit and below; a contact sees only itself here."""
        if not user.is_active:
            return self.none()
        if user.is_contact or user.unit is None:
            return self.filter(pk=user.pk)
        if user.unit.kind == Unit.Kind.BUREAU:
            below = literally(Q(unit__path__startswith=user.unit.path))
        else:
            # Squads lie below a station and nothing below these. By columns of the unit, joined:
            # by its key SQLite would rather look through everybody.
            squads = Q(literally(Q(unit__kind=Unit.Kind.SQUAD)), unit__parent=user.unit_id)
            below = Q(unit__path=user.unit.path) | squads
        return self.filter(below).exclude(kind=Kind.CONTACT)

    def active(self) -> "UserQuerySet":
        return self.filter(is_active=True)

    def may_answer_for_enterprises(self) -> "UserQuerySet":
        """Who can be a responsible officer (责任警官): 民警, 辅警 and chiefs alike."""
        return self.filter(may_answer())

    def sworn(self) -> "UserQuerySet":
        return self.active().filter(kind__in=SWORN)

    def as_choices(self) -> list[tuple[int, str]]:
        """Key and what each is called, for a list to choose from. Read whole and anew wherever the
        list is shown, people cost more than the page they stand on."""
        called = self.values_list("pk", "name", "username")
        return [(pk, name or username) for pk, name, username in called]

    def at(self, unit: Unit) -> "UserQuerySet":
        return self.filter(unit=unit)


class LiaisonUserManager(UserManager["User"]):
    # Built from a queryset below; a migration could not name the resulting class.
    use_in_migrations = False

    def get_queryset(self) -> UserQuerySet:
        return UserQuerySet(self.model, using=self._db)

    def _create_user(
        self, username: str, email: str | None, password: str | None, **extra: Any
    ) -> "User":
        # createsuperuser asks for no unit: an operator of the machine, not of a station.
        extra.setdefault("kind", Kind.DESK)
        return super()._create_user(username, email, password, **extra)  # type: ignore[misc]


PeopleManager = LiaisonUserManager.from_queryset(UserQuerySet)


class User(AbstractUser):
    """A person who signs in, by phone or by username."""

    class AdminDuty(models.TextChoices):
        """Three administrators apart (三员): a single column makes them exclusive."""

        NONE = "", _("None")
        SYSTEM = "system", _("System administrator")
        SECURITY = "security", _("Security administrator")
        AUDIT = "audit", _("Audit administrator")

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField(_("name"), max_length=40)
    phone = models.CharField(_("phone"), max_length=20, unique=True, null=True, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="people")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    admin_duty = models.CharField(
        _("administrator duty"), max_length=8, choices=AdminDuty, blank=True, default=""
    )
    # A password that somebody else has made and read aloud: good for one sign-in.
    must_change_password = models.BooleanField(default=False, editable=False)
    police_number = models.CharField(_("police number"), max_length=20, blank=True)

    objects: ClassVar[PeopleManager] = PeopleManager()
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta(AbstractUser.Meta):
        swappable = "AUTH_USER_MODEL"
        indexes = (
            models.Index(fields=("unit", "kind", "name"), name="user_unit_kind"),
            # The list of people, in its order.
            models.Index(fields=("-is_active", "unit", "kind", "name", "id"), name="user_listed"),
            # Officers of a whole province by name, without the many contacts among them.
            models.Index(fields=("name", "id"), condition=_fit(), name="user_by_name"),
        )

    def __str__(self) -> str:
        return self.name or self.username

    def clean(self) -> None:
        super().clean()
        try:
            self.phone = normalise_phone(self.phone) if self.phone else None
        except ValueError as error:
            raise ValidationError({"phone": str(error)}) from error

    @property
    def is_contact(self) -> bool:
        return self.kind == Kind.CONTACT

    @property
    def is_station_staff(self) -> bool:
        return self.kind in STATION_STAFF

    @property
    def is_sworn(self) -> bool:
        return self.kind in SWORN

    @property
    def is_kept_apart(self) -> bool:
        """A security or audit administrator, whom the system administrator does not keep."""
        return self.admin_duty in (self.AdminDuty.SECURITY, self.AdminDuty.AUDIT)

    def can_answer_at(self, unit: Unit) -> bool:
        """Whether this person can be a responsible officer there, as in
        :meth:`UserQuerySet.may_answer_for_enterprises`."""
        return self.is_active and self.kind in MAY_ANSWER and self.unit_id == unit.pk


class FormerPassword(models.Model):
    """A password a person has, or had: its hash, so that it is not chosen again."""

    user = models.ForeignKey(User, models.CASCADE, related_name="former_passwords")
    encoded = models.CharField(max_length=128)

    def __str__(self) -> str:
        return f"{self.user}"


class FeedLink(models.Model):
    """The secret address of a person's calendar; only the token's hash is kept.

    One per person: making a new one ends the old, deleting the row ends it altogether.
    """

    person = models.OneToOneField(User, models.CASCADE, related_name="feed_link")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=timezone.now)
    last_read_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.person}"


class SignInFailure(models.Model):
    """A sign-in that did not succeed; a few in a row lock the account for a while.

    Rows, not a cache: a lock must survive a restart and be the same in every process.
    """

    account = models.CharField(max_length=150)
    address = models.GenericIPAddressField(null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = (
            models.Index(fields=("account", "at"), name="sign_in_failure_account"),
            models.Index(fields=("address", "at"), name="sign_in_failure_address"),
        )

    def __str__(self) -> str:
        return f"{self.account} {self.at:%F %T}"


def path_below(parent: "Unit | None", pk: int) -> str:
    """The path of the unit with this id under that parent."""
    return f"{parent.path if parent else '/'}{pk}/"
