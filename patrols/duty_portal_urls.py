"""The enterprise's pages, below /portal/duties/."""

from django.urls import path

from patrols.views import duties

urlpatterns = [
    path("", duties.portal_duties, name="portal_duties"),
    path("ours.ics", duties.portal_duties_ics, name="portal_duties_ics"),
    path("wishes/", duties.portal_wishes, name="portal_wishes"),
    path("wishes/<int:pk>/remove/", duties.portal_wish_remove, name="portal_wish_remove"),
    path("swaps/<int:pk>/<str:verb>/", duties.portal_swap_move, name="portal_swap_move"),
    path("<int:pk>/", duties.portal_duty, name="portal_duty"),
    path("<int:pk>/swap/", duties.portal_duty_swap, name="portal_duty_swap"),
    path("<int:pk>/absent/", duties.portal_duty_absent, name="portal_duty_absent"),
]
