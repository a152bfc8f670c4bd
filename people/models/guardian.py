"""A second guardian, invited by one who is: asked, accepted by an account, and let in by the one who asked."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from people.models.person import Guardianship, Person, PossibleDuplicate


class GuardianInvitation(models.Model):
    """Nobody sees anything of the child before the guardian who invited has said that the right person accepted."""

    class State(models.TextChoices):
        ASKED = "asked", _("waiting for an answer")
        ACCEPTED = "accepted", _("waiting for the yes of the guardian who invited")
        LET_IN = "let_in", _("guardian now")
        REFUSED = "refused", pgettext_lazy("of an invitation", "refused")
        WITHDRAWN = "withdrawn", _("taken back")

    child = models.ForeignKey(Person, models.CASCADE, related_name="guardian_invitations", verbose_name=_("child"))
    invited_by = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name=_("invited by"))
    secret = models.CharField(max_length=64, unique=True, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.ASKED)
    invited_at = models.DateTimeField(_("invited at"))
    ends_at = models.DateTimeField(_("open until"))
    accepted_by = models.ForeignKey(
        Person, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("accepted by")
    )
    relation = models.CharField(_("relation"), max_length=20, blank=True)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)

    class Meta:
        verbose_name = _("invitation of a second guardian")
        verbose_name_plural = _("invitations of second guardians")
        constraints = [
            models.UniqueConstraint(
                fields=["child", "invited_by"],
                condition=models.Q(state__in=["asked", "accepted"]),
                name="guardian_invitation_one_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.invited_by} → {self.child}"


class BondQuestion(models.Model):
    """A confirmed guardian is asked whether somebody, guardian by another record, is one of their child too.

    Staff want to join the two records of ``pair``; a guardianship never passes on by that alone (people.rules.joined_bonds).
    """

    class State(models.TextChoices):
        ASKED = "asked", _("waiting for an answer")
        YES = "yes", _("yes, this is a guardian")
        NO = "no", _("no, unknown to them")

    pair = models.ForeignKey(
        PossibleDuplicate, models.CASCADE, related_name="questions", verbose_name=_("possible duplicate")
    )
    bond = models.ForeignKey(Guardianship, models.CASCADE, related_name="+", verbose_name=_("guardianship"))
    asked = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name=_("guardian who is asked"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.ASKED)
    asked_at = models.DateTimeField(_("asked at"))
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    class Meta:
        verbose_name = _("question about a guardianship")
        verbose_name_plural = _("questions about guardianships")
        constraints = [models.UniqueConstraint(fields=["pair", "bond", "asked"], name="bond_question_once")]

    def __str__(self) -> str:
        return f"{self.asked}: {self.bond}?"
