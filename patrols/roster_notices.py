"""Who is told of what about rosters, swaps and absences."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from enterprises.models import Enterprise
from liaison.accounts.models import User
from liaison.notices.actions import notify
from patrols.guard_notices import station_of
from patrols.models import Absence, Duty, DutyNight, Roster, SwapRequest
from patrols.roster_words import day_of


def contacts_at(enterprises: Iterable[int]) -> list[User]:
    """Those at these enterprises who sign in now."""
    there = User.objects.active().filter(
        contact_for__enterprise__in=list(enterprises), contact_for__left_on__isnull=True
    )
    return list(there.distinct())


def tell_published(roster: Roster, *, by: User) -> None:
    """Each enterprise's contacts, with their own nights."""
    duties = Duty.objects.filter(night__roster=roster).order_by("night__night_on")
    nights: dict[int, list[date]] = defaultdict(list)
    for enterprise, night in duties.values_list("enterprise", "night__night_on"):
        nights[enterprise].append(night)
    with translation.override(settings.LANGUAGE_CODE):
        for enterprise, own in nights.items():
            notify(
                contacts_at([enterprise]),
                occasion=f"roster:{roster.pk}:published:{enterprise}",
                kind="roster.published",
                title=_("Patrol roster of %(month)s: %(n)d nights are yours")
                % {"month": f"{roster.month:%Y-%m}", "n": len(own)},
                text="、".join(day_of(one) for one in own),
                url=reverse("portal_duties"),
                by=by,
            )


def tell_changed(
    roster: Roster, changes: dict[int, tuple[list[date], list[date]]], *, by: User
) -> None:
    """Of a published roster: by enterprise the nights that came and those that went."""
    with translation.override(settings.LANGUAGE_CODE):
        for enterprise, (came, went) in changes.items():
            said = []
            if came:
                said.append(_("New: %(nights)s") % {"nights": "、".join(map(day_of, came))})
            if went:
                said.append(
                    _("Not any more: %(nights)s") % {"nights": "、".join(map(day_of, went))}
                )
            notify(
                contacts_at([enterprise]),
                occasion=f"roster:{roster.pk}:{roster.version}:{enterprise}",
                kind="roster.changed",
                title=_("Your patrol nights of %(month)s have changed")
                % {"month": f"{roster.month:%Y-%m}"},
                text="\n".join(said) or _("Other guards of yours are out: look at the roster."),
                url=reverse("portal_duties"),
                by=by,
            )


def tell_of_swap(swap: SwapRequest, what: str, *, by: User) -> None:
    """``what`` happened to it: asked, accepted, approved, refused or withdrawn."""
    facts = {
        "asking": swap.asking.name,
        "asked": swap.asked.name,
        "night": day_of(swap.gives_on),
        "answer": swap.answer,
    }
    with translation.override(settings.LANGUAGE_CODE):
        said = _swap_words(swap)
        titles = {
            "asked": _("%(asking)s asks you to take its patrol of %(night)s"),
            "accepted": _("Swap to approve: %(asking)s and %(asked)s, %(night)s"),
            "approved": _("The swap of %(night)s between %(asking)s and %(asked)s holds"),
            "refused": _("The swap of %(night)s between %(asking)s and %(asked)s is refused"),
            "withdrawn": _("%(asking)s does not need you on %(night)s any more"),
        }
        both = contacts_at([swap.asking_id, swap.asked_id])
        people = {
            "asked": contacts_at([swap.asked_id]),
            "accepted": [],
            "approved": both,
            "refused": both,
            "withdrawn": contacts_at([swap.asked_id]),
        }[what]
        for recipients, url in (
            (people, reverse("portal_duties")),
            (station_of(swap.asking) if what == "accepted" else [], reverse("swap_list")),
        ):
            notify(
                recipients,
                occasion=f"swap:{swap.pk}:{what}",
                kind=f"swap.{what}",
                title=titles[what] % facts,
                text=swap.answer or said,
                url=url,
                by=by,
            )


def _swap_words(swap: SwapRequest) -> str:
    if swap.takes_on is None:
        return swap.reason
    return _("In return for %(night)s. %(reason)s") % {
        "night": day_of(swap.takes_on),
        "reason": swap.reason,
    }


def tell_of_absence(absence: Absence, night: DutyNight, *, by: User) -> None:
    """The station, which finds the next best on the night's page."""
    said = absence.guard.name if absence.guard else _("nobody can come")
    with translation.override(settings.LANGUAGE_CODE):
        notify(
            station_of(absence.enterprise),
            occasion=f"absence:{absence.pk}",
            kind="duty.absent",
            title=_("Absent on %(night)s: %(enterprise)s")
            % {"night": day_of(absence.night_on), "enterprise": absence.enterprise.name},
            text=f"{said}\n{absence.reason}".strip(),
            url=reverse("night_detail", args=[night.pk]),
            by=by,
        )


def tell_substitute(
    absence: Absence, enterprise: Enterprise, names: list[str], *, by: User
) -> None:
    with translation.override(settings.LANGUAGE_CODE):
        notify(
            contacts_at([enterprise.pk, absence.enterprise_id]),
            occasion=f"absence:{absence.pk}:substitute",
            kind="duty.substitute",
            title=_("%(enterprise)s goes on patrol on %(night)s instead")
            % {"enterprise": enterprise.name, "night": day_of(absence.night_on)},
            text="、".join(names),
            url=reverse("portal_duties"),
            by=by,
        )
