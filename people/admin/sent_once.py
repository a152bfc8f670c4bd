"""A form for something new, sent twice, makes it once (A3): a double click, or the way back and the button again."""

from datetime import timedelta
from secrets import token_urlsafe

from django.contrib import messages
from django.contrib.admin.options import ModelAdmin
from django.db import IntegrityError, transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from people.access.requests import StaffRequest
from people.models import SentForm
from portal import clock

NAME, LONGEST = "sent_once", 43
REMEMBERED = timedelta(days=1)


class SentBefore(Exception):
    """Undoes what the second of two equal forms has just made; the first has been saved."""


class SavesOnce(ModelAdmin):
    """Each page for something new carries a key; it is stored in the transaction that saves, so that two at once clash."""

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if object_id is not None or request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        try:
            return self._made_before(request) or super().changeform_view(request, object_id, form_url, extra_context)
        except SentBefore:
            return self._made_before(request)

    def _made_before(self, request: StaffRequest) -> HttpResponse | None:
        sent = SentForm.objects.filter(user=request.user, key=self._key(request)).first()
        if sent is None:
            return None
        messages.info(request, _("This was saved already; nothing was made a second time."))
        return HttpResponseRedirect(sent.address)

    @staticmethod
    def _key(request: StaffRequest) -> str:
        return request.POST.get(NAME, "").replace("\x00", "")[:LONGEST]  # PostgreSQL takes no NUL

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if add:
            context["sent_once"] = self._key(request) or token_urlsafe(24)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def response_add(self, request, obj, post_url_continue=None):
        response = super().response_add(request, obj, post_url_continue)
        key = self._key(request)
        if key and isinstance(response, HttpResponseRedirect):
            now = clock.real_now()
            SentForm.objects.filter(user=request.user, sent_at__lt=now - REMEMBERED).delete()
            try:
                with transaction.atomic():
                    SentForm.objects.create(user=request.user, key=key, address=response.url[:300], sent_at=now)
            except IntegrityError as error:
                raise SentBefore from error
        return response
