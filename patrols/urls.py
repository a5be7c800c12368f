from django.urls import include, path

urlpatterns = [
    path("teams/", include("patrols.team_urls")),
    path("guards/", include("patrols.guard_urls")),
    path("rosters/", include("patrols.roster_urls")),
    path("", include("patrols.route_urls")),
]
