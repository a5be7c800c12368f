from django.urls import path

from issues.views import callbacks, files, held, ladders, ledger, limits, line, links

urlpatterns = [
    path("", ledger.issue_list, name="issue_list"),
    path("export.<str:kind>", ledger.issue_export, name="issue_export"),
    path("new/", line.issue_new, name="issue_new"),
    path("callbacks/", callbacks.callback_list, name="callback_list"),
    path("limits/", limits.limit_list, name="limit_list"),
    path("limits/<str:unit>/<str:of>/<str:level>/", limits.limit_edit, name="limit_edit"),
    path("limits/<str:unit>/<str:of>/<str:level>/drop/", limits.limit_drop, name="limit_drop"),
    path("ladders/", ladders.ladder_list, name="ladder_list"),
    path("ladders/<str:unit>/<str:of>/<str:clock>/", ladders.ladder_edit, name="ladder_edit"),
    path("ladders/<str:unit>/<str:of>/<str:clock>/drop/", ladders.ladder_drop, name="ladder_drop"),
    path("held/", held.held_list, name="held_list"),
    path("held/<int:pk>/", held.held_detail, name="held_detail"),
    path("held/<int:pk>/release/", held.held_release, name="held_release"),
    path("held/<int:pk>/reject/", held.held_reject, name="held_reject"),
    path("held/<int:pk>/files/<uuid:file>/", held.held_file, name="held_file"),
    path("<str:number>/", line.issue_detail, name="issue_detail"),
    path("<str:number>/callback/", callbacks.callback_record, name="callback_record"),
    path("<str:number>/link/", links.issue_link, name="issue_link"),
    path("<str:number>/link/revoke/", links.issue_link_revoke, name="issue_link_revoke"),
    path("<str:number>/moves/<str:move>/", line.issue_move, name="issue_move"),
    path("<str:number>/files/<uuid:pk>/", files.issue_file, name="issue_file"),
]
