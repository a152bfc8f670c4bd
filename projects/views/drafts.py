"""The pages of a design: one version with what was said and answered, two versions compared, and giving feedback (P2)."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache

from activities.models import Activity
from community.models import Deliberation
from people.access.requests import PortalRequest
from people.forms.coming_in import KnowMeForm
from people.models import Person, User
from people.operations import accounts
from portal import clock
from portal.page_cache import cached_page
from portal.refusals import as_message, in_form
from projects.forms.feedback import FeedbackForm
from projects.models import DesignDraft, Feedback
from projects.models.feedback import PER_PAGE
from projects.operations import feedback
from projects.rules.versions import Versions, shown

CHANGES = 50  # of "you said, we did" on one page
KEPT = "feedback_words"  # in the session: what a newcomer typed before they were known
LARGEST = 32_767  # of a version's number


class VersionPage(View):
    """A page about one version; whoever may not see that finds nothing there."""

    request: PortalRequest

    versions: Versions

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        number = kwargs["version"]
        found = Versions.find(self.request.viewer, kwargs["slug"], number, clock.today()) if number <= LARGEST else None
        if found is None:
            raise Http404
        self.versions = found
        return super().dispatch(request, *args, **kwargs)

    @property
    def reader(self) -> Person | None:
        return self.request.viewer.person

    def context(self, **more: Any) -> dict[str, Any]:
        versions = self.versions
        draft = versions.draft
        return {
            "draft": draft,
            "project": draft.project,
            "versions": versions,
            "open_round": versions.open_round,
            "closed": feedback.closed_words(draft, versions.rounds, versions.today, newer=versions.open_newer),
            "tab": "projects",
            **more,
        }


class NewestDraft(View):
    """The list's own address leads to the newest version."""

    def get(self, request: PortalRequest, *args, **kwargs) -> HttpResponse:
        seen = DesignDraft.objects.visible_to(request.viewer).filter(project__slug=kwargs["slug"])
        newest = seen.select_related("project__neighbourhood").order_by("-version").first()
        if newest is None:
            raise Http404
        return redirect(newest)


@cached_page("page")
class DraftPage(VersionPage):
    request: PortalRequest

    def get(self, request: PortalRequest, *args, **kwargs) -> HttpResponse:
        versions = self.versions
        draft = versions.draft
        tally = versions.tally(draft)
        paginator = Paginator(self.items(), PER_PAGE)
        paginator.count = tally.total  # known already
        page = paginator.get_page(request.GET.get("page"))
        items = self.with_images(list(page.object_list))
        changes = list(
            draft.took_in.select_related("draft", "image").order_by("draft__version", "number")[: CHANGES + 1]
        )
        for item in changes:
            item.draft.project = draft.project
        return render(
            request,
            "projects/draft.html",
            self.context(
                boards=versions.boards(items),
                items=items,
                page_obj=page,
                tally=tally,
                project_tally=versions.tally() if len(versions.drafts) > 1 else None,
                changes=changes[:CHANGES],
                more_changes=len(changes) > CHANGES,
                mine=self.mine(items),
                approval=self.approval(),
            ),
        )

    def approval(self) -> Activity | None:
        """The hearing that agreed to this version, while its result is public."""
        draft = self.versions.draft
        if draft.approved_by_id is None:
            return None
        seen = Activity.objects.visible_to(self.request.viewer).filter(
            pk=draft.approved_by_id, deliberation__result_state=Deliberation.ResultState.PUBLISHED
        )
        found = seen.first()
        if found is not None:
            found.neighbourhood = draft.project.neighbourhood
        return found

    def items(self):
        return self.versions.draft.feedback.select_related("in_version").order_by("number")

    def with_images(self, items: list[Feedback]) -> list[Feedback]:
        images = {image.pk: image for image in self.versions.images}
        for item in items:
            item.draft = self.versions.draft
            item.image = images.get(item.image_id) if item.image_id else None
            if item.in_version is not None:
                item.in_version.project = self.versions.draft.project
        return items

    def mine(self, items: list[Feedback]) -> set[int]:
        """Ids of the reader's own, whose words they read at once. Asks who reads only where there is a session."""
        given = {item.person_id for item in items if item.person_id is not None}
        if not given or self.request.viewer.is_anonymous or self.reader is None:
            return set()
        own = [item for item in items if item.person_id == self.reader.pk]
        for item in own:
            if self.versions.open_round and feedback.may_take_back(item, self.reader):
                item.take_back_url = self.versions.draft.page("feedback-take-back", item.number)
        return {item.pk for item in own}


@cached_page()
class ComparePage(VersionPage):
    """Two versions side by side and one over the other; what the later one took in."""

    def get(self, request: PortalRequest, *args, other: int, **kwargs) -> HttpResponse:
        versions = self.versions
        later = versions.draft
        earlier = next((draft for draft in versions.drafts if draft.version == other), None)
        if earlier is None or earlier == later:
            raise Http404
        if earlier.version > later.version:
            return redirect(earlier.page("draft-compare", later.version))
        pairs = []
        first = [shown(image, earlier) for image in earlier.images.select_related("photo").order_by("order", "pk")]
        second = [shown(image, later) for image in versions.images]
        for number in range(max(len(first), len(second))):
            before = first[number] if number < len(first) else None
            after = second[number] if number < len(second) else None
            pairs.append({"before": before, "after": after})
        changes = list(later.took_in.filter(draft=earlier).select_related("image").order_by("number")[:CHANGES])
        for item in changes:
            item.draft = earlier
        others = [
            (draft, later.page("draft-compare", draft.version))
            for draft in versions.drafts
            if draft.version < later.version
        ]
        return render(
            request,
            "projects/draft_compare.html",
            self.context(
                earlier=earlier, later=later, pairs=pairs, pair_texts=[earlier, later], changes=changes, others=others
            ),
        )


@method_decorator(never_cache, name="dispatch")
class TakeFeedbackBack(VersionPage):
    """One question and one button, for whoever said it."""

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        if self.request.viewer.person is None:
            return redirect_to_login(request.path, reverse("people:join"), "next")
        return super().dispatch(request, *args, **kwargs)

    def item(self, number: int) -> Feedback:
        own = self.versions.draft.feedback.filter(person=self.reader)
        item = own.filter(number=number).first() if number <= LARGEST else None
        if item is None:
            raise Http404
        item.draft = self.versions.draft
        return item

    def get(self, request: PortalRequest, *args, number: int, **kwargs) -> HttpResponse:
        return render(request, "projects/feedback_take_back.html", self.context(item=self.item(number)))

    def post(self, request: PortalRequest, *args, number: int, **kwargs) -> HttpResponse:
        assert self.reader is not None, "whoever nobody knows was led to the log-in"
        item = self.item(number)
        with as_message(request):
            feedback.take_back(item, self.reader, at=clock.now())
            messages.success(
                request, _("It is taken back and erased. You may say something else while the round is open.")
            )
            return HttpResponseRedirect(self.versions.draft.get_absolute_url())
        return HttpResponseRedirect(item.page_url())


@method_decorator(never_cache, name="dispatch")
class FeedbackPage(VersionPage):
    """Say something about a version. What a stranger types is kept while they become known; pressing a part of the
    picture writes nothing, it only fills the form."""

    request: PortalRequest
    keeps_its_words = True

    def get(self, request: PortalRequest, *args, **kwargs) -> HttpResponse:
        if request.viewer.user is not None and self.reader is None:
            return self.stranger(KnowMeForm())
        return self.page(self.form(initial=self.kept_words))

    def post(self, request: PortalRequest, *args, **kwargs) -> HttpResponse:
        if request.viewer.user is not None and self.reader is None:
            return self.become_known(request.viewer.user)
        if "spot" in request.POST:
            return self.page(self.form(initial=self.with_spot()))
        form = self.form(request.POST)
        if not form.is_valid():
            return self.page(form)
        if self.reader is None:
            return self.keep_and_ask_who()
        with in_form(form):
            given = feedback.give(
                self.versions.draft,
                form.cleaned_data["text"],
                at=clock.now(),
                person=self.reader,
                spot=form.spot(),
            )
            return self.thank(given)
        return self.page(form)

    def thank(self, given: Feedback) -> HttpResponse:
        self.request.session.pop(KEPT, None)
        messages.success(
            self.request,
            _("Thank you, this is number %(number)d. The committee reads it, then everybody can, without your name.")
            % {"number": given.number},
        )
        given.draft = self.versions.draft
        return HttpResponseRedirect(given.page_url())

    def form(self, data: Any = None, initial: dict[str, str] | None = None) -> FeedbackForm:
        return FeedbackForm(data, initial=initial, draft=self.versions.draft, images=self.versions.images)

    def with_spot(self) -> dict[str, str]:
        """What was typed, with the part of the picture that was pressed."""
        posted = self.request.POST
        words = {name: posted.get(name, "") for name in FeedbackForm.WORDS}
        return words | {"place": posted["spot"], "x": posted.get("x", ""), "y": posted.get("y", "")}

    # --- who has not been here yet ---

    @cached_property
    def kept_words(self) -> dict[str, str] | None:
        kept = self.request.session.get(KEPT)
        return kept.get("words") if isinstance(kept, dict) and kept.get("path") == self.request.path else None

    def keep_and_ask_who(self) -> HttpResponse:
        posted = self.request.POST
        words = {name: posted.get(name, "")[:2000] for name in (*FeedbackForm.WORDS, "place", "x", "y")}
        self.request.session[KEPT] = {"path": self.request.path, "words": words}
        return HttpResponseRedirect(f"{reverse('people:join')}?{urlencode({'next': self.request.path})}")

    def stranger(self, form: KnowMeForm) -> HttpResponse:
        """An account that this neighbourhood does not know: two questions, then back here."""
        return render(self.request, "projects/draft_stranger.html", self.context(form=form))

    def become_known(self, user: User) -> HttpResponse:
        form = KnowMeForm(self.request.POST)
        if not form.is_valid():
            return self.stranger(form)
        with in_form(form):
            accounts.become_known(user, self.request.neighbourhood, **form.answers())
            return HttpResponseRedirect(self.request.path)
        return self.stranger(form)

    def page(self, form: FeedbackForm) -> HttpResponse:
        return render(
            self.request,
            "projects/draft_feedback.html",
            self.context(
                form=form,
                boards=self.versions.boards([]),
                chosen=form.chosen(),
                returned=bool(self.kept_words) and self.reader is not None and self.request.method == "GET",
            ),
        )
