"""Fixed words first; whatever begins with a neighbourhood's slug comes after them (config/urls.py)."""

from django.urls import path

from activities.views.attendance import old_address
from volunteers.views import next_time, service
from volunteers.views.calls import VolunteerList
from volunteers.views.mail import DutyMailView
from volunteers.views.morning import MorningView
from volunteers.views.my_rotas import MyRotasView
from volunteers.views.promises import PromisesView
from volunteers.views.rota import RotaView, SheetView, SwapView

app_name = "volunteers"

_rota = "<slug:neighbourhood>/volunteers/rota/<slug:team>"

urlpatterns = [
    path("duty/<str:purpose>/<str:token>/", DutyMailView.as_view(), name="mail"),
    path("me/rotas/", MyRotasView.as_view(), name="my-rotas"),
    path("me/next-time/", next_time.NextTimeView.as_view(), name="next-time"),
    path("me/service/", service.MyServiceView.as_view(), name="my-service"),
    path("me/service/certificate/", service.AskCertificateView.as_view(), name="certificate-ask"),
    path("me/certificates/<int:pk>/", service.CertificateView.as_view(), name="certificate"),
    path("verify/<str:code>/", service.verify, name="verify"),
    path("<slug:neighbourhood>/activities/<int:pk>/service/", old_address, name="sheet"),
    path("<slug:neighbourhood>/volunteers/", VolunteerList.as_view(), name="list"),
    path(f"{_rota}/", RotaView.as_view(), name="rota"),
    path(f"{_rota}/mine/", PromisesView.as_view(), name="promises"),
    path(f"{_rota}/sheet/", SheetView.as_view(), name="rota-sheet"),
    path(f"{_rota}/swaps/<int:pk>/", SwapView.as_view(), name="swap"),
    path(f"{_rota}/<int:pk>/", MorningView.as_view(), name="morning"),
]
