"""The chief answers a visit that the enterprise disputed."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from liaison.accounts.access import open_to
from liaison.accounts.models import OVERSEERS, User
from liaison.core.forms import refuse
from liaison.core.refused import Refused
from visits.actions import answer_word
from visits.actions.word import may_answer
from visits.models import VisitWord
from visits.word_forms import AnswerForm


@open_to(*OVERSEERS)
def visit_word_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Not there for whoever may not answer it."""
    user: User = request.user  # type: ignore[assignment]
    word = get_object_or_404(
        VisitWord.objects.visible_to(user).select_related(
            "visit__enterprise", "visit__unit", "officer", "by"
        ),
        pk=pk,
    )
    if word.came or not may_answer(user, word):
        raise Http404
    if request.method != "POST" and not word.is_unanswered:
        return redirect("visit_detail", word.visit_id)
    form = AnswerForm(request.POST or None)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            answer_word(word, by=user, **form.cleaned_data)
        except Refused as refused:
            status = refuse(form, refused)
        else:
            messages.success(request, _("Answered: the enterprise reads it."))
            return redirect("visit_detail", word.visit_id)
    context = {"word": word, "visit": word.visit, "form": form}
    return render(request, "visits/answer.html", context, status=status)
