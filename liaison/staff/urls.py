from django.urls import path

from liaison.staff.views import dashboard, dossier, hand_over, map, search

urlpatterns = [
    path("", dashboard.dashboard, name="dashboard"),
    path("map/", map.enterprise_map, name="map"),
    path("search/", search.search, name="search"),
    path("enterprises/<int:pk>/", dossier.dossier, name="enterprise_detail"),
    path(
        "hand-over/<int:outgoing>/<int:incoming>/",
        hand_over.sheet,
        name="hand_over_sheet",
    ),
]
