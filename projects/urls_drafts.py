"""Addresses of designs, feedback and following; part of the namespace ``projects``."""

from django.urls import path

from projects.views import drafts
from projects.views.follow import FollowPage, UnfollowPage

_draft = "<slug:neighbourhood>/projects/<slug:slug>/drafts/<int:version>/"

urlpatterns = [
    path("<slug:neighbourhood>/projects/<slug:slug>/drafts/", drafts.NewestDraft.as_view(), name="drafts"),
    path(_draft, drafts.DraftPage.as_view(), name="draft"),
    path(f"{_draft}feedback/", drafts.FeedbackPage.as_view(), name="draft-feedback"),
    path(f"{_draft}feedback/<int:number>/take-back/", drafts.TakeFeedbackBack.as_view(), name="feedback-take-back"),
    path(f"{_draft}compare/<int:other>/", drafts.ComparePage.as_view(), name="draft-compare"),
    path("<slug:neighbourhood>/projects/<slug:slug>/follow/", FollowPage.as_view(), name="follow"),
    path("unfollow/<str:token>/", UnfollowPage.as_view(), name="unfollow"),
]
