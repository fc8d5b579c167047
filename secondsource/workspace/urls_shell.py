"""Addresses of the frame; that of the component gallery in development alone."""

from django.conf import settings
from django.urls import include, path

from secondsource.workspace.effort import LogEffort, UndoEffort
from secondsource.workspace.hand_over import HandOverPage
from secondsource.workspace.help import HelpPage
from secondsource.workspace.jump import JumpPage
from secondsource.workspace.my_share import MySharePage
from secondsource.workspace.my_work import MyWorkCount, MyWorkPage
from secondsource.workspace.preferences import HomePage, KeysPage, ThemePage, TimeZonePage
from secondsource.workspace.saved_views import SavedViewPage
from secondsource.workspace.snooze_views import SnoozePage
from secondsource.workspace.styleguide import StyleguidePage
from secondsource.workspace.suggestions import SuggestPage

urlpatterns = [
    path("", HomePage.as_view(), name="home"),
    path("work/", MyWorkPage.as_view(), name="my_work"),
    path("work/count/", MyWorkCount.as_view(), name="my_work_count"),
    path("work/share/", MySharePage.as_view(), name="my_share"),
    path("work/snooze/", SnoozePage.as_view(), name="task_snooze"),
    path("work/hand-over/", HandOverPage.as_view(), name="hand_over"),
    path("work/effort/", LogEffort.as_view(), name="effort_log"),
    path("work/effort/undo/", UndoEffort.as_view(), name="effort_undo"),
    path("notifications/", include("secondsource.workspace.notifications.urls")),
    path("jump/", JumpPage.as_view(), name="jump"),
    path("keys/", KeysPage.as_view(), name="keys"),
    path("theme/", ThemePage.as_view(), name="theme"),
    path("time-zone/", TimeZonePage.as_view(), name="time_zone"),
    path("suggest/<slug:kind>/", SuggestPage.as_view(), name="suggest"),
    path("help/", HelpPage.as_view(), name="help"),
    path("views/", SavedViewPage.as_view(), name="saved_view"),
]
if settings.DEBUG:
    urlpatterns.append(path("styleguide/", StyleguidePage.as_view(), name="styleguide"))
