"""Several pictures at once: one page takes the files, the next asks for each what can be seen in it.

``photos_act`` is the same for the photos of one record: a project, a piece, an article.
"""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from people.access.grants import neighbourhoods_with
from people.access.requests import StaffRequest
from people.admin.shared import Act, ActForm, PortalAdmin, list_url, page
from people.models import Neighbourhood, Photo
from people.operations import photos
from portal.fields import CleanCharField, ids_in
from portal.files import PicturesField

PER_PAGE = 12
HOW_MANY = gettext_lazy(
    "Up to 12 at once, JPEG, PNG or WebP: hold Ctrl or Shift while choosing. Kept privately until they are published."
)


class AddPhotosForm(forms.Form):
    """``neighbourhoods``: ids of the residential areas to choose from; whoever works for one is not asked."""

    neighbourhood = forms.ModelChoiceField(
        label=gettext_lazy("residential area"), queryset=Neighbourhood.objects.none()
    )
    pictures = PicturesField(
        label=gettext_lazy("photos"),
        help_text=HOW_MANY,
    )
    caption = CleanCharField(
        label=gettext_lazy("caption"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("For all of them; each can be changed on the next page."),
    )
    taken_on = forms.DateField(label=gettext_lazy("taken on"), required=False, widget=admin.widgets.AdminDateWidget)

    def __init__(self, *args, neighbourhoods: set[int], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if len(neighbourhoods) == 1:
            del self.fields["neighbourhood"]
        else:
            field: Any = self.fields["neighbourhood"]
            field.queryset = Neighbourhood.objects.filter(pk__in=neighbourhoods)
        self.neighbourhoods = neighbourhoods

    def clean(self):
        data = super().clean() or self.cleaned_data
        if "neighbourhood" not in self.fields:
            data["neighbourhood"] = Neighbourhood.objects.get(pk=next(iter(self.neighbourhoods)))
        return data


class DescribeForm(forms.ModelForm):
    alt = CleanCharField(
        label=gettext_lazy("what can be seen"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("For those who cannot see the picture. No names of children."),
    )
    caption = CleanCharField(label=gettext_lazy("caption"), max_length=200, required=False)
    taken_on = forms.DateField(label=gettext_lazy("taken on"), required=False, widget=admin.widgets.AdminDateWidget)

    class Meta:
        model = Photo
        fields = ("alt", "caption", "taken_on")


DescribeFormSet = forms.modelformset_factory(Photo, DescribeForm, extra=0)


class ManyPhotos(PortalAdmin):
    """Base of the ModelAdmin of photos."""

    def get_urls(self):
        view = self.admin_site.admin_view
        own = [
            path("several/", view(self.several_view), name="people_photo_several"),
            path("describe/", view(self.describe_view), name="people_photo_describe"),
        ]
        return own + super().get_urls()

    def several_view(self, request: StaffRequest) -> HttpResponseBase:
        neighbourhoods = self.neighbourhoods(request, "add")
        if not neighbourhoods:
            raise PermissionDenied
        data = (request.POST, request.FILES) if request.method == "POST" else ()
        form = AddPhotosForm(*data, neighbourhoods=neighbourhoods)
        if request.method == "POST" and form.is_valid():
            sent = form.cleaned_data["pictures"]
            made = photos.add_photos(
                sent.kept,
                neighbourhood=form.cleaned_data["neighbourhood"],
                caption=form.cleaned_data["caption"],
                taken_on=form.cleaned_data["taken_on"],
                by=request.user,
            )
            for photo in made:
                self.log_addition(request, photo, [{"added": {}}])
            messages.success(request, kept_sentence(len(made)))
            say_refused(request, sent.refused)
            ids = ",".join(str(photo.pk) for photo in made)
            return HttpResponseRedirect(f"{reverse('admin:people_photo_describe')}?ids={ids}")
        return page(self, request, title=_("Add several photos"), submit=_("Keep these photos"), form=form)

    def describe_view(self, request: StaffRequest) -> HttpResponseBase:
        """The photos ``?ids=``, else those that still have no words; what is left empty is asked for again later."""
        rows = self.get_queryset(request).filter(neighbourhood__in=self.neighbourhoods(request, "change"))
        source = request.POST if request.method == "POST" else request.GET
        ids = ids_in(source.get("ids", ""), PER_PAGE)
        chosen = rows.filter(pk__in=ids).order_by("pk") if ids else rows.filter(alt="").order_by("pk")
        chosen = Photo.objects.filter(pk__in=list(chosen.values_list("pk", flat=True)[:PER_PAGE])).order_by("pk")
        if not chosen:
            messages.info(request, _("Every photo has its words."))
            return HttpResponseRedirect(list_url(Photo))
        formset = DescribeFormSet(request.POST or None, queryset=chosen.select_related("original"))
        if request.method == "POST" and formset.is_valid():
            for photo in formset.save():
                self.log_change(request, photo, _("Words written"))
            messages.success(request, _("Saved. Now say on each photo's page who can be recognised, and publish it."))
            return HttpResponseRedirect(list_url(Photo))
        return page(
            self,
            request,
            title=_("What can be seen?"),
            submit=_("Save the words"),
            template="admin/portal/describe_photos.html",
            hidden=[("ids", ",".join(str(photo.pk) for photo in chosen))],
            formset=formset,
            sees_originals=request.user.has_perm("people.view_privatefile"),
            media=self.media + formset.media,
        )


# --- photos of one thing: a project, a piece, an article ---


class PhotosForm(ActForm):
    pictures = PicturesField(label=gettext_lazy("photos"), help_text=HOW_MANY)
    caption = CleanCharField(label=gettext_lazy("caption"), max_length=200, required=False)
    taken_on = forms.DateField(label=gettext_lazy("taken on"), required=False, widget=admin.widgets.AdminDateWidget)


def may_add_photos(model_admin: admin.ModelAdmin, request: StaffRequest, row: Any) -> bool:
    allowed = neighbourhoods_with(request.user, "people.add_photo")
    return row.neighbourhood_id in allowed and model_admin.has_change_permission(request, row)


def photos_act(attach: Callable[[Any, list[Photo]], None]) -> Act:
    """For the ``acts`` of any record with a residential area: several photos at once. ``attach(row, photos)`` links them to it.

    acts = (photos_act(lambda project, made: photos_of_project(project, made)),)
    """

    def run(request: StaffRequest, row: Any, data: dict[str, Any]) -> str:
        sent = data["pictures"]
        made = photos.add_photos(
            sent.kept,
            neighbourhood=row.neighbourhood,
            caption=data["caption"],
            taken_on=data["taken_on"],
            by=request.user,
            attach=lambda kept: attach(row, kept),
        )
        say_refused(request, sent.refused)
        return (
            kept_sentence(len(made))
            + " "
            + _("Write what can be seen under “Photos without words”, then publish them.")
        )

    return Act(
        name="add-photos",
        label=gettext_lazy("add photos"),
        run=run,
        form=PhotosForm,
        may=may_add_photos,
        many=False,
    )


def kept_sentence(count: int) -> str:
    return ngettext("%(n)d photo is kept.", "%(n)d photos are kept.", count) % {"n": count}


def say_refused(request: StaffRequest, refused: list[tuple[str, str]]) -> None:
    for name, sentence in refused:
        messages.warning(request, _("Not kept, %(file)s: %(sentence)s") % {"file": name, "sentence": sentence})
