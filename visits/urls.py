from django.urls import path

from visits.views import inspections, visits, words

urlpatterns = [
    path("", visits.visit_list, name="visit_list"),
    path("export.<str:kind>", visits.visit_export, name="visit_export"),
    path("new/", visits.visit_new, name="visit_new"),
    path("<int:pk>/", visits.visit_detail, name="visit_detail"),
    path("<int:pk>/files/<uuid:evidence>/", visits.visit_file, name="visit_file"),
    path("promises/<int:pk>/keep/", visits.promise_keep, name="promise_keep"),
    path("words/<int:pk>/answer/", words.visit_word_answer, name="visit_word_answer"),
    path("inspections/", inspections.inspection_list, name="inspection_list"),
    path("inspections/new/", inspections.inspection_new, name="inspection_new"),
    path("inspections/<int:pk>/", inspections.inspection_detail, name="inspection_detail"),
]
