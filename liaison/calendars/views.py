"""The calendar, kept by system administrators."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from liaison.accounts.access import SYSTEM_ADMINISTRATORS, open_to
from liaison.accounts.models import User
from liaison.calendars.actions import Imported, import_calendar, set_working_hours, written
from liaison.calendars.forms import CalendarForm, HoursForm
from liaison.calendars.models import CalendarDay, CalendarImport
from liaison.calendars.reading import read_calendar, told
from liaison.calendars.work_time import hours_of
from liaison.core.forms import show_refusal
from liaison.core.refused import Refused
from liaison.core.sheets import UnreadableSheet
from liaison.core.workdays import DayKind

SHOWN = 20


@open_to(SYSTEM_ADMINISTRATORS)
def calendar(request: HttpRequest) -> HttpResponse:
    """The known years; POST takes a file in."""
    user: User = request.user  # type: ignore[assignment]
    form = CalendarForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            rows = read_calendar(upload.read(), upload.name)
            imported = import_calendar(rows, by=user, filename=upload.name)
        except UnreadableSheet as error:
            form.add_error("file", str(error.message))
        except Refused as refused:
            _show_rows(form, refused)
        else:
            _tell(request, imported)
            return redirect("calendar")
    return _page(request, user, form=form, status=422 if request.method == "POST" else 200)


@open_to(SYSTEM_ADMINISTRATORS)
@require_POST
def working_hours(request: HttpRequest) -> HttpResponse:
    """When one's own unit works."""
    user: User = request.user  # type: ignore[assignment]
    hours = HoursForm(request.POST)
    if user.unit is not None and hours.is_valid():
        try:
            set_working_hours(user.unit, hours.cleaned_data["windows"], by=user)
        except Refused as refused:
            show_refusal(hours, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("calendar")
    return _page(request, user, hours=hours, status=422)


def _page(
    request: HttpRequest,
    user: User,
    *,
    form: CalendarForm | None = None,
    hours: HoursForm | None = None,
    status: int,
) -> HttpResponse:
    years = (
        CalendarDay.objects.order_by("-on__year")
        .values("on__year")
        .annotate(
            free=Count("pk", Q(kind=DayKind.HOLIDAY)), worked=Count("pk", Q(kind=DayKind.MAKEUP))
        )
    )
    this_year = timezone.localdate().year
    known = {row["on__year"] for row in years}
    now = written(hours_of(user.unit)) if user.unit else ""
    context = {
        "form": form or CalendarForm(),
        "hours": hours or HoursForm(initial={"windows": now}),
        "years": years,
        "missing": [year for year in (this_year + 1, this_year) if year not in known],
        "imports": CalendarImport.objects.select_related("by")[:SHOWN],
    }
    return render(request, "calendars/calendar.html", context, status=status)


def _show_rows(form: CalendarForm, refused: Refused) -> None:
    errors = refused.details.get("errors")
    if not errors:
        show_refusal(form, refused)
        return
    for error in errors[:SHOWN]:
        form.add_error("file", told(error["row"], error["message"]))
    left = len(errors) - SHOWN
    if left > 0:
        form.add_error(
            "file", ngettext("%d more row is wrong.", "%d more rows are wrong.", left) % left
        )
    form.add_error("file", _("Nothing was imported."))


def _tell(request: HttpRequest, imported: Imported) -> None:
    messages.success(
        request,
        _(
            "%(years)s: %(added)d dates added, %(changed)d changed, %(unchanged)d as they were; "
            "%(moved)d deadlines moved."
        )
        % {
            "years": "、".join(map(str, imported.years)),
            "added": imported.added,
            "changed": imported.changed,
            "unchanged": imported.unchanged,
            "moved": imported.moved,
        },
    )
    for year in imported.incomplete:
        messages.warning(
            request,
            _("%d lacks 1 January, 1 May or 1 October: is the file whole?") % year,
        )
