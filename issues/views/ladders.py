"""提醒与升级: who is told when something falls due, and how a station changes it."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from enterprises.actions.ladders import drop_reminders, set_reminders
from enterprises.ladder import rules_at
from enterprises.models import Due, ReminderRule
from enterprises.steps import Step, in_order
from enterprises.steps import step_of as step_of_reminder
from issues.actions.laddering import drop_ladder, set_ladder
from issues.ladder import ladder_for, step_of
from issues.ladder_forms import LadderForm, SeenForm, StepFormSet, initial
from issues.ladder_rows import Place, Row, row, rows_of_enterprises, rows_of_lines
from issues.models import EscalationRule, IssueKind
from issues.workflow import Clock
from liaison.accounts.access import may_set_rules, open_to
from liaison.accounts.models import STAFF, Unit, User
from liaison.core.refused import Refused


@open_to(*STAFF)
def ladder_list(request: HttpRequest) -> HttpResponse:
    """What holds at one's station, or at the one asked for; a bureau sees the general ladders."""
    user: User = request.user  # type: ignore[assignment]
    stations = Unit.objects.visible_to(user).stations()
    if asked := request.GET.get("unit"):
        unit: Unit | None = get_object_or_404(stations, code=asked)
    else:
        unit = user.unit if user.unit and user.unit.kind == Unit.Kind.STATION else None
    rules = list(EscalationRule.objects.visible_to(user).fitting(unit))
    reminders = list(ReminderRule.objects.visible_to(user).fitting(unit))
    kinds = list(IssueKind.objects.all())
    general = unit is not None and may_set_rules(user, None)
    context = {
        "unit": unit,
        "sheets": _sheets(user, rules, reminders, kinds, unit),
        # Whoever keeps the general ones from a station sees them beside its own.
        "general": _sheets(
            user,
            [one for one in rules if one.unit_id is None],
            [one for one in reminders if one.unit_id is None],
            kinds,
            None,
        )
        if general
        else [],
        "may_edit": may_set_rules(user, unit),
        "kinds": kinds,
        "clocks": Clock,
        "others": _with_own(user, stations) if unit is None else [],
    }
    return render(request, "issues/ladders.html", context)


@open_to(*STAFF)
def ladder_edit(request: HttpRequest, unit: str, of: str, clock: str) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    place = _place(user, unit, of, clock)
    if request.method != "POST":
        steps, own = _holding(place)
        seen = SeenForm(initial={"rows": _joined(own)})
        return _page(request, place, seen, _form(place, steps=steps))
    seen, form = SeenForm(request.POST), _form(place, request.POST)
    if not (seen.is_valid() and form.is_valid()):
        return _page(request, place, seen, form, status=422)
    try:
        follow = _set(place, form.steps(), by=user, replaces=seen.ids())
    except Refused as refused:
        form.show_refusal(refused)
        if refused.conflict:
            # What was typed stays; sent again it replaces what is there now.
            seen = SeenForm(initial={"rows": _joined(_holding(place)[1])})
        return _page(request, place, seen, form, status=409 if refused.conflict else 422)
    messages.success(request, _("Steps set: %(place)s.") % {"place": place.words})
    _say_who_follows(request, place, follow)
    return redirect("ladder_list")


@open_to(*STAFF)
@require_POST
def ladder_drop(request: HttpRequest, unit: str, of: str, clock: str) -> HttpResponse:
    """The place's own steps go; the more general ones hold again."""
    user: User = request.user  # type: ignore[assignment]
    place = _place(user, unit, of, clock)
    seen = SeenForm(request.POST)
    if not seen.is_valid() or not seen.ids():
        raise Http404
    try:
        follow = _drop(place, by=user, replaces=seen.ids())
    except Refused as refused:
        messages.error(request, str(refused.message))
        return redirect("ladder_edit", *place.address)
    messages.success(
        request, _("The general steps hold again: %(place)s.") % {"place": place.words}
    )
    _say_who_follows(request, place, follow)
    return redirect("ladder_list")


def _place(user: User, unit: str, of: str, clock: str) -> Place:
    """Where this person may set a ladder; anything else is not there."""
    if clock not in (*Clock.values, *Due.values) or (clock in Due.values and of != "any"):
        raise Http404
    where = None if unit == "all" else get_object_or_404(Unit.objects.stations(), code=unit)
    kind = None if of == "any" else get_object_or_404(IssueKind, code=of)
    if not may_set_rules(user, where):
        raise Http404
    return Place(where, kind, clock)


def _set(place: Place, steps: Sequence[Step], *, by: User, replaces: Sequence[int]) -> int:
    if place.of_enterprises:
        return set_reminders(place.unit, place.clock, steps, by=by, replaces=replaces)
    return set_ladder(place.unit, place.kind, place.clock, steps, by=by, replaces=replaces)


def _drop(place: Place, *, by: User, replaces: Sequence[int]) -> int:
    if not place.of_enterprises:
        return drop_ladder(place.unit, place.kind, place.clock, by=by, replaces=replaces)
    if place.unit is None:
        raise Refused("last", _("The general steps can be changed, but not dropped."))
    return drop_reminders(place.unit, place.clock, by=by, replaces=replaces)


def _holding(place: Place) -> tuple[list[Step], list[int]]:
    """The steps that hold at a place, and the ids of its own rows among them."""
    unit_id = place.unit.pk if place.unit else None
    if place.of_enterprises:
        reminders = ReminderRule.objects.all().fitting(place.unit).filter(kind=place.clock)
        found = rules_at(reminders, unit_id)[place.clock]
        own = [one.pk for one in found if one.unit_id == unit_id]
        return in_order(map(step_of_reminder, found)), own
    kind_id = place.kind.pk if place.kind else None
    rules = EscalationRule.objects.all().fitting(place.unit).filter(clock=place.clock)
    ladder = ladder_for(rules, unit_id, kind_id, place.clock)
    own = [one.pk for one in ladder if (one.unit_id, one.kind_id) == (unit_id, kind_id)]
    return in_order(map(step_of, ladder)), own


def _form(place: Place, data: QueryDict | None = None, steps: Sequence[Step] = ()) -> StepFormSet:
    return LadderForm(
        data, prefix="steps", initial=initial(steps, place), form_kwargs={"place": place}
    )


def _page(
    request: HttpRequest, place: Place, seen: SeenForm, form: StepFormSet, *, status: int = 200
) -> HttpResponse:
    steps, own = _holding(place)
    context = {
        "place": place,
        "seen": seen,
        "form": form,
        "holds": row(place, steps, own=bool(own)),
        "own": _joined(own),
        "may_drop": own and (place.unit is not None or place.kind is not None),
    }
    return render(request, "issues/ladder.html", context, status=status)


def _joined(ids: Sequence[int]) -> str:
    return ",".join(str(one) for one in sorted(ids))


def _say_who_follows(request: HttpRequest, place: Place, follow: int) -> None:
    if not follow:
        return
    said = (
        ngettext("%d enterprise goes by them now.", "%d enterprises go by them now.", follow)
        if place.of_enterprises
        else ngettext("%d open line goes by them now.", "%d open lines go by them now.", follow)
    )
    messages.success(request, said % follow)


def _sheets(
    user: User,
    rules: Sequence[EscalationRule],
    reminders: Sequence[ReminderRule],
    kinds: Sequence[IssueKind],
    unit: Unit | None,
) -> list[tuple[str, list[Row], bool]]:
    """Title, ladders and whether they can be changed: of the bill, and of enterprises."""
    if not rules:
        return []
    may_edit = may_set_rules(user, unit)
    return [
        (_("Issue bill"), rows_of_lines(rules, kinds, unit), may_edit),
        (_("Enterprises"), rows_of_enterprises(reminders, unit), may_edit),
    ]


def _with_own(user: User, stations: Any) -> Any:
    """Stations with steps of their own."""
    mine = EscalationRule.objects.visible_to(user).filter(unit__isnull=False).values("unit")
    also = ReminderRule.objects.visible_to(user).filter(unit__isnull=False).values("unit")
    return stations.filter(pk__in=mine) | stations.filter(pk__in=also)
