from django.urls import path

from liaison.staff.views import dashboard, dossier, feeds, gate, hand_over, map, search, units, week

urlpatterns = [
    path("", dashboard.dashboard, name="dashboard"),
    path("week/", week.week, name="week"),
    path("week/calendar/", feeds.feed_link, name="feed_link"),
    path("week/calendar/make/", feeds.feed_make, name="feed_make"),
    path("week/calendar/revoke/", feeds.feed_revoke, name="feed_revoke"),
    path("feeds/<str:token>.ics", feeds.feed, name="feed"),
    path("g/<str:code>/", gate.gate, name="gate"),
    path("units/<str:unit>/", units.unit_page, name="unit_page"),
    path("map/", map.enterprise_map, name="map"),
    path("search/", search.search, name="search"),
    path("enterprises/<int:pk>/", dossier.dossier, name="enterprise_detail"),
    path(
        "hand-over/<int:outgoing>/<int:incoming>/",
        hand_over.sheet,
        name="hand_over_sheet",
    ),
]
