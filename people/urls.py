"""Fixed words first; whatever begins with a neighbourhood's slug comes after them (config/urls.py)."""

from allauth.account.views import LoginView
from django.contrib import admin
from django.urls import URLPattern, path
from django.views.generic import RedirectView

from people.views import (
    files,
    guardians,
    home,
    household,
    join,
    kept_words,
    mailbox,
    me,
    photos,
    search,
    sessions,
    status,
    unsubscribe,
)

app_name = "people"

_join = join.JoinView.as_view()
_code = join.JoinCodeView.as_view()

urlpatterns: list[URLPattern] = [
    path("", home.root, name="root"),
    path("privacy/", home.privacy, name="privacy"),
    path("accessibility/", home.accessibility, name="accessibility"),
    path("language/<slug:code>/", home.language, name="language"),
    path("print-size/<slug:size>/", home.print_size, name="print-size"),
    # One form for everybody. It also answers at allauth's addresses for signing in and up, which others link to.
    path("accounts/join/", _join, name="join"),
    path("accounts/join/code/", _code, name="join-code"),
    path("accounts/join/name/", join.JoinNameView.as_view(), name="join-name"),
    path("accounts/login/", _join),
    path("accounts/signup/", _join),
    path("accounts/login/code/", _join),
    path("accounts/login/code/confirm/", _code),
    path("accounts/kept/", kept_words.kept_words, name="kept-words"),
    path("accounts/password/", LoginView.as_view(), name="password"),
    # A code always works, so a forgotten password needs no letter of its own.
    path("accounts/password/reset/", RedirectView.as_view(pattern_name="people:join")),
    path("me/", me.MeView.as_view(), name="me"),
    path("me/family/add/", me.AddChildView.as_view(), name="family-add"),
    path("me/family/adult/", household.AddAdultView.as_view(), name="household-add"),
    path("me/family/adult/<int:pk>/", household.TakeBackView.as_view(), name="household-take-back"),
    path("me/family/<int:pk>/", me.EditChildView.as_view(), name="family-edit"),
    path("me/family/<int:pk>/remove/", me.RemoveChildView.as_view(), name="family-remove"),
    path("me/family/<int:pk>/guardians/", guardians.SecondGuardianView.as_view(), name="family-guardians"),
    path("me/guardian/<slug:secret>/", guardians.AcceptView.as_view(), name="guardian-accept"),
    path("me/consents/", me.ConsentsView.as_view(), name="consents"),
    path("me/sessions/", sessions.SessionsView.as_view(), name="sessions"),
    path("accounts/sessions/", RedirectView.as_view(pattern_name="people:sessions")),
    path("me/settings/", me.SettingsView.as_view(), name="settings"),
    path("files/<int:pk>/", files.private_file, name="private-file"),
    path("files/named/<path:name>", files.private_file_by_name, name="private-file-by-name"),
    # The mailbox of a trial, what mails link to, and the status page.
    path("mailbox/", mailbox.mail_list, name="mailbox"),
    path("mailbox/clock/", mailbox.clock_forward, name="clock-forward"),
    path("mailbox/<str:name>/", mailbox.mail_detail, name="mailbox-message"),
    path("mailbox/<str:name>/html/", mailbox.mail_html, name="mailbox-html"),
    path("mailbox/<str:name>/<int:number>/", mailbox.mail_attachment, name="mailbox-attachment"),
    path("mail/unsubscribe/<str:token>/", unsubscribe.UnsubscribeView.as_view(), name="unsubscribe"),
    path("mail/guardian/<str:token>/", guardians.DecisionView.as_view(), name="guardian-decision"),
    path("mail/household/<str:token>/", household.AnswerView.as_view(), name="household-answer"),
    path("admin/status/", admin.site.admin_view(status.status), name="status"),
    path("<slug:neighbourhood>/", home.home, name="home"),
    path("<slug:neighbourhood>/figures/", home.figures_page, name="figures"),
    path("<slug:neighbourhood>/search/", search.search, name="search"),
    path("<slug:neighbourhood>/photos/", photos.PhotoArchive.as_view(), name="photos"),
    path("<slug:neighbourhood>/photos/<int:pk>/", photos.PhotoPage.as_view(), name="photo"),
]
