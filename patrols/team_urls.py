from django.urls import path

from patrols.views import division, teams

urlpatterns = [
    path("", teams.team_list, name="team_list"),
    path("<int:pk>/", teams.team_detail, name="team_detail"),
    path("<int:pk>/edit/", teams.team_edit, name="team_edit"),
    path("uncovered/", teams.uncovered_list, name="team_uncovered"),
    path("sheet/", teams.team_sheet, name="team_sheet"),
    path("export.<str:kind>", teams.team_export, name="team_export"),
    path("division/", division.division, name="division"),
    path("division/new/", division.division_new, name="division_new"),
    path("division/places/<int:pk>/", division.division_place, name="division_place"),
    path("division/publish/", division.division_publish, name="division_publish"),
    path("division/discard/", division.division_discard, name="division_discard"),
    path("pins/", division.pin_list, name="pin_list"),
    path("pins/<int:pk>/remove/", division.pin_remove, name="pin_remove"),
    path("barriers/", division.barrier_list, name="barrier_list"),
    path("barriers/<int:pk>/remove/", division.barrier_remove, name="barrier_remove"),
]
