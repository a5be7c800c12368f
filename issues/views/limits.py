"""办理时限: what holds at a station, and how it is changed."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from issues.actions.limiting import (
    Preview,
    drop_policy,
    preview_limit,
    set_policy,
)
from issues.deadlines import most_particular
from issues.forms import LimitForm
from issues.limits import Fate
from issues.models import Issue, IssueKind, Level, SlaPolicy
from liaison.accounts.access import may_set_rules, open_to
from liaison.accounts.models import STAFF, Unit, User
from liaison.core.forms import show_refusal
from liaison.core.refused import Refused

# In an address: no unit or no kind in particular.
GENERAL, ANY = "all", "any"


@dataclass(frozen=True)
class Place:
    """A unit (None: any), kind (None: any) and level that a limit may be given to."""

    unit: Unit | None
    kind: IssueKind | None
    level: str

    @property
    def address(self) -> tuple[str, str, str]:
        return (
            self.unit.code if self.unit else GENERAL,
            self.kind.code if self.kind else ANY,
            self.level,
        )

    @property
    def words(self) -> str:
        kind = str(self.kind or _("All kinds"))
        return f"{kind} · {Level(self.level).label}"

    def own(self) -> SlaPolicy | None:
        """The row in force for exactly this place."""
        return SlaPolicy.objects.in_force().exactly(self.unit, self.kind, self.level).first()


@dataclass(frozen=True)
class Cell:
    """What holds at one place: ``own`` of the unit itself, ``particular`` to the kind."""

    policy: SlaPolicy
    level: str
    own: bool
    particular: bool
    url: str


@open_to(*STAFF)
def limit_list(request: HttpRequest) -> HttpResponse:
    """What holds at one's station, or at the one asked for; a bureau sees the general limits."""
    user: User = request.user  # type: ignore[assignment]
    stations = Unit.objects.visible_to(user).stations()
    if asked := request.GET.get("unit"):
        unit: Unit | None = get_object_or_404(stations, code=asked)
    else:
        unit = user.unit if user.unit and user.unit.kind == Unit.Kind.STATION else None
    rows = list(SlaPolicy.objects.visible_to(user).in_force().fitting(unit))
    kinds = [None, *IssueKind.objects.all()]
    own = SlaPolicy.objects.visible_to(user).in_force().filter(unit__isnull=False).values("unit")
    context = {
        "unit": unit,
        "levels": Level,
        "table": _table(rows, kinds, unit, user) if rows else [],
        # Whoever keeps the general ones from a station sees them beside its own.
        "general": _table([row for row in rows if row.unit_id is None], kinds, None, user)
        if unit and may_set_rules(user, None)
        else [],
        "may_edit": may_set_rules(user, unit),
        "others": stations.filter(pk__in=own) if unit is None else [],
    }
    return render(request, "issues/limits.html", context)


@open_to(*STAFF)
def limit_edit(request: HttpRequest, unit: str, of: str, level: str) -> HttpResponse:
    """First what the change would do, then the change, with the open lines or without them."""
    user: User = request.user  # type: ignore[assignment]
    place = _place(user, unit, of, level)
    if request.method != "POST":
        return _page(request, place, _form_of(place))
    form = LimitForm(request.POST)
    if not form.is_valid() or request.POST.get("do") == "edit":
        return _page(request, place, form, status=422 if form.errors else 200)
    do, wanted = (
        request.POST.get("do"),
        SlaPolicy(unit=place.unit, kind=place.kind, level=level, **form.terms()),
    )
    if do not in ("keep", "also_open"):
        return _preview(request, place, form, wanted)
    try:
        changed = set_policy(
            place.unit,
            place.kind,
            level,
            **form.terms(),
            by=user,
            replaces=form.cleaned_data["row"],
            also_open=do == "also_open",
            agreed=request.POST.get("agreed", ""),
        )
    except Refused as refused:
        if refused.code == "changed":
            messages.warning(request, str(refused.message))
            return _preview(request, place, form, wanted, status=409)
        show_refusal(form, refused)
        if refused.conflict:
            # What was typed stays; sent again it replaces what is there now.
            form = _seen_again(form, refused)
        return _page(request, place, form, status=409 if refused.conflict else 422)
    messages.success(request, _("Time limit set: %(place)s.") % {"place": place.words})
    if changed.followed:
        said = ngettext("%d open line follows it.", "%d open lines follow it.", changed.followed)
        messages.success(request, said % changed.followed)
    if changed.missed:
        said = ngettext(
            "%d line was being moved at that moment and keeps its limit.",
            "%d lines were being moved at that moment and keep their limit.",
            changed.missed,
        )
        messages.warning(request, said % changed.missed)
    return redirect("limit_list")


@open_to(*STAFF)
@require_POST
def limit_drop(request: HttpRequest, unit: str, of: str, level: str) -> HttpResponse:
    """The station's own limit goes; the more general one holds again."""
    user: User = request.user  # type: ignore[assignment]
    place = _place(user, unit, of, level)
    row = request.POST.get("row", "")
    if place.unit is None or not row.isdecimal():
        raise Http404
    try:
        drop_policy(place.unit, place.kind, level, by=user, replaces=int(row))
    except Refused as refused:
        messages.error(request, str(refused.message))
        return redirect("limit_edit", *place.address)
    messages.success(
        request, _("The general limit holds again: %(place)s.") % {"place": place.words}
    )
    return redirect("limit_list")


def _place(user: User, unit: str, of: str, level: str) -> Place:
    """Where this person may set a limit; anything else is not there."""
    if level not in Level.values:
        raise Http404
    where = None if unit == GENERAL else get_object_or_404(Unit.objects.stations(), code=unit)
    kind = None if of == ANY else get_object_or_404(IssueKind, code=of)
    if not may_set_rules(user, where):
        raise Http404
    return Place(where, kind, level)


def _holds(place: Place) -> SlaPolicy:
    rows = SlaPolicy.objects.in_force().fitting(place.unit).filter(level=place.level)
    return most_particular(rows, _pk(place.unit), _pk(place.kind), place.level)


def _pk(row: Unit | IssueKind | None) -> int | None:
    return row.pk if row is not None else None


def _form_of(place: Place) -> LimitForm:
    own = place.own()
    return LimitForm(initial={**_holds(place).terms, "row": own.pk if own else None})


def _seen_again(form: LimitForm, refused: Refused) -> LimitForm:
    again = LimitForm({**form.cleaned_data, "row": refused.details["replaces"]})
    again.full_clean()
    show_refusal(again, refused)
    return again


def _preview(
    request: HttpRequest, place: Place, form: LimitForm, wanted: SlaPolicy, status: int = 200
) -> HttpResponse:
    own = place.own()
    preview = preview_limit(wanted)
    differs = own is None or own.terms != wanted.terms
    if not differs and not preview.follow:
        form.add_error(None, _("These limits hold already, and every open line is under them."))
        return _page(request, place, form, status=422)
    return _page(request, place, form, status=status, preview=preview, differs=differs)


def _page(
    request: HttpRequest,
    place: Place,
    form: LimitForm,
    *,
    status: int = 200,
    preview: Preview | None = None,
    differs: bool = True,
) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    context: dict[str, Any] = {
        "place": place,
        "form": form,
        "own": place.own(),
        "holds": _holds(place),
        "preview": preview,
        "differs": differs,
    }
    if preview is not None:
        seen = Issue.objects.visible_to(user).filter(pk__in=[one.line.pk for one in preview.named])
        seen_ids = set(seen.values_list("pk", flat=True))
        context["named"] = [one for one in preview.named if one.line.pk in seen_ids]
        context["more"] = preview.concerned - preview.counts[Fate.SAME] - len(context["named"])
        context["ledger"] = reverse("issue_list") + (
            f"?level={place.level}" + (f"&kind={place.kind.code}" if place.kind else "")
        )
        context["counts"] = {str(fate): n for fate, n in preview.counts.items()}
        context["asked"] = form.cleaned_data
    return render(request, "issues/limit.html", context, status=status)


def _table(
    rows: list[SlaPolicy], kinds: list[IssueKind | None], unit: Unit | None, user: User
) -> list[tuple[IssueKind | None, list[Cell]]]:
    may_edit = may_set_rules(user, unit)

    def cell(kind: IssueKind | None, level: str) -> Cell:
        policy = most_particular(rows, _pk(unit), _pk(kind), level)
        address = Place(unit, kind, level).address
        return Cell(
            policy,
            str(Level(level).label),
            own=unit is not None and policy.unit_id == unit.pk,
            particular=policy.kind_id == _pk(kind),
            url=reverse("limit_edit", args=address) if may_edit else "",
        )

    return [(kind, [cell(kind, level) for level in Level.values]) for kind in kinds]
