"""Party-learning events: lectures, films, visits to sites."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from activities.models import Activity
from people.models import Location, Neighbourhood, Person


class StudyCampaign(models.Model):
    neighbourhood = models.ForeignKey(
        Neighbourhood, models.CASCADE, related_name="study_campaigns", verbose_name=_("residential area")
    )
    code = models.SlugField(_("code"))
    name = models.CharField(_("name"), max_length=80)

    class Meta:
        verbose_name = _("study campaign")
        verbose_name_plural = _("study campaigns")
        constraints = [models.UniqueConstraint(fields=["neighbourhood", "code"], name="campaign_code_unique")]

    def __str__(self) -> str:
        return self.name


class Site(models.Model):
    """A museum or memorial; shared by all neighbourhoods. Opening details are to be checked before each visit."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    former_name = models.CharField(_("former name"), max_length=80, blank=True)
    district = models.CharField(_("district"), max_length=20, blank=True)
    address = models.CharField(_("address"), max_length=120, blank=True)
    closed_weekday = models.PositiveSmallIntegerField(
        _("closed on"),
        null=True,
        blank=True,
        choices=list(
            enumerate(
                [_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday")]
            )
        ),
    )
    opens = models.TimeField(_("opens"), null=True, blank=True)
    closes = models.TimeField(_("closes"), null=True, blank=True)
    needs_booking = models.BooleanField(_("to be booked ahead"), default=False)

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class LearningEvent(Activity):
    class Form(models.TextChoices):
        LECTURE = "lecture", _("Party lecture")
        SITE_VISIT = "site_visit", _("visit")
        FILM = "film", _("film")
        GROUP_STUDY = "group_study", _("study in the group")
        TALK = "talk", _("talk")
        MEMORIAL = "memorial", _("commemoration")

    class Edu(models.TextChoices):
        THEORY = "theory", _("theory")
        POLITICAL = "political", _("political education")
        REVOLUTIONARY_TRADITION = "revolutionary_tradition", _("revolutionary tradition")
        CURRENT_AFFAIRS = "current_affairs", _("current affairs")

    form = models.CharField(_("form"), max_length=12, choices=Form.choices)
    edu = models.CharField(_("kind of education"), max_length=24, choices=Edu.choices)
    campaign = models.ForeignKey(
        StudyCampaign, models.SET_NULL, null=True, blank=True, related_name="events", verbose_name=_("campaign")
    )
    site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True, related_name="events", verbose_name=_("site"))
    film = models.CharField(_("film"), max_length=120, blank=True)
    lecturer = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="lectures", verbose_name=_("lecturer")
    )
    credit_hours = models.PositiveSmallIntegerField(_("class hours"), default=0)
    coach_from = models.ForeignKey(
        Location, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("coach leaves from")
    )
    coach_departs_at = models.DateTimeField(_("coach leaves at"), null=True, blank=True)
    coach_returns_at = models.DateTimeField(_("coach returns at"), null=True, blank=True)
    coach_step_free = models.BooleanField(_("coach without steps"), null=True, blank=True)

    class Meta:
        verbose_name = _("learning event")
        verbose_name_plural = _("learning events")
