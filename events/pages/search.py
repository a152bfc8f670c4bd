"""What of the learning events can be found: what everybody may come to, with the film, the place and the campaign."""

from django.utils.translation import gettext_lazy as _

from activities.models import Status
from activities.pages.search import STATES, document_of
from events.models import LearningEvent, Site, StudyCampaign
from people import search


def document(event: LearningEvent) -> search.Document:
    """The lecturer is not among the words: who is named is asked when the page is shown (V6)."""
    words = [event.film]
    if event.site is not None:
        words += [event.site.name, event.site.former_name, event.site.address]
    words += [event.campaign.name if event.campaign else "", event.location.name if event.location else ""]
    told = map(search.in_every_language, (event.get_form_display, event.get_edu_display))
    return document_of(event, *words, also=search.joined(*told))


LEARNING = search.Kind(
    code="learning",
    label=_("Learning"),
    model=LearningEvent,
    public=lambda viewer, at: (
        LearningEvent.objects.visible_to(viewer)
        .exclude(status=Status.DRAFT)
        .select_related("site", "campaign", "location")
    ),
    document=document,
    follows={
        Site: lambda site: site.events.order_by().values_list("pk", flat=True),
        StudyCampaign: lambda campaign: campaign.events.order_by().values_list("pk", flat=True),
    },
    states=STATES,
    more="events:list",
)
