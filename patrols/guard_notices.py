"""Who is told of what about guards: the officer who answers for the enterprise, the desk, and the
enterprise's contacts who sign in."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from enterprises.models import Enterprise, Recipient
from enterprises.reach import Reach, answering
from liaison.accounts.models import Kind, User
from liaison.notices.actions import notify
from patrols.models import ComplianceAnswer, DutyGuard, Guard

# More nobody reads in a notice; the ledger has them all.
NAMED = 20


def tell_of_warnings(guards: Sequence[Guard]) -> None:
    """A guard recruited by the enterprise itself is on a roster: an officer is to answer. Once
    until somebody has."""
    for guard in guards:
        answers = ComplianceAnswer.objects.filter(guard=guard).count()
        with translation.override(settings.LANGUAGE_CODE):
            notify(
                station_of(guard.enterprise),
                occasion=f"guard.warned:{guard.pk}:{answers}",
                kind="guard.warned",
                title=_("Recruited by the enterprise itself and on the roster: %(who)s")
                % {"who": guard.name},
                text=_(
                    "%(enterprise)s: say whether this guard may patrol outside the premises, and "
                    "on what basis."
                )
                % {"enterprise": guard.enterprise.name},
                url=reverse("guard_answer", args=(guard.pk,)),
            )


def tell_of_freed(freed: Sequence[tuple[Guard, DutyGuard]], *, by: User) -> None:
    """Guards were taken off nights: somebody else is to be sent, and the station to know."""
    by_enterprise: dict[Enterprise, list[tuple[Guard, DutyGuard]]] = {}
    for guard, row in freed:
        by_enterprise.setdefault(row.duty.enterprise, []).append((guard, row))
    for enterprise, theirs in by_enterprise.items():
        with translation.override(settings.LANGUAGE_CODE):
            lines = [
                _("%(night)s, %(team)s: %(who)s")
                % {
                    "night": date_format(row.night_on, "DATE_FORMAT"),
                    "team": row.duty.night.team,
                    "who": guard.name,
                }
                for guard, row in theirs[:NAMED]
            ]
            keys = [(row.guard_id, row.night_on, guard.version) for guard, row in theirs]
            notify(
                [*station_of(enterprise), *contacts_of(enterprise)],
                occasion=f"guard.freed:{enterprise.pk}:{_digest(keys)}",
                kind="guard.freed",
                title=ngettext(
                    "%(name)s lacks a guard on %(n)d night",
                    "%(name)s lacks guards on %(n)d nights",
                    len(theirs),
                )
                % {"name": enterprise.name, "n": len(theirs)},
                text="\n".join(lines),
                url="",
                by=by,
            )


def tell_of_answer(answer: ComplianceAnswer, *, by: User) -> None:
    """The enterprise hears what an officer has said of its guard."""
    guard = answer.guard
    with translation.override(settings.LANGUAGE_CODE):
        notify(
            contacts_of(guard.enterprise),
            occasion=f"guard.answered:{answer.pk}",
            kind="guard.answered",
            title=_("%(who)s: %(answer)s")
            % {"who": guard.name, "answer": answer.get_verdict_display()},
            text=answer.reason,
            url=reverse("portal_guards"),
            by=by,
        )


def tell_of_endings(
    enterprise: Enterprise, guards: Sequence[Guard], *, has_ended: bool, now: datetime
) -> None:
    """Certificates end within thirty days, or have ended."""
    step = "ended" if has_ended else "soon"
    keys = [(one.pk, one.certificate, one.certificate_until) for one in guards]
    with translation.override(settings.LANGUAGE_CODE):
        n = len(guards)
        title = (
            ngettext(
                "%(name)s: the certificate of %(n)d guard has ended",
                "%(name)s: the certificates of %(n)d guards have ended",
                n,
            )
            if has_ended
            else ngettext(
                "%(name)s: the certificate of %(n)d guard ends within 30 days",
                "%(name)s: the certificates of %(n)d guards end within 30 days",
                n,
            )
        )
        lines = [
            _("%(who)s: valid until %(day)s")
            % {"who": one.name, "day": date_format(one.certificate_until, "DATE_FORMAT")}
            for one in guards[:NAMED]
            if one.certificate_until
        ]
        lines.append(_("Without a valid certificate nobody is put on a roster."))
        told = {
            reverse("portal_guards"): contacts_of(enterprise),
            f"{reverse('guard_list')}?enterprise={enterprise.pk}": station_of(enterprise),
        }
        for url, people in told.items():
            notify(
                people,
                occasion=f"guard.{step}:{enterprise.pk}:{_digest(keys)}",
                kind=f"guard.{step}",
                title=title % {"name": enterprise.name, "n": n},
                text="\n".join(lines),
                url=url,
                now=now,
            )


def station_of(enterprise: Enterprise) -> list[User]:
    """Who answers for the enterprise, and the station's desk; each once."""
    reach = Reach([enterprise.unit], timezone.localdate())
    people = [*answering(enterprise), *reach.role(Recipient.DESK, enterprise.unit)]
    return list({one.pk: one for one in people}.values())


def contacts_of(enterprise: Enterprise) -> list[User]:
    """Contacts of the enterprise who sign in."""
    return list(
        User.objects.filter(
            kind=Kind.CONTACT,
            contact_for__enterprise=enterprise,
            contact_for__left_on__isnull=True,
        ).distinct()
    )


def _digest(keys: Sequence[tuple[object, ...]]) -> str:
    """Short enough for an occasion, the same for the same guards."""
    return hashlib.sha256(repr(sorted(map(str, keys))).encode()).hexdigest()[:16]
