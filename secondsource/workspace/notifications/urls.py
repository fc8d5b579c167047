"""Addresses of notifications, of what a person watches, and of their settings."""

from django.urls import path

from secondsource.workspace.notifications.bell import BellMark
from secondsource.workspace.notifications.pages import (
    NotificationList,
    NotificationOpen,
    NotificationsRead,
)
from secondsource.workspace.notifications.settings import NotificationSettings
from secondsource.workspace.notifications.watch_list import WatchEnd, WatchList

urlpatterns = [
    path("", NotificationList.as_view(), name="notification_list"),
    path("bell/", BellMark.as_view(), name="bell_mark"),
    path("read/", NotificationsRead.as_view(), name="notifications_read"),
    path("<int:notification>/", NotificationOpen.as_view(), name="notification_open"),
    path("watching/", WatchList.as_view(), name="watch_list"),
    path("watching/<int:watch>/", WatchEnd.as_view(), name="watch_end"),
    path("settings/", NotificationSettings.as_view(), name="notification_settings"),
]
