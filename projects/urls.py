from django.urls import path

from projects.views import ProjectDetail, ProjectList

app_name = "projects"

urlpatterns = [
    path("<slug:neighbourhood>/projects/", ProjectList.as_view(), name="list"),
    path("<slug:neighbourhood>/projects/<slug:slug>/", ProjectDetail.as_view(), name="detail"),
]
