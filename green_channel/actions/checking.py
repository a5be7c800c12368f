"""Looking once whether everything is there: accepted, or corrected once."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from green_channel.actions.applying import open_papers, take_turns_on
from green_channel.models import Application, Correction, Paper
from issues.actions import accept_issue, start_issue, wait_on_issue
from issues.deadlines import calendar_for, silence_ends
from issues.models import Issue
from issues.workflow import Stage
from liaison.accounts.models import User
from liaison.core.joining import joined
from liaison.core.refused import Conflict, Refused

# So long what is missing may take to come, unless the notice says otherwise.
CORRECT_WITHIN = timedelta(days=30)


@transaction.atomic
def check_complete(application: Application, *, by: User, version: int) -> Issue:
    """All that is needed is there: the line is accepted and work on it begins.

    Raises Refused("still_missing") naming what is not.
    """
    application = take_turns_on(application)
    if missing := [paper.name for paper in open_papers(application)]:
        raise Refused(
            "still_missing",
            _("Still missing: %(what)s.") % {"what": joined(missing)},
            details={"missing": missing},
        )
    return _begin(Issue.objects.get(pk=application.issue_id), by=by, version=version)


@transaction.atomic
def ask_correction(
    application: Application,
    *,
    by: User,
    version: int,
    wrong: Collection[int] = (),
    more: Sequence[str] = (),
    words: str = "",
    until: date | None = None,
) -> Correction:
    """补正通知: name everything that is missing, once; the clock stands still until it is there.

    What was never supplied is named without being chosen, so that nothing can be kept for a second
    notice; ``wrong`` are papers that are there but not in order, ``more`` what the list had not.
    《行政许可法》 Art. 32: at once or within five days, all at once. Raises
    Refused("corrected_already" | "too_late" | "nothing_missing").
    """
    application = take_turns_on(application)
    if Correction.objects.filter(application=application).exists():
        raise _corrected_already()
    issue = Issue.objects.for_ledger().get(pk=application.issue_id)
    ends = silence_ends(issue, calendar_for(issue))
    if ends is not None and timezone.now() > ends:
        raise Refused(
            "too_late",
            _(
                "The five working days for a correction notice ended on %(day)s: the application "
                "counts as accepted since it came (Administrative Licensing Law, Art. 32)."
            )
            % {"day": f"{timezone.localtime(ends):%Y-%m-%d %H:%M}"},
        )
    named = {paper.pk: paper for paper in open_papers(application)}
    named |= {paper.pk: paper for paper in application.papers.filter(pk__in=wrong)}
    extra = [name.strip()[:120] for name in more if name.strip()]
    if not named and not extra:
        raise Refused("nothing_missing", _("Say what is missing or not in order."), field="wrong")
    last = application.papers.count()
    for place, name in enumerate(extra, start=last):
        paper = Paper.objects.create(application=application, name=name, position=place)
        named[paper.pk] = paper
    names = [one.name for one in sorted(named.values(), key=lambda one: (one.position, one.pk))]
    if issue.stage in (Stage.RAISED, Stage.ACCEPTED):
        issue = _begin(issue, by=by, version=version)
        version = issue.version
    issue = wait_on_issue(
        issue,
        by=by,
        version=version,
        awaited=shortened(joined(names), 200),
        awaited_from=issue.enterprise.name[:100],
        until=until or timezone.localdate() + CORRECT_WITHIN,
        from_enterprise=True,
    )
    event = issue.events.filter(move="wait").latest("at", "pk")
    try:
        with transaction.atomic():
            correction = Correction.objects.create(
                application=application, event=event, words=words.strip()
            )
    except IntegrityError as error:
        raise _corrected_already() from error
    Paper.objects.filter(pk__in=named).update(asked_in=correction)
    return correction


def shortened(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _begin(issue: Issue, *, by: User, version: int) -> Issue:
    """Accepted if it is not yet, and worked on."""
    if issue.stage == Stage.RAISED:
        issue = accept_issue(issue, by=by, version=version)
        version = issue.version
    return start_issue(issue, by=by, version=version)


def _corrected_already() -> Conflict:
    return Conflict(
        "corrected_already",
        _(
            "A correction notice was sent already; there is only one "
            "(Administrative Licensing Law, Art. 32)."
        ),
    )
