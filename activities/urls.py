"""Fixed words first; whatever begins with a neighbourhood's slug comes after them (config/urls.py)."""

from django.contrib import admin
from django.urls import URLPattern, path

from activities.views import attendance, building_leader, calendar, cannot_come, detail, feeds, here, mail, me, sign_up
from people.views import posters

app_name = "activities"

_one = "<slug:neighbourhood>/activities/<int:pk>"

urlpatterns: list[URLPattern] = [
    # --- one's own, and what links in mails open ---
    path("me/feed/reset/", feeds.reset_feed, name="feed-reset"),
    path("me/feed/<slug:token>.ics", feeds.my_feed, name="my-feed"),
    path("me/activity-consents/<int:pk>/revoke/", me.RevokeConsentView.as_view(), name="consent-revoke"),
    path("mail/<str:purpose>/<str:token>/", mail.MailActionView.as_view(), name="mail-action"),
    path("mail-answers/<str:token>/", cannot_come.CannotComeView.as_view(), name="cannot-come"),
    # --- of a neighbourhood: the calendar and files for other calendars ---
    path("<slug:neighbourhood>/calendar/", calendar.CalendarView.as_view(), name="calendar"),
    path("<slug:neighbourhood>/calendar.ics", feeds.public_feed, name="calendar-ics"),
    path("<slug:neighbourhood>/activities/<int:pk>.ics", feeds.one_activity, name="ics"),
    # --- for leaders of buildings, and the slip that they and staff hand over ---
    path("<slug:neighbourhood>/building/", building_leader.BuildingView.as_view(), name="building"),
    path("<slug:neighbourhood>/building/sign-up/<int:pk>/", building_leader.WriteDownView.as_view(), name="neighbour"),
    path("<slug:neighbourhood>/building/slips/<int:pk>/", building_leader.SlipView.as_view(), name="slip"),
    # --- of one activity ---
    path(f"{_one}/", detail.DetailView.as_view(), name="detail"),
    path(f"{_one}/sign-up/", sign_up.SignUpView.as_view(), name="sign-up"),
    path(f"{_one}/withdraw/", sign_up.WithdrawView.as_view(), name="withdraw"),
    path(f"{_one}/answer/", sign_up.AnswerView.as_view(), name="answer"),
    path(f"{_one}/consent/", sign_up.ConsentView.as_view(), name="consent"),
    path(f"{_one}/seen/", sign_up.SeenView.as_view(), name="seen"),
    path(f"{_one}/attendance/", admin.site.admin_view(attendance.AttendanceView.as_view()), name="attendance"),
    path(f"{_one}/here/", here.HereView.as_view(), name="here"),
    path(f"{_one}/here/<str:word>/", here.HereView.as_view(), name="here-code"),
    *posters.paths("activity", f"{_one}/"),
]
