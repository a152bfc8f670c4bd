from django.urls import path

from volunteers.views import VolunteerList

app_name = "volunteers"

urlpatterns = [path("<slug:neighbourhood>/volunteers/", VolunteerList.as_view(), name="list")]
