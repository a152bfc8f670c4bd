from django.urls import path

from community.views import ArticleView, NewsView, RecordsView

app_name = "community"

urlpatterns = [
    path("<slug:neighbourhood>/records/", RecordsView.as_view(), name="records"),
    path("<slug:neighbourhood>/news/", NewsView.as_view(), name="news"),
    path("<slug:neighbourhood>/news/<int:pk>/", ArticleView.as_view(), name="article"),
]
