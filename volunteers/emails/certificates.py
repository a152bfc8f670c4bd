"""What became of a certificate of service that somebody asked for."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.emails.wording import (
    Words,
)
from people import outbox
from people.models import Message, Occasion
from people.outbox import About
from people.outbox.envelope import absolute
from volunteers.models import Certificate


class CertificateMessage(outbox.MessageKind):
    """About an application: keys ``certificate:<id>``."""

    def load(self, occasions: list[Occasion]) -> dict[int, Certificate]:
        rows = Certificate.objects.filter(pk__in=[int(one.key.partition(":")[2]) for one in occasions]).in_bulk()
        found = {occasion.pk: rows.get(int(occasion.key.partition(":")[2])) for occasion in occasions}
        settled = {Certificate.State.ISSUED, Certificate.State.REFUSED}
        return {pk: row for pk, row in found.items() if row is not None and row.state in settled}

    def render(self, message: Message, subjects: list) -> outbox.Email:
        row: Certificate = subjects[0][1]
        if row.state == Certificate.State.ISSUED:
            subject = _("The certificate of service is ready: %(number)s") % {"number": row.number}
            paragraphs = [
                _(
                    "%(hours)s hours are certified. It can be printed from the page; the stamp is put on at the office, free of charge."
                )
                % {"hours": row.hours}
            ]
        else:
            subject = _("About the certificate of service")
            paragraphs = [_("It could not be issued: %(reason)s") % {"reason": row.reason}]
        words = Words(
            subject=subject,
            heading=subject,
            paragraphs=paragraphs,
            actions=[(_("See the certificate"), absolute(row.get_absolute_url()))],
            why=_("You get this mail because you asked for it."),
        )
        context = {"words": words, "groups": [], "why": words.why, "tone": "leaf"}
        return outbox.word("activities/email/notice", message, subject, context)


CERTIFICATE = CertificateMessage("certificate", gettext_lazy("Certificate of service"))


def certificate_settled(certificate: Certificate, *, at: datetime) -> None:
    """To whoever asked for it; nothing of a minor's name stands in the mail."""
    reader = certificate.asked_by or certificate.person
    outbox.queue(CERTIFICATE, reader, [About(f"certificate:{certificate.pk}", certificate.person)], at=at)
