"""Who answers for what: assign, hand over, cover, deputise."""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.actions.cadence import note_officer
from enterprises.actions.enterprise import must_be_short, must_oversee, take_turns
from enterprises.models import Assignment, Cover, Enterprise
from enterprises.notices import Change, tell_of_lines, tell_officers
from enterprises.signals import everything_handed_over, officer_changed
from liaison.accounts.models import Unit, User
from liaison.accounts.people import hold_still
from liaison.audit.record import record
from liaison.core.refused import Conflict, Refused


@transaction.atomic
def assign(
    enterprise: Enterprise,
    officer: User,
    *,
    by: User,
    reason: str = "",
    replaces: User | int | None = None,
) -> Assignment:
    """Make this officer the responsible officer (责任警官).

    ``replaces`` is whom the caller believes to answer now; None says nobody. When that is no
    longer so the verb is a Conflict that names the present officer: of any number of people
    assigning at once exactly one succeeds, and no one is replaced unseen. Someone who can no
    longer answer (left, or moved to another station) counts as nobody.
    """
    change = change_officer(enterprise, officer, by=by, reason=reason, replaces=replaces)
    tell_officers([change], by=by, reason=reason)
    return change.assignment


def change_officer(
    enterprise: Enterprise,
    officer: User,
    *,
    by: User,
    reason: str,
    replaces: User | int | None,
) -> Change:
    """One of several, in the transaction of a verb that tells the officers of all together."""
    must_oversee(by, enterprise.unit)
    must_be_short(reason)
    hold_still(officer)
    _must_be_fit(officer, enterprise)
    replaced = replaces.pk if isinstance(replaces, User) else replaces
    if replaced == officer.pk:
        raise Refused("same_officer", _("This officer answers for it already."), field="officer")
    enterprise = take_turns(enterprise)
    if not enterprise.is_live:
        raise Refused("closed", _("A closed enterprise needs no officer."), field="enterprise")
    before = officer_in_place(enterprise)
    assignment = _take_place(
        enterprise, Assignment.Role.RESPONSIBLE, officer, by=by, reason=reason, replaces=replaced
    )
    note_officer(enterprise)
    # Nobody deputises for himself: the deputy who becomes responsible leaves that place free.
    for deputy in enterprise.assignments.open().deputies().filter(officer=officer):
        _end(deputy)
    record(
        "enterprise.assigned",
        enterprise,
        by=by,
        unit=enterprise.unit,
        changes={"officer": [before.pk if before else None, officer.pk]},
    )
    officer_changed.send(
        Assignment, enterprise=enterprise, before=before, after=officer, by=by, reason=reason
    )
    return Change(assignment, before)


@transaction.atomic
def hand_over(outgoing: User, incoming: User, *, by: User, reason: str) -> list[Assignment]:
    """Everything one officer answers for at the station goes to another at once.

    Responsible and deputy places change here; open bill lines follow through
    ``officer_changed`` and ``everything_handed_over``, due visits follow because they hang on
    the enterprise. Returns the new responsible assignments; all of it happens or none. The
    outgoing officer may have left or moved to another station by now.
    """
    if outgoing.pk == incoming.pk:
        raise Refused("same_officer", _("Choose another officer."), field="incoming")
    if not reason.strip():
        raise Refused("missing", _("Say why it is handed over."), field="reason")
    must_be_short(reason)
    unit = incoming.unit
    if unit is None:
        raise Refused("not_yours", _("This officer belongs to no station."), field="incoming")
    must_oversee(by, unit)
    hold_still(outgoing, incoming)
    places = list(
        Assignment.objects.all()
        .open()
        .filter(officer=outgoing, enterprise__unit=unit)
        .select_related("enterprise__unit")
        .order_by("enterprise_id", "id")
    )
    if not _answers_at(incoming, unit):
        raise Refused("wrong_officer", _("Choose an officer of this station."), field="incoming")
    # All of them, by id as everywhere, before the first is changed: two verbs on several that meet
    # take turns, and neither waits for what the other holds.
    for place in places:
        take_turns(place.enterprise)
    made = [
        change_officer(place.enterprise, incoming, by=by, reason=reason, replaces=outgoing)
        for place in places
        if place.role == Assignment.Role.RESPONSIBLE
    ]
    for place in places:
        if place.role == Assignment.Role.DEPUTY:
            answers = place.enterprise.assignments.open().responsible().filter(officer=incoming)
            if answers.exists():
                _end(place)
            else:
                set_deputy(place.enterprise, incoming, by=by, reason=reason, replaces=outgoing)
    told = everything_handed_over.send(
        Assignment, unit=unit, before=outgoing, after=incoming, by=by, reason=reason
    )
    lines = sum(len(followed or ()) for _receiver, followed in told)
    if not places and not lines:
        raise Refused("nothing", _("This officer answers for nothing here."), field="outgoing")
    entry = record(
        "officer.handed_over",
        outgoing,
        by=by,
        unit=unit,
        changes={"to": incoming.pk, "enterprises": len(made)},
    )
    if made:
        tell_officers(made, by=by, reason=reason, lines=lines)
    elif lines:
        occasion = f"hand_over:{entry.pk}"
        tell_of_lines(incoming, lines, occasion=occasion, by=by, reason=reason)
    return [change.assignment for change in made]


@transaction.atomic
def set_deputy(
    enterprise: Enterprise,
    officer: User,
    *,
    by: User,
    reason: str = "",
    replaces: User | int | None = None,
) -> Assignment:
    """Name a deputy, who may stand in but does not answer."""
    must_oversee(by, enterprise.unit)
    must_be_short(reason)
    hold_still(officer)
    _must_be_fit(officer, enterprise)
    enterprise = take_turns(enterprise)
    if not enterprise.is_live:
        raise Refused("closed", _("A closed enterprise needs no officer."), field="enterprise")
    if enterprise.assignments.open().responsible().filter(officer=officer).exists():
        raise Refused(
            "same_officer", _("The responsible officer cannot be the deputy too."), field="officer"
        )
    replaced = replaces.pk if isinstance(replaces, User) else replaces
    if replaced == officer.pk:
        raise Refused("same_officer", _("This officer is the deputy already."), field="officer")
    deputy = _take_place(
        enterprise, Assignment.Role.DEPUTY, officer, by=by, reason=reason, replaces=replaced
    )
    record("enterprise.deputy", enterprise, by=by, unit=enterprise.unit, changes={"to": officer.pk})
    return deputy


@transaction.atomic
def end_deputy(enterprise: Enterprise, *, by: User) -> None:
    """The enterprise has no deputy from now on."""
    must_oversee(by, enterprise.unit)
    for deputy in enterprise.assignments.open().deputies():
        _end(deputy)
        record("enterprise.deputy_ended", enterprise, by=by, unit=enterprise.unit)


@transaction.atomic
def cover(
    officer: User, acting: User, *, starts_on: date, ends_on: date, by: User, reason: str = ""
) -> Cover:
    """Let another officer act during leave, both dates included. Assignments stay."""
    if officer.unit is None:
        raise Refused("not_yours", _("This officer belongs to no station."), field="officer")
    must_oversee(by, officer.unit)
    must_be_short(reason)
    if officer.pk == acting.pk:
        raise Refused("same_officer", _("Choose another officer."), field="acting")
    # Two covers that touch the same person take turns, and the second sees the first.
    hold_still(officer, acting)
    if not _answers_at(officer, officer.unit):
        # Whoever has left is not covered for but hands over.
        raise Refused("wrong_officer", _("Choose an officer of this station."), field="officer")
    if not _answers_at(acting, officer.unit):
        raise Refused("wrong_officer", _("Choose an officer of this station."), field="acting")
    if ends_on < starts_on:
        raise Refused("dates", _("The end is before the beginning."), field="ends_on")
    if ends_on < timezone.localdate():
        raise Refused("dates", _("This period is over."), field="ends_on")
    overlapping = Cover.objects.filter(
        cancelled_at__isnull=True, starts_on__lte=ends_on, ends_on__gte=starts_on
    )
    if overlapping.filter(officer=officer).exists():
        raise Refused("overlap", _("There is a cover in this period."), field="starts_on")
    if overlapping.filter(officer=acting).exists():
        raise Refused("away", _("The acting officer is away then."), field="acting")
    if overlapping.filter(acting=officer).exists():
        # Else the one this officer stands in for would have nobody there.
        raise Refused("acts", _("This officer acts for another then."), field="officer")
    made = Cover.objects.create(
        officer=officer, acting=acting, starts_on=starts_on, ends_on=ends_on, by=by, reason=reason
    )
    record("officer.covered", officer, by=by, unit=officer.unit, changes={"acting": acting.pk})
    return made


@transaction.atomic
def cancel_cover(made: Cover, *, by: User) -> None:
    """End a cover early; it stays in the history."""
    if made.officer.unit is None:
        raise Refused("not_yours", _("This officer belongs to no station."))
    must_oversee(by, made.officer.unit)
    if not Cover.objects.filter(pk=made.pk, cancelled_at__isnull=True).update(
        cancelled_at=timezone.now()
    ):
        raise Conflict("stale", _("This cover has been cancelled already."))
    record("officer.cover_cancelled", made.officer, by=by, unit=made.officer.unit)


def _answers_at(officer: User, unit: Unit) -> bool:
    """As the row says now: what the caller holds may be older than the last move."""
    fit = User.objects.all().may_answer_for_enterprises().at(unit)
    return fit.filter(pk=officer.pk).exists()


def _must_be_fit(officer: User, enterprise: Enterprise) -> None:
    if not _answers_at(officer, enterprise.unit):
        raise Refused(
            "wrong_officer", _("Choose an officer of the enterprise's station."), field="officer"
        )


def officer_in_place(enterprise: Enterprise) -> User | None:
    """Who answers for it now, by the row alone."""
    place = enterprise.assignments.open().responsible().select_related("officer").first()
    return place.officer if place else None


def _end(place: Assignment) -> None:
    Assignment.objects.filter(pk=place.pk, ended_at__isnull=True).update(ended_at=timezone.now())


def _take_place(
    enterprise: Enterprise,
    role: str,
    officer: User,
    *,
    by: User,
    reason: str,
    replaces: int | None,
) -> Assignment:
    """End the row that is expected to be open and open the next, or raise Conflict."""
    places = Assignment.objects.filter(enterprise=enterprise, role=role, ended_at__isnull=True)
    if replaces is None:
        fit = User.objects.all().may_answer_for_enterprises().at(enterprise.unit)
        places.exclude(officer__in=fit).update(ended_at=timezone.now())
    elif not places.filter(officer=replaces).update(ended_at=timezone.now()):
        raise _taken(enterprise, role)
    try:
        with transaction.atomic():
            return Assignment.objects.create(
                enterprise=enterprise, officer=officer, role=role, reason=reason, by=by
            )
    except IntegrityError as error:
        raise _taken(enterprise, role) from error


def _taken(enterprise: Enterprise, role: str) -> Conflict:
    now = (
        Assignment.objects.filter(enterprise=enterprise, role=role, ended_at__isnull=True)
        .select_related("officer")
        .first()
    )
    return Conflict(
        "already_assigned",
        _("%(officer)s answers for it now.") % {"officer": now.officer}
        if now
        else _("Nobody answers for it any more."),
        details={"officer": now.officer_id if now else None},
    )
