from django.urls import path

from issues.views import ladders, ledger, limits, line

urlpatterns = [
    path("", ledger.issue_list, name="issue_list"),
    path("export.<str:kind>", ledger.issue_export, name="issue_export"),
    path("new/", line.issue_new, name="issue_new"),
    path("limits/", limits.limit_list, name="limit_list"),
    path("limits/<str:unit>/<str:of>/<str:level>/", limits.limit_edit, name="limit_edit"),
    path("limits/<str:unit>/<str:of>/<str:level>/drop/", limits.limit_drop, name="limit_drop"),
    path("ladders/", ladders.ladder_list, name="ladder_list"),
    path("ladders/<str:unit>/<str:of>/<str:clock>/", ladders.ladder_edit, name="ladder_edit"),
    path("ladders/<str:unit>/<str:of>/<str:clock>/drop/", ladders.ladder_drop, name="ladder_drop"),
    path("<str:number>/", line.issue_detail, name="issue_detail"),
    path("<str:number>/moves/<str:move>/", line.issue_move, name="issue_move"),
    path("<str:number>/files/<uuid:pk>/", line.issue_file, name="issue_file"),
]
