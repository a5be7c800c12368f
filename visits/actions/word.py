"""The enterprise confirms or disputes a visit; a chief answers what was disputed."""

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from liaison.accounts.models import OVERSEERS, Kind, User
from liaison.audit.record import record
from liaison.core.refused import Conflict, Refused
from liaison.notices.actions import notify
from visits.models import Visit, VisitWord

WORDS_MAX = 1000


@transaction.atomic
def say_of_visit(visit: Visit, *, by: User, came: bool, words: str = "") -> VisitWord:
    """A contact says whether a visit was as it was written down; once, for the whole enterprise.

    A no wants words, and chief and desk are told of it. Of two people at once one is heard, the
    other gets a Conflict. Visits of the last 90 days only.
    """
    if not Visit.objects.for_contact(by).filter(pk=visit.pk).exists():
        raise Refused(
            "not_yours", _("This is no visit to your enterprise that is still asked about.")
        )
    words = words.strip()
    if not came and not words:
        raise Refused("missing", _("Say what was different."), field="words")
    _must_be_short(words, "words")
    try:
        with transaction.atomic():
            word = VisitWord.objects.create(
                visit=visit,
                officer_id=visit.officer_id,
                came=came,
                words=words,
                by=by,
                by_name=str(by)[:60],
                at=timezone.now(),
            )
    except IntegrityError as error:
        said = VisitWord.objects.filter(visit=visit).first()
        if said is None:
            raise
        raise Conflict(
            "said",
            _("%(who)s of your enterprise has said so already.") % {"who": said.by_name},
        ) from error
    record("visit.confirmed" if came else "visit.disputed", visit, by=by, unit=visit.unit)
    if not came:
        _tell_station(word)
    return word


def may_answer(user: User, word: VisitWord) -> bool:
    """A chief of the station who did not make the visit. Where a chief made it, the desk too: there
    may be no other."""
    if not user.is_active or user.unit_id != word.visit.unit_id or user.pk == word.officer_id:
        return False
    return user.kind == Kind.CHIEF or (user.kind == Kind.DESK and word.officer.kind == Kind.CHIEF)


@transaction.atomic
def answer_word(word: VisitWord, *, by: User, answer: str) -> VisitWord:
    """Answer a disputed visit; whoever disputed it is told and reads it. Once (Conflict)."""
    if not may_answer(by, word):
        raise Refused("not_allowed", _("A chief who did not make the visit answers."))
    answer = answer.strip()
    if not answer:
        raise Refused("missing", _("Say what you found."), field="answer")
    _must_be_short(answer, "answer")
    waiting = VisitWord.objects.filter(pk=word.pk).unanswered()
    if not waiting.update(answer=answer, answered_by=by, answered_at=timezone.now()):
        raise Conflict("answered", _("This has been answered already."))
    word.refresh_from_db()
    record("visit.answered", word.visit, by=by, unit=word.visit.unit)
    with translation.override(settings.LANGUAGE_CODE):
        notify(
            _still_there(word),
            occasion=f"visit_answer:{word.pk}",
            kind="visit.answered",
            title=_("Answered: the visit of %(day)s") % {"day": _day(word.visit)},
            text=answer,
            url=reverse("portal_visit", args=[word.visit_id]),
            by=by,
        )
    return word


def _tell_station(word: VisitWord) -> None:
    visit = word.visit
    people = User.objects.active().at(visit.unit).filter(kind__in=OVERSEERS)
    with translation.override(settings.LANGUAGE_CODE):
        notify(
            # The officer reads it on the visit's page, as everybody at the station can.
            people.exclude(pk=visit.officer_id),
            occasion=f"visit_word:{word.pk}",
            kind="visit.disputed",
            title=_("Visit disputed: %(enterprise)s, %(day)s")
            % {"enterprise": visit.enterprise.name, "day": _day(visit)},
            text=_("%(who)s: %(what)s") % {"who": word.by_name, "what": word.words},
            url=reverse("visit_detail", args=[visit.pk]),
            by=word.by,
        )


def _still_there(word: VisitWord) -> list[User]:
    """Whoever disputed it, unless they have left the enterprise since."""
    here = word.by.contact_for.filter(enterprise=word.visit.enterprise_id, left_on__isnull=True)
    return [word.by] if here.exists() else []


def _day(visit: Visit) -> str:
    return f"{timezone.localdate(visit.happened_at):%Y-%m-%d}"


def _must_be_short(text: str, field: str) -> None:
    if len(text) > WORDS_MAX:
        raise Refused("too_long", _("At most %(n)d characters.") % {"n": WORDS_MAX}, field=field)
