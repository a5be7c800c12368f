from django.urls import path

from workers.views import staff, staff_batches

urlpatterns = [
    path("", staff.worker_list, name="worker_list"),
    path("<uuid:pk>/", staff.worker_detail, name="worker_detail"),
    path("<uuid:pk>/number/", staff.worker_number, name="worker_number"),
    path("<uuid:pk>/photo/", staff_batches.photo, name="worker_photo"),
    path("<uuid:pk>/photo/new/", staff_batches.photo_new, name="worker_photo_new"),
    path("mark/", staff.worker_mark, name="worker_mark"),
    path("find/", staff.worker_find, name="worker_find"),
    path("export.<str:kind>", staff.worker_export, name="worker_export"),
    path("export-whole/", staff.worker_export_whole, name="worker_export_whole"),
    path("list.xlsx", staff_batches.template, name="worker_template"),
    path("batches/", staff_batches.batch_list, name="worker_batch_list"),
    path("batches/new/", staff_batches.batch_new, name="worker_batch_new"),
    path("batches/<int:pk>/", staff_batches.batch_detail, name="worker_batch"),
    path("batches/<int:pk>/apply/", staff_batches.batch_apply, name="worker_batch_apply"),
    path("batches/<int:pk>/discard/", staff_batches.batch_discard, name="worker_batch_discard"),
    path("batches/<int:pk>/repair/", staff_batches.batch_repair, name="worker_batch_repair"),
    path("batches/<int:pk>/photos/", staff_batches.batch_photos, name="worker_batch_photos"),
    path("batches/<int:pk>/mark/", staff.batch_mark, name="worker_batch_mark"),
    path(
        "batches/<int:pk>/given-back.xlsx",
        staff_batches.batch_given_back,
        name="worker_batch_given_back",
    ),
    path(
        "batches/<int:pk>/certificates.pdf",
        staff_batches.batch_certificates,
        name="worker_batch_certificates",
    ),
]
