"""Staff pages of notices and articles: written freely, published and taken back by acts."""

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminDateWidget
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.admin.choices import ChoosesActivities
from activities.models import Visibility
from community import operations
from community.models import Article, ArticlePhoto
from people.access.requests import StaffRequest
from people.admin.many_photos import photos_act
from people.admin.shared import Act, ActForm, ListFilter, PortalAdmin, PortalInline, Told
from people.models import Person
from portal import clock


class Out(ListFilter):
    title = gettext_lazy("published")
    parameter_name = "out"

    def lookups(self, request, model_admin):
        return [("yes", _("yes")), ("no", _("not yet")), ("current", _("stands on the notice board"))]

    def queryset(self, request, queryset):
        now = clock.now()
        match self.value():
            case "yes":
                return queryset.published_by(now)
            case "no":
                return queryset.filter(published_at=None)
            case "current":
                return queryset.current(now)
        return queryset


class FirstOnForm(ActForm):
    first_on = forms.DateField(
        label=gettext_lazy("First put up or sent round on"),
        widget=AdminDateWidget,
        required=False,
        help_text=gettext_lazy(
            "Only for what was told before it stood here: it stands under that day and is no news to anybody. Empty: today."
        ),
    )


def publish(request: StaffRequest, article: Article, data: dict) -> str:
    operations.publish(article, at=clock.now(), first_on=data["first_on"])
    return _("“%(title)s” is published.") % {"title": article}


def take_back(request: StaffRequest, article: Article, data: dict) -> str:
    operations.take_back(article)
    return _("“%(title)s” is no longer shown.") % {"title": article}


def who_reads_it(request: StaffRequest, article: Article) -> Told:
    if article.activity is not None and article.activity.visibility != Visibility.PUBLIC:
        return Told([_("Only those who may see “%(title)s” can read it.") % {"title": article.activity}])
    return Told([_("Everyone can read it.")])


class PhotoInline(PortalInline, admin.TabularInline):
    model = ArticlePhoto
    fields = ["photo", "order"]
    autocomplete_fields = ["photo"]
    extra = 0

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("photo", "article")


@admin.register(Article)
class ArticleAdmin(ChoosesActivities, PortalAdmin):
    list_display = ["title", "kind", "author", "published_at", "public_until"]
    list_select_related = ["author"]
    list_filter = ["kind", Out, "published_at"]
    search_fields = ["title", "body", "author__name"]
    autocomplete_fields = ["author", "activity"]
    fields = [
        "neighbourhood",
        "kind",
        "title",
        "body",
        "author",
        "outlet",
        "activity",
        "public_until",
        "published_at",
        "entered_at",
    ]
    readonly_fields = ["published_at", "entered_at"]
    inlines = [PhotoInline]
    acts = (
        Act(
            name="publish",
            label=gettext_lazy("publish"),
            run=publish,
            form=FirstOnForm,
            told=who_reads_it,
            applies=lambda article: article.published_at is None or article.published_at > clock.now(),
            css="go",
        ),
        Act(
            name="take-back",
            label=gettext_lazy("no longer show"),
            run=take_back,
            applies=lambda article: article.published_at is not None,
            css="danger",
        ),
        photos_act(operations.show_with_article),
    )

    def own_groups(self, request, model):
        return Q()

    def circle(self, request: StaffRequest) -> Q:
        """Authors an editor may name without seeing people's records: staff, post holders, whoever wrote before."""
        neighbourhoods = self.neighbourhoods(request, "add", "change")
        authors = Person.objects.filter(neighbourhood__in=neighbourhoods).filter(
            Q(user__grants__neighbourhood__in=neighbourhoods) | Q(posts__isnull=False) | Q(articles__isnull=False)
        )
        return Q(pk__in=authors.values("pk"))

    def view_on_site(self, obj):
        return obj.get_absolute_url() if obj.published_at and obj.published_at <= clock.now() else None
