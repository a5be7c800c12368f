"""The two faces of one page: the station's and the enterprise's."""

from dataclasses import dataclass

from django.shortcuts import get_object_or_404
from django.urls import reverse

from liaison.accounts.models import User
from workers.models import Batch


@dataclass(frozen=True)
class Face:
    """``prefix`` is what the names of its addresses begin with."""

    frame: str
    prefix: str
    list: str

    @property
    def new(self) -> str:
        return f"{self.prefix}worker_batch_new"

    @property
    def batch(self) -> str:
        return f"{self.prefix}worker_batch"

    @property
    def hand_in(self) -> str:
        return f"{self.prefix}worker_batch_apply"

    @property
    def discard(self) -> str:
        return f"{self.prefix}worker_batch_discard"

    @property
    def repair(self) -> str:
        return f"{self.prefix}worker_batch_repair"

    @property
    def photos(self) -> str:
        return f"{self.prefix}worker_batch_photos"

    @property
    def given_back(self) -> str:
        return f"{self.prefix}worker_batch_given_back"

    @property
    def certificates(self) -> str:
        return f"{self.prefix}worker_batch_certificates"

    @property
    def template(self) -> str:
        return f"{self.prefix}worker_template"

    @property
    def photo(self) -> str:
        return f"{self.prefix}worker_photo"

    @property
    def photo_new(self) -> str:
        return f"{self.prefix}worker_photo_new"

    @property
    def is_portal(self) -> bool:
        return bool(self.prefix)

    def to_batch(self, pk: int) -> str:
        return reverse(self.batch, args=(pk,))


STAFF_FACE = Face("staff/frame.html", "", "worker_batch_list")
PORTAL_FACE = Face("portal/frame.html", "portal_", "portal_workers")


def batch_of(user: User, pk: int) -> Batch:
    """The batch, for either face, if this person may see it."""
    return get_object_or_404(Batch.objects.visible_to(user).for_list(), pk=pk)
