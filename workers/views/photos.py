"""The photo of one worker, for both faces."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from issues.throttle import too_many
from liaison.accounts.models import User
from liaison.core.forms import refuse
from liaison.core.refused import Refused
from liaison.evidence.serving import serve
from workers.actions import add_photo
from workers.forms import PhotoForm
from workers.models import Worker
from workers.rights import hands_in
from workers.views.faces import Face
from workers.views.uploading import was_too_big


def photo(request: HttpRequest, _face: Face, pk: UUID) -> HttpResponseBase:
    """The picture itself."""
    worker = _find(request, pk)
    if worker.photo is None:
        raise Http404
    return serve(request, worker.photo, name=f"photo-{worker.number}")


def photo_new(request: HttpRequest, face: Face, pk: UUID) -> HttpResponse:
    """Give a worker a photo, or a better one."""
    worker = _find(request, pk)
    user: User = request.user  # type: ignore[assignment]
    if not hands_in(user):
        raise Http404
    form = PhotoForm(request.POST or None, request.FILES or None)
    status = 200
    if request.method == "POST":
        status = 422
        if was_too_big(request):
            form.add_error(None, _("The file is too big."))
        elif refused_before := too_many(request):
            status = refuse(form, refused_before)
        elif form.is_valid():
            try:
                add_photo(worker, form.cleaned_data["photo"].read(), by=user)
            except Refused as refused:
                status = refuse(form, refused)
            else:
                messages.success(request, _("The photo is added."))
                return redirect(face.to_batch(worker.batch_id))
    context = {"face": face, "form": form, "worker": worker, "batch": worker.batch}
    return render(request, "workers/photo.html", context, status=status)


def _find(request: HttpRequest, pk: UUID) -> Worker:
    user: User = request.user  # type: ignore[assignment]
    workers = Worker.objects.visible_to(user).for_list().select_related("photo", "batch")
    return get_object_or_404(workers, pk=pk)
