from django.urls import path

from people.views import posters
from projects.views import drafts
from projects.views.follow import FollowPage, UnfollowPage
from projects.views.garden import FlowersPage, SeasonPage, UpkeepPage
from projects.views.governance import GovernanceYear
from projects.views.plan import PlanPage
from projects.views.projects import PlacePage, ProjectDetail, ProjectList
from projects.views.trail import EraseStamps, StampPage, StampSheet, TrailPage
from projects.views.wall import StoryList, StoryPage, TakeBackPage, TellPage, WallPage

_draft = "<slug:neighbourhood>/projects/<slug:slug>/drafts/<int:version>/"

app_name = "projects"

urlpatterns = [
    *posters.paths("place", "<slug:neighbourhood>/places/<slug:code>/"),
    *posters.paths("trail", "<slug:neighbourhood>/trails/<slug:slug>/", prefix="trail-"),
    path("<slug:neighbourhood>/records/governance/", GovernanceYear.as_view(), name="governance"),
    path("<slug:neighbourhood>/projects/", ProjectList.as_view(), name="list"),
    path("<slug:neighbourhood>/projects/<slug:slug>/", ProjectDetail.as_view(), name="detail"),
    path("<slug:neighbourhood>/places/<slug:code>/", PlacePage.as_view(), name="place"),
    path("<slug:neighbourhood>/plan/", PlanPage.as_view(), name="plan"),
    path("<slug:neighbourhood>/places/<slug:code>/stamp/", StampPage.as_view(), name="stamp"),
    path("<slug:neighbourhood>/trails/<slug:slug>/", TrailPage.as_view(), name="trail"),
    path("<slug:neighbourhood>/trails/<slug:slug>/sheet/", StampSheet.as_view(), name="stamp-sheet"),
    path("<slug:neighbourhood>/trails/<slug:slug>/stamps/erase/", EraseStamps.as_view(), name="erase-stamps"),
    path("<slug:neighbourhood>/places/<slug:code>/upkeep/", UpkeepPage.as_view(), name="upkeep"),
    path("<slug:neighbourhood>/projects/<slug:garden>/flowers/", FlowersPage.as_view(), name="flowers"),
    path("<slug:neighbourhood>/projects/<slug:garden>/flowers/<slug:season>/", SeasonPage.as_view(), name="season"),
    path("<slug:neighbourhood>/projects/<slug:wall>/wall/", WallPage.as_view(), name="wall"),
    path("<slug:neighbourhood>/stories/", StoryList.as_view(), name="stories"),
    path("<slug:neighbourhood>/stories/tell/", TellPage.as_view(), name="story-tell"),
    path("<slug:neighbourhood>/stories/<int:pk>/", StoryPage.as_view(), name="story"),
    path("<slug:neighbourhood>/stories/<int:pk>/take-back/", TakeBackPage.as_view(), name="story-take-back"),
    path("<slug:neighbourhood>/projects/<slug:slug>/drafts/", drafts.NewestDraft.as_view(), name="drafts"),
    path(_draft, drafts.DraftPage.as_view(), name="draft"),
    path(f"{_draft}feedback/", drafts.FeedbackPage.as_view(), name="draft-feedback"),
    path(f"{_draft}feedback/<int:number>/take-back/", drafts.TakeFeedbackBack.as_view(), name="feedback-take-back"),
    path(f"{_draft}compare/<int:other>/", drafts.ComparePage.as_view(), name="draft-compare"),
    path("<slug:neighbourhood>/projects/<slug:slug>/follow/", FollowPage.as_view(), name="follow"),
    path("unfollow/<str:token>/", UnfollowPage.as_view(), name="unfollow"),
]
