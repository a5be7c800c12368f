"""The enterprise's pages, below /portal/workers/."""

from django.urls import path

from workers.views import portal

urlpatterns = [
    path("", portal.batch_list, name="portal_workers"),
    path("list.xlsx", portal.template, name="portal_worker_template"),
    path("batches/new/", portal.batch_new, name="portal_worker_batch_new"),
    path("batches/<int:pk>/", portal.batch_detail, name="portal_worker_batch"),
    path("batches/<int:pk>/apply/", portal.batch_apply, name="portal_worker_batch_apply"),
    path("batches/<int:pk>/discard/", portal.batch_discard, name="portal_worker_batch_discard"),
    path("batches/<int:pk>/repair/", portal.batch_repair, name="portal_worker_batch_repair"),
    path("batches/<int:pk>/photos/", portal.batch_photos, name="portal_worker_batch_photos"),
    path(
        "batches/<int:pk>/given-back.xlsx",
        portal.batch_given_back,
        name="portal_worker_batch_given_back",
    ),
    path(
        "batches/<int:pk>/certificates.pdf",
        portal.batch_certificates,
        name="portal_worker_batch_certificates",
    ),
    path("<uuid:pk>/photo/", portal.photo, name="portal_worker_photo"),
    path("<uuid:pk>/photo/new/", portal.photo_new, name="portal_worker_photo_new"),
]
