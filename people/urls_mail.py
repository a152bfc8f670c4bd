"""Addresses of the mailbox, of unsubscribing and of the status page; part of the namespace ``people``."""

from django.contrib import admin
from django.urls import path

from people.views import guardians, mailbox, status, unsubscribe

urlpatterns = [
    path("mailbox/", mailbox.mail_list, name="mailbox"),
    path("mailbox/clock/", mailbox.clock_forward, name="clock-forward"),
    path("mailbox/<str:name>/", mailbox.mail_detail, name="mailbox-message"),
    path("mailbox/<str:name>/html/", mailbox.mail_html, name="mailbox-html"),
    path("mailbox/<str:name>/<int:number>/", mailbox.mail_attachment, name="mailbox-attachment"),
    path("mail/unsubscribe/<str:token>/", unsubscribe.UnsubscribeView.as_view(), name="unsubscribe"),
    path("mail/guardian/<str:token>/", guardians.DecisionView.as_view(), name="guardian-decision"),
    path("admin/status/", admin.site.admin_view(status.status), name="status"),
]
