"""In what time an item is done at a station, and what that makes of the line's clock."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from green_channel.models import DayCount, Item, LocalTerm
from issues.own_limit import SILENCE_DAYS, Counted, OwnLimit
from liaison.accounts.models import Unit


@dataclass(frozen=True)
class Terms:
    """Of one item at one station: times, where, and of what is referred the office."""

    counted: str
    statutory: int | None
    promised: int | None
    place: str
    office_name: str
    office_address: str
    office_phone: str
    office_way: str

    @property
    def amount(self) -> int | None:
        """What the clock is set to: the promise, or what the law says where nothing is promised.
        None where there is neither: the station's general limit for approvals holds."""
        return self.statutory if self.promised is None else self.promised

    @property
    def statutory_words(self) -> str:
        return in_words(self.counted, self.statutory)

    @property
    def promised_words(self) -> str:
        return in_words(self.counted, self.promised)


def terms_at(item: Item, unit: Unit | None, local: LocalTerm | None = None) -> Terms:
    """What holds at the station; ``local`` is read unless given. A promise never goes beyond what
    the law allows."""
    if local is None and unit is not None:
        local = LocalTerm.objects.filter(item=item, unit=unit).first()
    promised = item.promised if local is None or local.promised is None else local.promised
    if promised is not None and item.statutory is not None:
        promised = min(promised, item.statutory)
    own = local if local is not None and local.office_name else item
    return Terms(
        item.counted,
        item.statutory,
        promised,
        (local.place if local else "") or item.place,
        own.office_name,
        own.office_address,
        own.office_phone,
        own.office_way,
    )


def limit_of(item: Item, terms: Terms) -> OwnLimit | None:
    """The limit that a line for this item brings along."""
    if terms.amount is None:
        return None
    days = terms.counted in (DayCount.WORKING_DAYS, DayCount.CALENDAR_DAYS)
    counted = Counted.DAYS if days else Counted(terms.counted)
    return OwnLimit(
        terms.amount,
        counted,
        every_day=terms.counted in (DayCount.CALENDAR_DAYS, DayCount.HOURS),
        extension_days=item.extension_days if days else 0,
        silence_days=SILENCE_DAYS if item.licence else None,
    )


def in_words(counted: str, amount: int | None) -> str:
    """ "15 days", "at once"; empty where nothing is said."""
    if amount is None:
        return ""
    match counted:
        case DayCount.AT_ONCE:
            return _("at once")
        case DayCount.HOURS:
            said = ngettext("%(n)d hour", "%(n)d hours", amount)
        case DayCount.WORKING_DAYS:
            said = ngettext("%(n)d working day", "%(n)d working days", amount)
        case _:
            said = ngettext("%(n)d calendar day", "%(n)d calendar days", amount)
    return said % {"n": amount}
