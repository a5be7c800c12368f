"""The green channel as an enterprise's contact sees it."""

from itertools import groupby
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from enterprises.models import Enterprise
from green_channel.actions import bring, confirm_receipt
from green_channel.forms import ApplyForm, BringForm, VersionForm
from green_channel.models import Application, Audience, Item, LocalTerm
from green_channel.showing import show
from green_channel.terms import terms_at
from green_channel.views.applications import send, serve_file
from issues.throttle import too_many
from issues.workflow import Stage
from liaison.accounts.access import open_to
from liaison.accounts.models import Kind, Unit, User
from liaison.core.forms import refuse
from liaison.core.ledgers import cut_page
from liaison.core.refused import Refused

WORDS_MAX = 60


@open_to(Kind.CONTACT)
def portal_green_catalogue(request: HttpRequest) -> HttpResponse:
    """What can be applied for, by who needs it."""
    user: User = request.user  # type: ignore[assignment]
    words = request.GET.get("q", "")[:WORDS_MAX]
    items = list(Item.objects.visible_to(user).matching(words))
    unit = _station(user)
    local = {one.item_id: one for one in LocalTerm.objects.filter(unit=unit)} if unit else {}
    items.sort(key=lambda item: (Audience.values.index(item.audience), item.position, item.pk))
    groups = [
        (Audience(audience).label, [(one, terms_at(one, None, local.get(one.pk))) for one in rows])
        for audience, rows in groupby(items, lambda item: item.audience)
    ]
    context = {
        "groups": groups,
        "words": words,
        "running": Application.objects.visible_to(user).open().count(),
    }
    return render(request, "green_channel/portal/catalogue.html", context)


@open_to(Kind.CONTACT)
def portal_green_item(request: HttpRequest, pk: int) -> HttpResponse:
    """What one item takes: papers, time, basis, fee; or who else does it, and where."""
    user: User = request.user  # type: ignore[assignment]
    item = _item(user, pk)
    context = {"item": item, "terms": terms_at(item, _station(user))}
    return render(request, "green_channel/portal/item.html", context)


@open_to(Kind.CONTACT)
def portal_green_apply(request: HttpRequest, pk: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    item = _item(user, pk)
    form = ApplyForm(request.POST or None, request.FILES or None, user=user, item=item)
    if item.referred and not form.is_bound:
        return redirect("portal_green_item", pk)
    refused = too_many(request) if form.is_bound else None
    made, status = (None, refuse(form, refused)) if refused else send(form, item, user)
    if made is not None:
        messages.success(
            request, _("Sent. Your number: %(number)s.") % {"number": made.issue.number}
        )
        return redirect("portal_green_application", made.pk)
    context = {"item": item, "terms": terms_at(item, _station(user)), "form": form}
    return render(request, "green_channel/portal/apply.html", context, status=status)


@open_to(Kind.CONTACT)
def portal_green_applications(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    rows = Application.objects.visible_to(user).for_rows()
    return render(
        request,
        "green_channel/portal/applications.html",
        {"page": cut_page(request, rows, ["-id"])},
    )


@open_to(Kind.CONTACT)
def portal_green_application(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _application(request, pk))


@open_to(Kind.CONTACT)
@require_POST
def portal_green_bring(request: HttpRequest, pk: int) -> HttpResponse:
    """Files for what is still missing."""
    user: User = request.user  # type: ignore[assignment]
    application = _application(request, pk)
    papers = show(application, user).open_papers
    form = BringForm(request.POST, request.FILES, papers=papers, by_staff=False)
    if refused := too_many(request):
        return _page(request, application, form=form, status=refuse(form, refused))
    if not form.is_valid():
        return _page(request, application, form=form, status=422)
    files = form.keep_files(user)
    if form.errors:
        return _page(request, application, form=form, status=422)
    try:
        bring(application, by=user, files=files, words=form.cleaned_data["words"])
    except Refused as refused:
        status = refuse(form, refused)
        return _page(request, _application(request, pk), form=form, status=status)
    messages.success(request, _("Sent to your officer."))
    return redirect("portal_green_application", pk)


@open_to(Kind.CONTACT)
@require_POST
def portal_green_received(request: HttpRequest, pk: int) -> HttpResponse:
    """The enterprise says that it has the result."""
    user: User = request.user  # type: ignore[assignment]
    application = _application(request, pk)
    form = VersionForm(request.POST)
    if not form.is_valid():
        return _page(request, application, status=422)
    try:
        confirm_receipt(application, by=user, version=form.cleaned_data["version"])
    except Refused as refused:
        messages.error(request, str(refused.message))
        status = 409 if refused.conflict else 422
        return _page(request, _application(request, pk), status=status)
    messages.success(request, _("Thank you. It is closed out."))
    return redirect("portal_green_application", pk)


@open_to(Kind.CONTACT)
def portal_green_file(request: HttpRequest, pk: int, file: UUID) -> HttpResponseBase:
    return serve_file(request, pk, file)


def _station(user: User) -> Unit | None:
    """Whose promises a contact reads: the station of their enterprises, the first by name."""
    mine = Enterprise.objects.visible_to(user).select_related("unit").order_by("name", "pk")
    first = mine.first()
    return first.unit if first else None


def _item(user: User, pk: int) -> Item:
    seen = Item.objects.visible_to(user).select_related("basis")
    return get_object_or_404(seen.prefetch_related("requirements"), pk=pk)


def _application(request: HttpRequest, pk: int) -> Application:
    user: User = request.user  # type: ignore[assignment]
    return get_object_or_404(Application.objects.visible_to(user).for_page(), pk=pk)


def _page(
    request: HttpRequest,
    application: Application,
    *,
    form: BringForm | None = None,
    status: int = 200,
) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    shown = show(application, user)
    issue = application.issue
    undecided = issue.is_open and issue.stage != Stage.PROPOSED
    if form is None and undecided and shown.open_papers:
        form = BringForm(papers=shown.open_papers, by_staff=False)
    context = {
        **shown.context,
        "form": form,
        "may_confirm": issue.stage == Stage.PROPOSED and issue.close_rule == "contact",
    }
    return render(request, "green_channel/portal/application.html", context, status=status)
