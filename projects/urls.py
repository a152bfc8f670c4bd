from django.urls import include, path

from projects import urls_drafts
from projects.garden.views import FlowersPage, SeasonPage, UpkeepPage
from projects.views.projects import PlacePage, ProjectDetail, ProjectList
from projects.views_governance import GovernanceYear
from projects.views_plan import PlanPage
from projects.views_trail import EraseStamps, StampPage, StampSheet, TrailPage
from projects.wall.views import StoryList, StoryPage, TakeBackPage, TellPage, WallPage

app_name = "projects"

urlpatterns = [
    path("", include("projects.urls_posters")),
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
]

urlpatterns += urls_drafts.urlpatterns
