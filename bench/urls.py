"""The product's addresses and, beside them, the barest pages that carry as much."""

from django.urls import include, path

from bench.bare import listing, table
from bench.bare_ledger import ledger_listing, ledger_table
from bench.bare_line import line_table

urlpatterns = [
    path("bare/ledger/table/<str:label>/<int:size>/", ledger_table),
    path("bare/ledger/list/<str:label>/<int:size>/", ledger_listing),
    path("bare/line/<int:pk>/<int:size>/", line_table),
    path("bare/table/<int:size>/", table),
    path("bare/list/<int:size>/", listing),
    path("", include("liaison.urls")),
]
