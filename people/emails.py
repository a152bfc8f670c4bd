"""What the portal writes to guardians about each other, and to administrators about roles; keys
``guardian:<invitation id>``, ``bond:<guardianship id>``, ``question:<id>`` and ``grant:<id>``.
Where the other one has not been let in by the reader, the mail names nobody: the page behind it does."""

import logging
from datetime import datetime
from enum import IntEnum
from functools import partial
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Model
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from people import outbox
from people.models import (
    BondQuestion,
    GuardianInvitation,
    Guardianship,
    HouseholdAdult,
    Message,
    Occasion,
    Person,
    PossibleDuplicate,
    RoleGrant,
    User,
)
from people.outbox import About
from people.outbox.envelope import absolute, word
from portal import by_id, tokens

State = GuardianInvitation.State


def decision_url(reader: Person, **about: int) -> str:
    """A page with one question, which acts for ``reader``; ``about``: ``invitation``, ``bond`` or ``question``."""
    return absolute(reverse("people:guardian-decision", args=[tokens.make("guardian", reader=reader.pk, **about)]))


class GuardianMessage(outbox.MessageKind):
    """Base: what it is about is still open, or has just been settled."""

    model: type[Model] = GuardianInvitation
    related: tuple[str, ...] = ("child", "invited_by", "accepted_by")

    def load(self, occasions: list[Occasion]) -> dict[int, Any]:
        ids = {occasion.pk: int(occasion.key.partition(":")[2]) for occasion in occasions}
        rows: dict[int, Any] = by_id.read(self.model._default_manager, ids.values(), *self.related)
        return {pk: rows[row] for pk, row in ids.items() if row in rows and self.wanted(rows[row])}

    def wanted(self, row: Any) -> bool:
        raise NotImplementedError

    def words(self, row: Any, reader: Person) -> tuple[str, str, str, str]:
        """(subject and heading, text, label, address)."""
        raise NotImplementedError

    def render(self, message: Message, subjects: list[tuple[Occasion, Any]]) -> outbox.Email:
        heading, text, label, url = self.words(subjects[0][1], message.recipient)
        context = {"heading": heading, "paragraph": text, "label": label, "url": url}
        context["why"] = _("You get this mail because you are a guardian, or have said that you are.")
        return word("email/letter", message, heading, context)


class LetInWanted(GuardianMessage):
    def wanted(self, row: Any) -> bool:
        return row.state == State.ACCEPTED

    def words(self, row: Any, reader: Person) -> tuple[str, str, str, str]:
        said = {"name": row.accepted_by.name, "child": row.child.name, "relation": row.relation}
        return (
            _("Is %(name)s a guardian of %(child)s?") % said,
            _(
                "%(name)s (%(relation)s) has accepted your invitation. Until you say yes, nothing of %(child)s is shown to"
                " anybody. Then each of you can sign %(child)s up, agree, and take back."
            )
            % said,
            _("Read and decide"),
            decision_url(reader, invitation=row.pk),
        )


class GuardianNow(GuardianMessage):
    def wanted(self, row: Any) -> bool:
        return row.state == State.LET_IN

    def words(self, row: Any, reader: Person) -> tuple[str, str, str, str]:
        said = {"name": row.invited_by.name, "child": row.child.name}
        return (
            _("%(child)s is on your page now") % said,
            _("%(name)s has said yes. Either of you may agree to something for %(child)s, and either may take it back.")
            % said,
            _("My page"),
            absolute(reverse("people:me")),
        )


class ConfirmationWanted(GuardianMessage):
    model = Guardianship
    related = ("child", "guardian")

    def wanted(self, row: Any) -> bool:
        return row.ended_at is None and row.state == Guardianship.State.DECLARED

    def words(self, row: Any, reader: Person) -> tuple[str, str, str, str]:
        return (
            _("A question about a child of yours"),
            _(
                "Somebody else is entered as a guardian of a child of yours. The committee has confirmed you, so it is for you"
                " to say whether that is right. Please open the page, read who it is, and answer yes or no."
            ),
            _("Read and decide"),
            decision_url(reader, bond=row.pk),
        )


class QuestionAboutBond(GuardianMessage):
    model = BondQuestion
    related = ("bond", "pair")

    def wanted(self, row: Any) -> bool:
        return row.state == BondQuestion.State.ASKED and row.pair.state == PossibleDuplicate.State.ASKED

    def words(self, row: Any, reader: Person) -> tuple[str, str, str, str]:
        return (
            _("A question about a child of yours"),
            _(
                "The committee has two records that may be one person. If they are joined, somebody else answers for a child of"
                " yours too. Nothing changes before you have said yes. Please open the page, read who it is, and answer yes or no."
            ),
            _("Read and decide"),
            decision_url(reader, question=row.pk),
        )


LET_IN_WANTED = LetInWanted("guardian_let_in", gettext_lazy("A second guardian has accepted"))
GUARDIAN_NOW = GuardianNow("guardian_now", gettext_lazy("Guardian now"))
CONFIRMATION = ConfirmationWanted("guardian_confirm", gettext_lazy("Confirm another guardian"))


class HouseholdAdultAsked(outbox.MessageKind):
    """To the mailbox that two share: whoever was named answers for themself."""

    def load(self, occasions: list[Occasion]) -> dict[int, Any]:
        ids = {occasion.pk: int(occasion.key.partition(":")[2]) for occasion in occasions}
        rows: dict[int, Any] = by_id.read(HouseholdAdult._default_manager, ids.values(), "added_by")
        asked = HouseholdAdult.State.ASKED
        return {pk: rows[row] for pk, row in ids.items() if row in rows and rows[row].state == asked}

    def render(self, message: Message, subjects: list[tuple[Occasion, Any]]) -> outbox.Email:
        row = subjects[0][1]
        said = {"name": row.name, "by": row.added_by.name}
        text = _(
            "This is for %(name)s, whom %(by)s has named as living in the same household. If that is you: please open the page and"
            " say that you are 18 or over and that the committee may keep your name. Before that nobody can sign you up. If it is"
            " not right, do nothing."
        )
        heading = pgettext("subject of a mail", "For %(name)s") % said
        context = {"heading": heading, "paragraph": text % said, "label": _("Read and decide")}
        context["url"] = household_url(row)
        context["why"] = _("You get this mail because somebody with this mailbox has named you.")
        return word("email/letter", message, heading, context)


def household_url(row: HouseholdAdult) -> str:
    return absolute(reverse("people:household-answer", args=[tokens.make("household", row=row.pk)]))


HOUSEHOLD = HouseholdAdultAsked("household_adult", gettext_lazy("A grown-up of the household is asked"))
QUESTION = QuestionAboutBond("guardian_question", gettext_lazy("Whether another is a guardian"))


class GrantEvent(IntEnum):
    """What happened to a grant; its number is the revision of the message's occasion."""

    GIVEN = 1
    PROPOSED = 2
    CONFIRMED = 3
    ENDED = 4


class GrantTold(outbox.MessageKind):
    """A role was given, proposed, confirmed or ended; always sent, for it is a record of who could do what."""

    def load(self, occasions: list[Occasion]) -> dict[int, Any]:
        ids = {occasion.pk: int(occasion.key.partition(":")[2]) for occasion in occasions}
        rows = by_id.read(RoleGrant._default_manager, ids.values(), "user", "given_by", "confirmed_by", "neighbourhood")
        return {pk: rows[row] for pk, row in ids.items() if row in rows}

    def render(self, message: Message, subjects: list[tuple[Occasion, Any]]) -> outbox.Email:
        occasion, grant = subjects[0]
        heading, text = grant_words(grant, GrantEvent(occasion.revision))
        context = {"heading": heading, "paragraph": text, "label": _("Look at it"), "url": grant_url(grant)}
        context["why"] = _("You get this mail because you are an administrator of this residential area.")
        return word("email/letter", message, heading, context)


ROLES = GrantTold("role_grant", gettext_lazy("A role was given or ended"))
KINDS = (LET_IN_WANTED, GUARDIAN_NOW, CONFIRMATION, QUESTION, HOUSEHOLD, ROLES)
ADMINISTRATORS = (RoleGrant.Role.COMMITTEE_ADMIN, RoleGrant.Role.SYSTEM_ADMIN)
log = logging.getLogger(__name__)


def grant_url(grant: RoleGrant) -> str:
    return absolute(reverse("admin:people_rolegrant_change", args=[grant.pk]))


def grant_words(grant: RoleGrant, event: GrantEvent) -> tuple[str, str]:
    """(subject and heading, text)."""
    server = _("the server")
    said = {
        "account": grant.user.email,
        "role": grant.get_role_display(),
        "by": grant.given_by.email if grant.given_by else server,
        "second": grant.confirmed_by.email if grant.confirmed_by else server,
    }
    match event:
        case GrantEvent.GIVEN:
            words = _("A role was given"), _("%(account)s is %(role)s now. Given by: %(by)s.")
        case GrantEvent.PROPOSED:
            words = (
                _("A role waits for a second yes"),
                _(
                    "%(account)s is to be %(role)s. Proposed by: %(by)s. Until a holder of the role has said yes, it gives nothing."
                ),
            )
        case GrantEvent.CONFIRMED:
            words = (
                _("A role was confirmed"),
                _("%(account)s is %(role)s now. Proposed by: %(by)s. Yes by: %(second)s."),
            )
        case GrantEvent.ENDED:
            words = _("A role has ended"), _("%(account)s is no longer %(role)s, or the proposal was taken back.")
    wrong = _("If you do not know of this, please ask at once, and end the role in the staff pages.")
    return words[0], f"{words[1] % said} {wrong}"


def grant_told(grant: RoleGrant, event: GrantEvent, *, at: datetime) -> None:
    """To each administrator of the area; one whom the area does not know as a person gets a plain mail on commit."""
    holders = RoleGrant.objects.filter(neighbourhood=grant.neighbourhood, role__in=ADMINISTRATORS).in_force(at)
    accounts = User.objects.filter(pk__in=holders.values("user"), is_active=True).order_by("pk")
    known = {
        person.user_id: person
        for person in Person.objects.filter(neighbourhood=grant.neighbourhood, user__in=accounts, anonymised_at=None)
    }
    for account in accounts:
        if person := known.get(account.pk):
            outbox.queue(ROLES, person, [About(f"grant:{grant.pk}", revision=event)], at=at)
        else:
            heading, text = grant_words(grant, event)
            mail = EmailMessage(
                heading, f"{text}\n\n{grant_url(grant)}\n", settings.DEFAULT_FROM_EMAIL, [account.email]
            )
            transaction.on_commit(partial(_send_plainly, mail))


def address_replaced(person: Person, old: str) -> None:
    """To the old address, which the outbox knows no more, on commit; it names neither the new one nor the reader."""
    with translation.override(person.language):
        heading = _("The committee writes to another address now")
        text = _(
            "This address was written down for a resident of %(place)s. The committee has replaced it by another. If you did"
            " not ask for that, please phone %(phone)s."
        ) % {"place": person.neighbourhood, "phone": person.neighbourhood.phone or "–"}
    mail = EmailMessage(heading, f"{text}\n\n{settings.SITE_URL}\n", settings.DEFAULT_FROM_EMAIL, [old])
    transaction.on_commit(partial(_send_plainly, mail))


def _send_plainly(mail: EmailMessage) -> None:
    try:
        mail.send()
    except (OSError, SMTPException):
        log.exception("A mail was not handed over: %s", mail.subject)


def let_in_wanted(row: GuardianInvitation, *, at: datetime) -> None:
    outbox.queue(LET_IN_WANTED, row.invited_by, [About(f"guardian:{row.pk}", row.child)], at=at)


def guardian_now(row: GuardianInvitation, *, at: datetime) -> None:
    if row.accepted_by is not None:
        outbox.queue(GUARDIAN_NOW, row.accepted_by, [About(f"guardian:{row.pk}", row.child)], at=at)


def confirmation_wanted(bond: Guardianship, reader: Person, *, at: datetime) -> bool:
    return outbox.queue(CONFIRMATION, reader, [About(f"bond:{bond.pk}", bond.child)], at=at) is not None


def bond_question(question: BondQuestion, *, at: datetime) -> None:
    outbox.queue(QUESTION, question.asked, [About(f"question:{question.pk}", question.asked)], at=at)


def household_adult_asked(row: HouseholdAdult, *, at: datetime) -> None:
    outbox.queue(HOUSEHOLD, row.added_by, [About(f"household:{row.pk}", row.added_by)], at=at)
