"""Photos and private files. A photo is shown only with everybody's consent; whoever publishes knows who is in it (V5)."""

from typing import Any

from django import forms
from django.contrib import admin
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.access.grants import neighbourhoods_with
from people.access.minors import name_for
from people.access.requests import StaffRequest
from people.admin.many_photos import ManyPhotos
from people.admin.shared import Act, ListFilter, PortalAdmin, Told
from people.media.pictures import shown
from people.models import Consent, Person, Photo, PhotoPair, PrivateFile
from people.operations import files, photos
from people.rules.consent import without
from portal.fields import CleanCharField
from portal.files import SHOWN, DocumentField, PictureField


class Shown(ListFilter):
    title = gettext_lazy("shown to the public")
    parameter_name = "shown"

    def lookups(self, request, model_admin):
        return [("yes", _("yes")), ("no", _("no")), ("wordless", _("not yet, words are missing"))]

    def queryset(self, request, queryset):
        if self.value() == "yes":
            return queryset.published()
        if self.value() == "wordless":
            return queryset.without_words()
        return queryset.filter(published_at=None) if self.value() == "no" else queryset


class PhotoForm(forms.ModelForm):
    upload = PictureField(label=gettext_lazy("photo"), help_text=gettext_lazy("JPEG, PNG or WebP. Kept privately."))
    alt = CleanCharField(
        label=gettext_lazy("what can be seen"),
        max_length=200,
        help_text=gettext_lazy("For those who cannot see the picture. No names of children."),
    )
    caption = CleanCharField(label=gettext_lazy("caption"), max_length=200, required=False)


def may_publish(model_admin, request: StaffRequest, photo: Photo) -> bool:
    """Needs to know people: an editor publishes drawings, and prepares photos for a colleague who does."""
    neighbourhoods = model_admin.neighbourhoods(request, "change")
    if photo.neighbourhood_id not in neighbourhoods:
        return False
    return photo.is_illustration or photo.neighbourhood_id in neighbourhoods_with(request.user, "people.view_person")


def publish(request: StaffRequest, photo: Photo, data: dict) -> str:
    photos.publish(photo)
    return _("The photo is shown now. Its files in all sizes are made within a minute.")


def withdraw(request: StaffRequest, photo: Photo, data: dict) -> str:
    photos.withdraw(photo)
    return _("The photo is no longer shown, and its public files are deleted.")


def who_is_in_it(request: StaffRequest, photo: Photo) -> Told:
    if photo.is_illustration:
        return Told()
    people = list(photo.people.all())
    missing = without(people, Consent.Purpose.PHOTO)
    if not people:
        facts = [_("Nobody is named as recognisable in it. Please look once more before you publish.")]
    else:
        facts = [_("Recognisable: %(names)s.") % {"names": names(request, people)}]
    warnings = [_("No consent to photos: %(names)s.") % {"names": names(request, missing)}]
    return Told(facts, warnings if missing else [])


def names(request: StaffRequest, people: list[Person]) -> str:
    return "、".join(name_for(request.user, person) for person in people)


@admin.register(Photo)
class PhotoAdmin(ManyPhotos):
    form = PhotoForm
    change_list_template = "admin/portal/photo_list.html"
    list_display = ["thumbnail", "words", "taken_on", "is_illustration", "state"]
    list_display_links = ["thumbnail", "words"]
    list_filter = [Shown, "taken_on"]
    search_fields = ["caption", "alt"]
    autocomplete_fields = ["people"]
    list_select_related = ["original"]
    acts = (
        Act(
            name="publish",
            label=gettext_lazy("publish"),
            run=publish,
            told=who_is_in_it,
            applies=lambda photo: photo.published_at is None,
            may=may_publish,
        ),
        Act(
            name="withdraw",
            label=gettext_lazy("no longer show"),
            run=withdraw,
            applies=lambda photo: photo.published_at is not None,
            css="danger",
        ),
    )

    @admin.display(description=gettext_lazy("picture"))
    def thumbnail(self, photo):
        picture = shown(photo)
        if picture is not None:
            url = picture.src
        elif photo.original.content_type in SHOWN and self._sees_originals:
            url = photo.original.get_absolute_url()
        else:
            return _("not shown")
        return format_html('<img src="{}" alt="{}" width="96" loading="lazy">', url, photo.alt)

    @admin.display(description=gettext_lazy("caption"), ordering="caption")
    def words(self, photo):
        return photo.caption or photo.alt or "–"

    @admin.display(description=gettext_lazy("shown"))
    def state(self, photo):
        if photo.published_at is None:
            return _("not shown") if photo.alt else _("not shown, words are missing")
        if photo.rendered_at is not None:
            return _("shown")
        if photo.attempts < Photo.MOST_ATTEMPTS:
            return _("shown, its files are being made")
        return _("its files cannot be made: take it out of sight and upload it again")

    @admin.display(description=gettext_lazy("who agreed"))
    def consents(self, photo):
        """V5: everyone recognisable, and whether their consent to photos stands today."""
        people = list(photo.people.all())
        if not people:
            return _("Nobody is named as recognisable.")
        missing = {person.pk for person in without(people, Consent.Purpose.PHOTO)}
        words = {True: _("no consent to photos"), False: _("agreed")}
        lines = ((name_for(self._reader, person), words[person.pk in missing]) for person in people)
        return format_html_join("", "<div>{}: <b>{}</b></div>", lines)

    _reader: Any = None
    _sees_originals = False

    def get_queryset(self, request):
        self._sees_originals = request.user.has_perm("people.view_privatefile")
        self._reader = request.user
        return super().get_queryset(request)

    def get_fields(self, request, obj=None):
        words = ["neighbourhood", "alt", "caption", "taken_on", "is_illustration"]
        people = ["people"] if self.sees_people(request) else []
        return (
            [*words[:1], "upload", *words[1:], *people]
            if obj is None
            else ["thumbnail", *words, *people, *(["consents"] if people else []), "state", "published_at"]
        )

    def get_readonly_fields(self, request, obj=None):
        fields = [*super().get_readonly_fields(request, obj), "thumbnail", "consents", "state", "published_at"]
        # Who is in a published picture, and whether it is one, decided that it may be shown.
        return [*fields, "people", "is_illustration"] if obj is not None and obj.published_at else fields

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        if obj is not None:
            form.base_fields.pop("upload", None)
            form.declared_fields.pop("upload", None)
        return form

    def save_model(self, request, obj, form, change):
        if not change:
            picture = form.cleaned_data["upload"]
            obj.original = photos.keep_picture(picture, neighbourhood=obj.neighbourhood, by=request.user)
            obj.width, obj.height = picture.width, picture.height
        super().save_model(request, obj, form, change)

    def notes(self, request, obj):
        if obj.published_at is None and not may_publish(self, request, obj):
            return [
                _(
                    "Who can be recognised is entered, and the photo published, by a colleague who may see people's records."
                )
            ]
        if obj.published_at is not None:
            return [
                _("While the photo is shown, who is in it stays as it is. Take it out of sight first to correct it.")
            ]
        return []


@admin.register(PhotoPair)
class PhotoPairAdmin(PortalAdmin):
    list_display = ["__str__", "before", "after", "order"]
    list_select_related = ["before", "after"]
    search_fields = ["caption", "before__caption", "after__caption"]
    autocomplete_fields = ["before", "after"]
    fields = ["neighbourhood", "before", "after", "caption", "order"]


class DocumentForm(forms.ModelForm):
    upload = DocumentField(label=gettext_lazy("document"))


@admin.register(PrivateFile)
class PrivateFileAdmin(PortalAdmin):
    form = DocumentForm
    list_display = ["name", "purpose", "content_type", "size", "added_at", "added_by"]
    list_select_related = ["added_by"]
    list_filter = ["purpose", "added_at"]
    search_fields = ["name"]
    readonly_fields = ["link", "purpose", "content_type", "size", "added_at", "added_by"]

    def get_fields(self, request, obj=None):
        return ["neighbourhood", "upload"] if obj is None else ["neighbourhood", *self.readonly_fields]

    def has_change_permission(self, request, obj=None):
        return False

    @admin.display(description=gettext_lazy("file"))
    def link(self, file):
        return format_html('<a href="{}">{}</a>', file.get_absolute_url(), file.name)

    def save_model(self, request, obj, form, change):
        kept = files.keep_document(form.cleaned_data["upload"], neighbourhood=obj.neighbourhood, by=request.user)
        obj.__dict__.update({name: value for name, value in kept.__dict__.items() if name != "_state"})
        obj._state.adding = False
