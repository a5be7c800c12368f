"""What a contact sees of the bill, below /portal/bill/."""

from django.urls import path

from issues.views import files
from issues.views.portal import asking, bill, line, rating

urlpatterns = [
    path("", bill.bill, name="portal_bill"),
    path("ask/<str:what>/", asking.ask_page, name="portal_ask"),
    path("held/<int:pk>/", asking.held, name="portal_held"),
    path("<str:number>/", line.line, name="portal_line"),
    path("<str:number>/moves/<str:move>/", line.move, name="portal_move"),
    path("<str:number>/files/<uuid:pk>/", files.portal_file, name="portal_file"),
    path("<str:number>/rate/", rating.portal_rate, name="portal_rate"),
]
