"""Letters to everyone: written from an activity's or a team's page, read before they go, and kept."""

from hashlib import sha256
from typing import Any

from django import forms
from django.contrib import admin
from django.core.signing import Signer
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from activities.models import Activity, Circular
from activities.operations import circulars
from activities.rules.staff_scope import covers, scope
from people.access import minors
from people.access.requests import StaffRequest
from people.admin.party import TeamAdmin, covered
from people.admin.shared import Act, ActForm, PortalAdmin, ReadOnly, Told
from people.models import Team
from portal import clock
from portal.fields import CleanCharField
from portal.forms import come_back_with

ADD = "activities.add_circular"


class LetterForm(ActForm):
    """Sent once, it says to how many it would go; sent again unchanged, it goes."""

    subject = CleanCharField(label=gettext_lazy("Subject"), max_length=80)
    text = CleanCharField(
        label=gettext_lazy("Text"),
        lines=True,
        max_length=1500,
        help_text=gettext_lazy("Everyone reads the same; write nothing about single people."),
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def ask_first(self) -> Told | None:
        row, data = self.rows[0], self.cleaned_data
        mark = Signer(salt="circular").sign(f"{row._meta.label}{row.pk} {hash_of(data)}")
        if data["seen"] == mark:
            return None
        come_back_with(self, "seen", mark)
        return preview(self.request, row)


def hash_of(data: dict[str, Any]) -> str:
    return sha256(f"{data['subject']}\0{data['text']}".encode()).hexdigest()


def preview(request: Any, to: Activity | Team) -> Told:
    found = circulars.addressed(to, clock.now())
    by_mail = len(found.readers) - len(found.without_mail)
    facts = [
        ngettext("%(n)d person is concerned.", "%(n)d people are concerned.", found.people) % {"n": found.people},
        ngettext("%(n)d person will be told by e-mail.", "%(n)d people will be told by e-mail.", by_mail)
        % {"n": by_mail},
    ]
    if found.for_others:
        facts.append(_("%(n)d of them read it for their children or family, once each.") % {"n": found.for_others})
    if found.without_mail:
        names = _(", ").join(minors.name_for(request.user, person) for person in found.without_mail)
        facts.append(_("Without e-mail, on the phone list: %(names)s.") % {"names": names})
    return Told(facts=facts)


def on_write(request: StaffRequest, row: Any, data: dict[str, Any]) -> str:
    sent = circulars.send(row, subject=data["subject"], text=data["text"], at=clock.now(), by=request.user)
    return _("On its way to %(n)d people; %(phone)d of them stand on the phone list.") % {
        "n": sent.readers,
        "phone": sent.by_phone,
    }


def may_write(model_admin: Any, request: StaffRequest, row: Any) -> bool:
    user: Any = request.user
    if isinstance(row, Activity):
        return covers(user, ADD, row)
    return (
        user.has_perm(ADD, row)
        and Team.objects.filter(covered(user, "people.view_team", team="pk"), pk=row.pk).exists()
    )


def write_act(**more: Any) -> Act:
    return Act(
        "write",
        gettext_lazy("write to everyone"),
        on_write,
        form=LetterForm,
        may=may_write,
        submit=gettext_lazy("Go on"),
        many=False,
        **more,
    )


TeamAdmin.acts = (*TeamAdmin.acts, write_act())


@admin.register(Circular)
class CircularAdmin(ReadOnly, PortalAdmin):
    """What went out, by whom, to how many."""

    list_display = ["sent_at", "subject", "about", "sent_by", "readers", "by_phone"]
    list_select_related = ["activity", "team", "sent_by"]
    list_filter = ["sent_at"]
    search_fields = ["subject", "text"]
    fields = ["about", "subject", "text", ("sent_at", "sent_by"), ("readers", "by_phone")]

    def narrow(self, request, queryset):
        user = request.user
        view = "activities.view_circular"
        own = Q(activity__in=Activity.objects.filter(scope(user, view)).order_by().values("pk"))
        teams = Team.objects.filter(covered(user, "people.view_team", team="pk"))
        return queryset.filter(own | Q(team__in=teams.values("pk")))

    @admin.display(description=gettext_lazy("to everyone in"))
    def about(self, circular):
        return circular.activity or circular.team
