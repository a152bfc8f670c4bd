from django.urls import path

from events.views import LearningList

app_name = "events"

urlpatterns = [path("<slug:neighbourhood>/learning/", LearningList.as_view(), name="list")]
