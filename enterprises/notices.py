"""Officers are told whose enterprises are theirs now, once for all that changed hands together, and
what is due at them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from enterprises.deadlines import why_contact_due, why_visit_due
from enterprises.ladder import Ringing
from enterprises.models import Assignment, Cadence, Contact, Due, Enterprise, Invitation
from enterprises.reach import answering
from liaison.accounts.models import User
from liaison.core.due import start_of
from liaison.notices.actions import notify
from liaison.notices.gathering import Saying

# More names than these nobody reads in a notice; the list has them all.
NAMED = 20


@dataclass(frozen=True)
class Change:
    """One enterprise that has a new responsible officer."""

    assignment: Assignment
    before: User | None

    @property
    def enterprise(self) -> Enterprise:
        return self.assignment.enterprise


def tell_officers(changes: Iterable[Change], *, by: User, reason: str, lines: int = 0) -> None:
    """Everybody who gained or lost some by this deed, one notice each.

    ``lines`` of the bill came along from enterprises of others; they are told to whoever gained.
    """
    gained: dict[User, list[Change]] = {}
    lost: dict[User, list[Change]] = {}
    for change in changes:
        gained.setdefault(change.assignment.officer, []).append(change)
        # Who serves elsewhere by now is not told of what a station does.
        if change.before and change.before.unit_id == change.enterprise.unit_id:
            lost.setdefault(change.before, []).append(change)
    with translation.override(settings.LANGUAGE_CODE):
        for officer, theirs in gained.items():
            title = (
                _("Yours now: %(name)s") % {"name": theirs[0].enterprise.name}
                if len(theirs) == 1
                else ngettext(
                    "%(n)d enterprise is yours now", "%(n)d enterprises are yours now", len(theirs)
                )
                % {"n": len(theirs)}
            )
            _tell(officer, "enterprise.assigned", title, theirs, by, reason, lines)
        for officer, theirs in lost.items():
            title = (
                _("No longer yours: %(line)s") % {"line": theirs[0].enterprise.name}
                if len(theirs) == 1
                else ngettext(
                    "%(n)d enterprise is no longer yours",
                    "%(n)d enterprises are no longer yours",
                    len(theirs),
                )
                % {"n": len(theirs)}
            )
            _tell(officer, "enterprise.given_away", title, theirs, by, reason)


def tell_of_lines(officer: User, lines: int, *, occasion: str, by: User, reason: str) -> None:
    """Only lines changed hands: the former officer answered for no enterprise here."""
    with translation.override(settings.LANGUAGE_CODE):
        notify(
            [officer],
            occasion=occasion,
            kind="enterprise.assigned",
            title=_lines(lines),
            text=_by(by, reason),
            url=f"{reverse('issue_list')}?mine=1",
            by=by,
        )


def _tell(
    officer: User,
    kind: str,
    title: str,
    changes: list[Change],
    by: User,
    reason: str,
    lines: int = 0,
) -> None:
    names = [change.enterprise.name for change in changes] if len(changes) > 1 else []
    more = ["\N{HORIZONTAL ELLIPSIS}"] if len(names) > NAMED else []
    said = [_by(by, reason), *names[:NAMED], *more, *([_lines(lines)] if lines else [])]
    only = changes[0].enterprise
    notify(
        [officer],
        # Somebody may gain one enterprise and lose another by the same deed.
        occasion=f"assignment:{changes[0].assignment.pk}:{kind}",
        kind=kind,
        title=title,
        text="\n".join(said),
        url=reverse("enterprise_detail", args=(only.pk,))
        if len(changes) == 1
        else f"{reverse('enterprise_list')}?mine=1",
        by=by,
    )


def _by(by: User, reason: str) -> str:
    return _("%(who)s: %(what)s") % {"who": by, "what": reason} if reason else str(by)


def _lines(lines: int) -> str:
    return ngettext(
        "%(n)d line of the bill is yours now", "%(n)d lines of the bill are yours now", lines
    ) % {"n": lines}


# What a reminder says before the day, on it, and after it.
REMINDS: dict[str, tuple[str | Promise, str | Promise, str | Promise]] = {
    Due.CONTACT: (
        gettext_lazy("Contact due on %(day)s: %(name)s"),
        gettext_lazy("Contact due today: %(name)s"),
        gettext_lazy("Contact overdue since %(day)s: %(name)s"),
    ),
    Due.VISIT: (
        gettext_lazy("Visit on site due on %(day)s: %(name)s"),
        gettext_lazy("Visit on site due today: %(name)s"),
        gettext_lazy("Visit on site overdue since %(day)s: %(name)s"),
    ),
    Due.OFFICER: (
        gettext_lazy("No responsible officer: %(name)s"),
        gettext_lazy("No responsible officer: %(name)s"),
        gettext_lazy("Still no responsible officer: %(name)s"),
    ),
}


def reminder_said(cadence: Cadence, ringing: Ringing, now: datetime) -> Saying:
    """A step of the ladder in words, why it is due among them; the longest overdue comes first."""
    enterprise, today = cadence.enterprise, timezone.localdate(now)
    before, on_the_day, after = REMINDS[ringing.kind]
    words = before if today < ringing.due_on else on_the_day if today == ringing.due_on else after
    why = {Due.CONTACT: why_contact_due, Due.VISIT: why_visit_due}.get(Due(ringing.kind))
    return Saying(
        occasion=f"reminder:{enterprise.pk}:{ringing.kind}:{ringing.due_on}:{ringing.rung.step}",
        kind=f"enterprise.{ringing.kind}_due",
        title=words % {"name": enterprise.name, "day": _short(ringing.due_on, today)},
        text=why(cadence) if why else _("Every enterprise has one within a working day."),
        url=reverse("enterprise_detail", args=(enterprise.pk,)),
        rank=int(start_of(ringing.due_on).timestamp() // 60),
    )


def _short(day: date, today: date) -> str:
    return date_format(day, "MONTH_DAY_FORMAT" if day.year == today.year else "DATE_FORMAT")


def tell_joined(invitation: Invitation, contact: Contact, *, by: User) -> None:
    """Whoever invited hears that there is an account now, and so do those who answer."""
    with translation.override(settings.LANGUAGE_CODE):
        _tell_of_contact(
            contact,
            [invitation.by, *answering(contact.enterprise)],
            occasion=f"joined:{invitation.pk}",
            kind="enterprise.contact_joined",
            title=_("%(who)s of %(name)s signs in now")
            % {"who": contact.name, "name": contact.enterprise.name},
            by=by,
        )


def tell_nobody_in_charge(contact: Contact, *, by: User) -> None:
    """The one in charge has left: whoever answers names another."""
    with translation.override(settings.LANGUAGE_CODE):
        _tell_of_contact(
            contact,
            answering(contact.enterprise),
            occasion=f"nobody_in_charge:{contact.pk}",
            kind="enterprise.nobody_in_charge",
            title=_("Nobody at %(name)s is in charge any more: %(who)s has left")
            % {"who": contact.name, "name": contact.enterprise.name},
            by=by,
        )


def _tell_of_contact(
    contact: Contact, people: Iterable[User], *, occasion: str, kind: str, title: str, by: User
) -> None:
    staff = [one for one in people if not one.is_contact]
    theirs = [one for one in people if one.is_contact]
    for who, url in (
        (staff, reverse("enterprise_detail", args=[contact.enterprise_id])),
        (theirs, reverse("portal_contacts")),
    ):
        notify(
            who, occasion=occasion, kind=kind, title=title, text=contact.enterprise.name, url=url,
            by=by,
        )  # fmt: skip
