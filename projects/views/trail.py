"""The trail, its sheet for paper, and the stamp of one place (S18). Nobody has to sign in to look or to walk."""

from typing import Any

from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache

from people.access.requests import PortalRequest
from people.media.pictures import shown
from people.models import Person
from portal.fields import is_id
from portal.page_cache import cached_page
from portal.refusals import as_message, in_form
from projects.models import Piece, PiecePhoto, PlanPicture, Trail, TrailPoint, TrailStamp, TrailWord
from projects.operations import trails as operations
from projects.pages import plan
from projects.rules import trails
from projects.views.plan import PlainPage


def trail_of(request: Any, slug: str) -> Trail:
    trail = get_object_or_404(Trail.objects.visible_to(request.viewer).select_related("place"), slug=slug)
    trail.neighbourhood = request.neighbourhood
    return trail


def points_of(request: Any, trail: Trail) -> list[TrailPoint]:
    """The points whose pieces this reader may see, in the order of the walk; ``picture``: what each looks like. Two queries."""
    seen = Piece.objects.visible_to(request.viewer).order_by().values("pk")
    points = list(trail.points.filter(piece__in=seen).select_related("piece").order_by("order", "pk"))
    links = PiecePhoto.objects.filter(
        piece__in=[point.piece_id for point in points], role=PiecePhoto.Role.AFTER, photo__published_at__isnull=False
    )
    photos: dict[int, Any] = {}
    for link in links.select_related("photo").order_by("order", "pk"):
        photos.setdefault(link.piece_id, link.photo)
    for number, point in enumerate(points, start=1):
        point.piece.neighbourhood = request.neighbourhood
        point.number, point.picture = number, shown(photos.get(point.piece_id))
    return points


def pin_of(point: Any) -> plan.Pin:
    piece = point.piece
    url = piece.get_absolute_url()
    return plan.Pin(piece.kind, piece.code, piece.title, piece.x, piece.y, str(point.number), url)


@cached_page()
class TrailPage(PlainPage):
    template_name = "projects/trail.html"
    extra_context = {"tab": "projects"}

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        request: Any = self.request
        trail = trail_of(request, self.kwargs["slug"])
        points = points_of(request, trail)
        person = request.viewer.person
        stamped = set()
        if person is not None:
            stamped = set(TrailStamp.objects.filter(point__trail=trail, person=person).values_list("point", flat=True))
        for point in points:
            point.is_stamped = point.pk in stamped
        picture = PlanPicture.objects.filter(neighbourhood=trail.neighbourhood).select_related("photo").first()
        image = shown(picture.photo) if picture is not None else None
        height = plan.height_of(image)
        pins = [pin_of(point) for point in points if point.piece.x is not None and point.piece.y is not None]
        drawn = plan.draw(pins, height=height, zoom="1", large=request.large_print) if image else []
        return super().get_context_data(
            trail=trail,
            points=points,
            plan=picture,
            image=image,
            pins=drawn,
            route=" ".join(f"{one.cx},{one.cy}" for one in drawn),
            width=plan.WIDTH,
            height=height,
            zoom="1",
            linked=True,
            has_stamps=bool(stamped),
            up_url=reverse("projects:plan", args=[trail.neighbourhood.slug]),
            **kwargs,
        )


@cached_page()
class StampSheet(PlainPage):
    """Paper with a circle for each place: a stamp or a tick by one's own hand, without an account."""

    template_name = "projects/stamp_sheet.html"
    extra_context = {"tab": "projects"}

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        trail = trail_of(self.request, self.kwargs["slug"])
        points = points_of(self.request, trail)
        return super().get_context_data(trail=trail, points=points, up_url=trail.get_absolute_url(), **kwargs)


class EraseStamps(View):
    """One button: all of one's own stamps on the trail are deleted."""

    http_method_names = ["post"]

    def post(self, request: PortalRequest, neighbourhood: str, slug: str) -> HttpResponse:
        trail = trail_of(request, slug)
        person = request.viewer.person
        if person is not None:
            operations.erase_stamps(trail, person)
            messages.success(request, _("Your stamps on this trail are deleted."))
        return HttpResponseRedirect(trail.get_absolute_url())


@method_decorator(never_cache, name="dispatch")
class StampPage(PlainPage):
    """One place of the trail: the button 盖个章, and a few words for whoever wants to leave some."""

    request: PortalRequest

    template_name = "projects/stamp.html"
    extra_context = {"tab": "projects"}

    def setup(self, request: HttpRequest, *args, **kwargs) -> None:
        super().setup(request, *args, **kwargs)
        self.form: trails.WordForm | None = None

    def dispatch(self, request: HttpRequest, *args, **kwargs):
        reader = self.request.viewer
        rows = trails.with_trail(Piece.objects.visible_to(reader)).filter(code=kwargs["code"])
        piece = rows.first()
        if piece is None or piece.trail_point is None:
            raise Http404
        self.piece = piece
        self.piece.neighbourhood = self.request.neighbourhood
        self.point = TrailPoint.objects.get(pk=self.piece.trail_point)
        self.person: Person | None = reader.person
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        slug = self.piece.neighbourhood.slug
        mine = list(TrailWord.objects.filter(point=self.point, person=self.person)) if self.person else []
        return super().get_context_data(
            piece=self.piece,
            trail=trails.of_piece(self.piece, slug),
            sheet_url=reverse("projects:stamp-sheet", args=[slug, self.piece.trail_slug]),
            is_stamped=self.person is not None and self.point.stamps.filter(person=self.person).exists(),
            person=self.person,
            join_url=f"{reverse('people:join')}?{urlencode({'next': self.request.path})}",
            mine=mine,
            may_say=self.form is not None
            or (self.person is not None and all(word.state != TrailWord.State.WAITING for word in mine)),
            form=self.form or trails.WordForm(),
            up_url=self.piece.get_absolute_url(),
            **kwargs,
        )

    def post(self, request: PortalRequest, *args, **kwargs) -> HttpResponse:
        if self.person is None:
            query = urlencode({"next": request.path})
            return HttpResponseRedirect(f"{reverse('people:join')}?{query}")
        if "words" in request.POST:
            return self.say(request)
        if "take_back" in request.POST:
            return self.take_back(request)
        if not self.within("stamp"):
            return ratelimit.respond_429(request)
        with as_message(request):
            operations.stamp(self.point, self.person)
            messages.success(request, _("Stamped. Only you can see it."))
        return HttpResponseRedirect(request.path)

    def within(self, action: str) -> bool:
        return bool(ratelimit.consume(self.request, app="projects", action=action, config=settings.TRAIL_RATE_LIMITS))

    def say(self, request: PortalRequest) -> HttpResponse:
        assert self.person is not None
        self.form = trails.WordForm(request.POST)
        if not self.form.is_valid():
            return self.render_to_response(self.get_context_data())
        if not self.within("word"):
            return ratelimit.respond_429(request)
        with in_form(self.form):
            operations.say(self.point, self.person, **self.form.cleaned_data)
            messages.success(request, _("Thank you. The committee reads your words before they are shown."))
            return HttpResponseRedirect(request.path)
        return self.render_to_response(self.get_context_data())

    def take_back(self, request: PortalRequest) -> HttpResponse:
        assert self.person is not None
        key = request.POST.get("take_back", "")
        found = TrailWord.objects.filter(point=self.point, person=self.person, pk=int(key)) if is_id(key) else None
        word = found.first() if found is not None else None
        with as_message(request):
            if word is not None:
                operations.take_back(word, self.person)
            messages.success(request, _("Your words are deleted."))
        return HttpResponseRedirect(request.path)
