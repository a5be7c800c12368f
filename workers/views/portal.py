"""The enterprise's own pages."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_POST

from liaison.accounts.access import open_to
from liaison.accounts.models import Kind
from workers.views import batches, papers, photos
from workers.views.faces import PORTAL_FACE as FACE
from workers.views.uploading import in_memory


@open_to(Kind.CONTACT)
def batch_list(request: HttpRequest) -> HttpResponse:
    return batches.batch_list(request, FACE)


@open_to(Kind.CONTACT)
@in_memory
def batch_new(request: HttpRequest) -> HttpResponse:
    return batches.batch_new(request, FACE)


@open_to(Kind.CONTACT)
@in_memory
def batch_repair(request: HttpRequest, pk: int) -> HttpResponse:
    return batches.batch_new(request, FACE, pk)


@open_to(Kind.CONTACT)
def batch_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return batches.batch_detail(request, FACE, pk)


@open_to(Kind.CONTACT)
@require_POST
def batch_apply(request: HttpRequest, pk: int) -> HttpResponse:
    return batches.batch_apply(request, FACE, pk)


@open_to(Kind.CONTACT)
@require_POST
def batch_discard(request: HttpRequest, pk: int) -> HttpResponse:
    return batches.batch_discard(request, FACE, pk)


@open_to(Kind.CONTACT)
@in_memory
def batch_photos(request: HttpRequest, pk: int) -> HttpResponse:
    return batches.batch_photos(request, FACE, pk)


@open_to(Kind.CONTACT)
def batch_given_back(request: HttpRequest, pk: int) -> HttpResponse:
    return papers.batch_given_back(request, FACE, pk)


@open_to(Kind.CONTACT)
def batch_certificates(request: HttpRequest, pk: int) -> HttpResponse:
    return papers.batch_certificates(request, FACE, pk)


@open_to(Kind.CONTACT)
def template(request: HttpRequest) -> HttpResponse:
    return papers.template(request, FACE)


@open_to(Kind.CONTACT)
def photo(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    return photos.photo(request, FACE, pk)


@open_to(Kind.CONTACT)
@in_memory
def photo_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    return photos.photo_new(request, FACE, pk)
