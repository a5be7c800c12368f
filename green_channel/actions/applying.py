"""Applying, and bringing what is needed."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.models import Enterprise
from green_channel.models import Application, Correction, Item, Mode, Paper, Supply
from green_channel.terms import limit_of, terms_at
from issues.actions import note_on_issue, raise_issue, resume_issue
from issues.actions.engine import Proven, state_of
from issues.actions.raising import officer_of
from issues.models import Attachment, Issue, IssueKind
from issues.roles import roles_of
from issues.workflow import Role, Stage
from liaison.accounts.models import User
from liaison.core.joining import joined
from liaison.core.refused import Conflict, Refused

KIND = "approval"
MAY_BRING = frozenset({Role.HANDLER, Role.DESK, Role.RAISER, Role.CONTACT})
# Until it is decided something may be brought.
UNDECIDED = (Stage.RAISED, Stage.ACCEPTED, Stage.WORKING, Stage.WAITING)
Files = Mapping[int, Sequence[UUID]]


@transaction.atomic
def apply_for(
    item: Item,
    enterprise: Enterprise,
    *,
    by: User,
    mode: str = Mode.SELF,
    text: str = "",
    files: Files | None = None,
    agent: User | None = None,
    client_id: UUID | None = None,
) -> Application:
    """Apply for an item on behalf of an enterprise, with what there is of its checklist.

    ``files`` are uploads by requirement. Whatever is missing is no reason to refuse: that is said
    once it is looked at. Handled or assisted by an officer, ``agent`` handles the line; without one
    it is who answers for the enterprise. The same ``client_id`` again answers with the application
    that is there. Raises Refused("no_item" | "referred_out" | "no_officer" | ...).
    """
    client_id = client_id or uuid4()
    if earlier := _sent_before(by, client_id, item):
        return earlier
    if not item.offered or item.unit_id not in (None, enterprise.unit_id):
        raise Refused("no_item", _("This cannot be applied for here."), field="item")
    terms = terms_at(item, enterprise.unit)
    if item.referred:
        raise Refused(
            "referred_out",
            _("%(office)s does this, not the police: apply there.") % {"office": terms.office_name},
            details={"office": terms.office_name, "phone": terms.office_phone},
        )
    if mode not in Mode.values:
        raise Refused("invalid", _("There is no such mode."), field="mode")
    helper = None if mode == Mode.SELF else (agent or officer_of(enterprise))
    if mode != Mode.SELF and helper is None:
        raise Refused(
            "no_officer",
            _("No officer is named for the enterprise yet: apply yourselves, or call the station."),
            field="mode",
        )
    files = files or {}
    issue = raise_issue(
        enterprise,
        kind=IssueKind.objects.get(code=KIND),
        title=item.name,
        text=text,
        by=by,
        source=Issue.Source.PORTAL if by.is_contact else Issue.Source.DESK,
        files=[Proven(pk) for ids in files.values() for pk in ids],
        limit=limit_of(item, terms),
        handler=helper,
    )
    try:
        with transaction.atomic():
            application = Application.objects.create(
                client_id=client_id,
                issue=issue,
                item=item,
                applied_by=by,
                mode=mode,
                agent=helper,
                statutory=terms.statutory,
                counted=item.counted,
                licence=item.licence,
            )
    except IntegrityError as error:
        raise Conflict(
            "sent_twice", _("This application is being saved already: look at the list.")
        ) from error
    for one in item.requirements.all():
        paper = Paper.objects.create(
            application=application,
            name=one.name,
            copies=one.copies,
            form=one.form,
            required=one.required,
            position=one.position,
        )
        _supply(paper, files.get(one.pk, ()), by=by)
    return application


@transaction.atomic
def bring(
    application: Application,
    *,
    by: User,
    files: Files | None = None,
    seen: Collection[int] = (),
    words: str = "",
) -> Application:
    """Add files to papers of the checklist; an officer also says which papers were ``seen``.

    When nothing that a correction notice named is missing any more, the clock runs on. Raises
    Refused("nothing" | "not_allowed") and Conflict once it is decided.
    """
    application = take_turns_on(application)
    issue = Issue.objects.get(pk=application.issue_id)
    roles = roles_of(by, issue)
    if not roles & MAY_BRING or (seen and by.is_contact):
        raise Refused("not_allowed", _("You may not do this on this application."))
    if issue.stage not in UNDECIDED:
        raise Conflict(
            "wrong_stage",
            _("This cannot be done while the line is “%(stage)s”.")
            % {"stage": issue.get_stage_display()},
            details=state_of(issue),
        )
    given = {pk: ids for pk, ids in (files or {}).items() if ids}
    papers = {one.pk: one for one in application.papers.filter(pk__in={*given, *seen})}
    if not papers:
        raise Refused("nothing", _("Choose at least one file for what is still missing."))
    if len(papers) < len({*given, *seen}):
        raise Refused("no_such_paper", _("One of the papers is not on this checklist."))
    named = joined(paper.name for paper in papers.values())
    note = _("Brought: %(what)s.") % {"what": named}
    note_on_issue(
        issue,
        by=by,
        note=f"{note}\n{words.strip()}".strip()[:4000],
        files=[Proven(pk) for ids in given.values() for pk in ids],
    )
    correction = Correction.objects.filter(application=application).first()
    for pk, paper in papers.items():
        answers = correction if paper.asked_in_id else None
        _supply(paper, given.get(pk, ()), by=by, answers=answers)
        if pk in seen:
            Supply.objects.create(paper=paper, by=by, answers=answers, at=timezone.now())
    awaited = correction is not None and issue.stage == Stage.WAITING
    if awaited and not open_papers(application, asked=True):
        if not roles & {Role.HANDLER, Role.CONTACT}:
            # The desk takes papers in; that all is there the handler or the enterprise says.
            return application
        resume_issue(issue, by=by, version=issue.version)
    return application


def open_papers(application: Application, *, asked: bool = False) -> list[Paper]:
    """What must still be brought; with ``asked`` only what the correction notice names."""
    papers = application.papers.prefetch_related("supplies")
    return [one for one in papers if one.is_open and (one.asked_in_id or not asked)]


def take_turns_on(application: Application) -> Application:
    """Written unchanged before its line, so that two who judge by its papers take turns."""
    Application.objects.filter(pk=application.pk).update(mode=F("mode"))
    return Application.objects.select_related("item").get(pk=application.pk)


def _supply(
    paper: Paper, files: Sequence[UUID], *, by: User, answers: Correction | None = None
) -> None:
    attached = Attachment.objects.filter(evidence__in=files).order_by("pk")
    for attachment in attached:
        Supply.objects.create(
            paper=paper, attachment=attachment, by=by, answers=answers, at=timezone.now()
        )


def _sent_before(by: User, client_id: UUID, item: Item) -> Application | None:
    earlier = Application.objects.filter(applied_by=by, client_id=client_id).first()
    if earlier is not None and earlier.item_id != item.pk:
        raise Conflict("client_id_reused", _("This id was used for another application."))
    return earlier
