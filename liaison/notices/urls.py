from django.urls import path

from liaison.notices.views import channels, deliveries, inbox, settings

urlpatterns = [
    path("", inbox.notice_list, name="notice_list"),
    path("read/", inbox.notice_read_all, name="notice_read_all"),
    path("<int:pk>/", inbox.notice_detail, name="notice_detail"),
    path("<int:pk>/open/", inbox.notice_open, name="notice_open"),
    path("settings/", settings.notice_settings, name="notice_settings"),
    path("settings/test/", settings.notice_test, name="notice_test"),
    path("channels/", channels.channel_list, name="channel_list"),
    path("channels/add/", channels.channel_add, name="channel_add"),
    path("channels/<int:pk>/edit/", channels.channel_edit, name="channel_edit"),
    path("channels/<int:pk>/switch/", channels.channel_switch, name="channel_switch"),
    path("channels/<int:pk>/test/", channels.channel_test, name="channel_test"),
    path("deliveries/", deliveries.delivery_list, name="delivery_list"),
    path("deliveries/<int:pk>/retry/", deliveries.delivery_retry, name="delivery_retry"),
]
