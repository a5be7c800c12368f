from django.urls import path

from patrols.views import nights, rosters, swaps

urlpatterns = [
    path("", rosters.roster_list, name="roster_list"),
    path("make/", rosters.roster_make, name="roster_make"),
    path("publish/", rosters.roster_publish_all, name="roster_publish_all"),
    path("tonight/", nights.tonight, name="tonight"),
    path("nights/<int:pk>/", nights.night_detail, name="night_detail"),
    path("nights/<int:pk>/change/", nights.night_change, name="night_change"),
    path("nights/<int:pk>/lock/", nights.night_lock, name="night_lock"),
    path("nights/<int:pk>/absent/<int:duty>/", nights.night_absent, name="night_absent"),
    path(
        "nights/<int:pk>/substitute/<int:absence>/",
        nights.night_substitute,
        name="night_substitute",
    ),
    path("swaps/", swaps.swap_list, name="swap_list"),
    path("swaps/<int:pk>/<str:verb>/", swaps.swap_move, name="swap_move"),
    path("wishes/", swaps.wish_list, name="wish_list"),
    path("wishes/<int:pk>/remove/", swaps.wish_remove, name="wish_remove"),
    path("<int:pk>/", rosters.roster_detail, name="roster_detail"),
    path("<int:pk>/make/", rosters.roster_remake, name="roster_remake"),
    path("<int:pk>/publish/", rosters.roster_publish, name="roster_publish"),
    path("<int:pk>/sheet/", rosters.roster_sheet, name="roster_sheet"),
    path("<int:pk>/nights.ics", rosters.roster_ics, name="roster_ics"),
    path("<int:pk>/export.<str:kind>", rosters.roster_export, name="roster_export"),
]
