from django.urls import path

from liaison.whereabouts.views import settings

urlpatterns = [path("", settings.position_settings, name="position_settings")]
