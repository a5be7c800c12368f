"""By what ways people are told outside of the inbox: what a unit has, what a person wants."""

from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from liaison.accounts.models import Unit, User
from liaison.notices.sending_times import Times


class Channel(models.TextChoices):
    EMAIL = "email", _("E-mail")
    WECOM = "wecom", _("WeCom group robot")
    DINGTALK = "dingtalk", _("DingTalk group robot")
    SMS = "sms", _("Text message")
    WEBHOOK = "webhook", _("Webhook")


# E-mail is the server's (EMAIL_URL); these each unit keeps for itself.
OF_UNITS = (Channel.WECOM, Channel.DINGTALK, Channel.SMS, Channel.WEBHOOK)
# The webhook is the unit's: whatever its people are told goes there, whatever they choose.
OF_PEOPLE = (Channel.EMAIL, Channel.WECOM, Channel.DINGTALK, Channel.SMS)
# A group is of colleagues: what an enterprise's contact is told is not read there.
OF_CONTACTS = (Channel.EMAIL, Channel.SMS)


def open_to(person: User) -> tuple[Channel, ...]:
    """Which channels this person may choose, if their unit has them."""
    return OF_CONTACTS if person.is_contact else OF_PEOPLE


class UnitChannelQuerySet(models.QuerySet["UnitChannel"]):
    def visible_to(self, user: User) -> "UnitChannelQuerySet":
        """A system administrator's own unit and below."""
        if not user.is_active or user.unit is None or user.admin_duty != User.AdminDuty.SYSTEM:
            return self.none()
        return self.filter(unit__path__startswith=user.unit.path)

    def serving(self, units: Iterable[Unit]) -> dict[int, dict[str, "UnitChannel"]]:
        """For each unit what serves it, by channel: its own, else that of the nearest above.

        One that is turned off serves nobody, nor does any further up in its place. One query.
        """
        above = {unit.pk: [int(pk) for pk in unit.path.split("/") if pk] for unit in units}
        rows = self.filter(unit__in={pk for chain in above.values() for pk in chain})
        kept = {(row.unit_id, row.channel): row for row in rows} if above else {}
        found: dict[int, dict[str, UnitChannel]] = {}
        for unit, chain in above.items():
            nearest = {
                channel: kept[pk, channel]
                for pk in chain  # from the root down: the nearest is written last
                for channel in OF_UNITS
                if (pk, channel) in kept
            }
            found[unit] = {channel: row for channel, row in nearest.items() if row.is_on}
        return found


class UnitChannel(models.Model):
    """What a unit has for one channel: where its messages go, as an Apprise address.

    The address holds keys and passwords. It is shown to nobody once it is saved, not even in part
    that matters (``channels.addresses.masked``), and is written into no log and no record.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="notice_channels")
    channel = models.CharField(
        _("channel"), max_length=10, choices=[(one.value, one.label) for one in OF_UNITS]
    )
    url = models.CharField(max_length=1000)
    is_on = models.BooleanField(default=True)
    last_test_at = models.DateTimeField(null=True)
    # What came of the last test; empty when it was taken.
    last_error = models.CharField(max_length=500, blank=True)

    objects = UnitChannelQuerySet.as_manager()

    class Meta:
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        constraints = (
            models.UniqueConstraint(fields=("unit", "channel"), name="unit_channel_once"),
        )

    def __str__(self) -> str:
        return f"{self.unit} {self.get_channel_display()}"


class Choice(models.Model):
    """What one person wants sent besides the inbox, and when; no row is no wish.

    Times of day in the site's time zone. In quiet hours nothing is sent, it waits for their end;
    with ``digest_at`` what comes in the course of a day goes as one message at that time.
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="notice_choice"
    )
    by_email = models.BooleanField(default=False)
    by_wecom = models.BooleanField(default=False)
    by_dingtalk = models.BooleanField(default=False)
    by_sms = models.BooleanField(default=False)
    quiet_from = models.TimeField(null=True)
    quiet_until = models.TimeField(null=True)
    digest_at = models.TimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="choice_quiet_both",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person_id}"

    def reaches(self, person: User, channel: str) -> bool:
        """They chose it, may choose it, and there is what it takes to reach them."""
        if channel not in open_to(person) or not getattr(self, f"by_{channel}"):
            return False
        needed = {Channel.EMAIL: person.email, Channel.SMS: person.phone}
        return bool(needed.get(Channel(channel), True))

    @property
    def times(self) -> Times:
        quiet = (self.quiet_from, self.quiet_until) if self.quiet_from else None
        return Times(quiet, self.digest_at)  # type: ignore[arg-type]  # both or neither


def choice_of(user: User) -> Choice:
    """What the person chose, or an empty choice."""
    return Choice.objects.filter(person=user).first() or Choice(person=user)
