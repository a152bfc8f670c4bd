"""The portal's addresses and, beside them, the bare pages they are measured against."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from activities.models import Activity
from config.urls import *  # noqa: F403 - handlers and addresses as they are
from config.urls import urlpatterns as portal
from people.models import Heartbeat, Location
from portal import clock


def hello(request):
    return HttpResponse("hello")


def one_query(request):
    return render(request, "bench/one.html", {"location": Location.objects.get(pk=request.GET["pk"])})


def list_20(request):
    return render(request, "bench/list.html", {"rows": Activity.objects.order_by("starts_at")[:20]})


@csrf_exempt
def insert_one(request):
    Heartbeat.objects.create(name=request.GET["name"], beaten_at=clock.real_now())
    return HttpResponse("stored")


urlpatterns = [
    path("bare/hello/", hello),
    path("bare/one/", one_query),
    path("bare/list/", list_20),
    path("bare/insert/", insert_one),
    *portal,
]
