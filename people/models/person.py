"""Anyone the committee knows, account or not; families and guardians."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from people.models.account import User
from people.models.neighbourhood import Building, Neighbourhood
from people.models.person_keys import of_address, of_name, typed_as_one, wanted
from portal import names

ADULT = 18
OWN_DATA_CONSENT = 14


def known_adults(day: date, path: str = "") -> models.Q:
    """Rule V4 in the database, :meth:`Person.is_adult_on` in Python: the two ways in which the one rule is said.

    Birth date, a birth year that leaves no doubt, or the own declaration.  path: the lookup that leads to the person
    (``"person__"``).
    """
    year = day.year - ADULT
    try:
        born_by = day.replace(year=year)
    except ValueError:  # 29 February: whoever was born on 1 March is not yet
        born_by = date(year, 2, 28)
    birth_date, birth_year, declared = f"{path}birth_date", f"{path}birth_year", f"{path}declared_adult_at"
    return (
        models.Q(**{f"{birth_date}__lte": born_by})
        | models.Q(**{birth_date: None, f"{birth_year}__lt": year})
        | models.Q(**{birth_date: None, birth_year: None, f"{declared}__isnull": False})
    )


class NameKey(models.CharField):
    """What a name is compared by (portal.names.key): written whenever a row is, in bulk too."""

    def pre_save(self, model_instance, add):
        model_instance.name_key = names.key(model_instance.name)
        return model_instance.name_key


class PersonQuerySet(models.QuerySet["Person"]):
    def in_neighbourhood(self, neighbourhood: Neighbourhood):
        return self.filter(neighbourhood=neighbourhood)

    def found_by(self, term: str, *, by_name_only: bool = False):
        """Whom staff mean by what they typed (people.models.person_keys); one query, by an index. Nothing typed: everybody."""
        words, whole = wanted(term), typed_as_one(term)
        if not words:
            return self
        keys = PersonKey.objects.filter(of_name=True) if by_name_only else PersonKey.objects.all()
        meant = models.Q()
        for word in words:
            meant &= models.Q(pk__in=keys.filter(key__startswith=word).values("person"))
        if len(words) > 1 and whole:
            meant |= models.Q(pk__in=keys.filter(key__startswith=whole).values("person"))
        return self.filter(meant)

    def bulk_create(self, objs, *args, **kwargs):
        made = super().bulk_create(objs, *args, **kwargs)
        PersonKey.objects.bulk_create([key for person in made for key in person.keys_wanted()], ignore_conflicts=True)
        return made

    def update(self, **values) -> int:
        if isinstance(values.get("name"), str):
            values["name_key"] = names.key(values["name"])
        return super().update(**values)

    def called(self, name: str):
        """Whoever has this name, however it was written."""
        return self.filter(name_key=names.key(name))

    def living_records(self):
        return self.filter(anonymised_at=None)

    def wards_of(self, guardian: "Person"):
        """Whoever ``guardian`` may sign up as guardian, declared or confirmed."""
        return self.filter(guardianships_as_child__guardian=guardian, guardianships_as_child__ended_at=None).distinct()

    def adults_on(self, day: date):
        return self.filter(known_adults(day))

    def minors_on(self, day: date):
        """Everyone who is not known to be adult on ``day``."""
        return self.exclude(known_adults(day))


class Person(models.Model):
    """Age rules go by the day in question (V4); an unknown age counts as under 14 until adulthood is known."""

    class Channel(models.TextChoices):
        EMAIL = "email", _("e-mail")
        PHONE = "phone", _("phone")
        BUILDING_LEADER = "building_leader", _("told by the building leader")

    neighbourhood = models.ForeignKey(
        Neighbourhood, models.CASCADE, related_name="people", verbose_name=_("residential area")
    )
    user = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="people", verbose_name=_("account")
    )
    name = models.CharField(pgettext_lazy("of a person", "name"), max_length=60)
    name_key = NameKey(max_length=120, blank=True, editable=False, db_default="")
    nickname = models.CharField(_("nickname"), max_length=30, blank=True)
    birth_date = models.DateField(_("birth date"), null=True, blank=True)
    birth_year = models.PositiveSmallIntegerField(_("birth year"), null=True, blank=True)
    declared_adult_at = models.DateTimeField(_("declared to be 18 or over"), null=True, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    #: The address from which mails came back; while it is their address, nothing is sent there.
    bounced_address = models.EmailField(blank=True, default="", db_default="", editable=False)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    told_by_building_leader = models.BooleanField(_("told by the building leader"), default=False)
    building = models.ForeignKey(
        Building, models.SET_NULL, null=True, blank=True, related_name="people", verbose_name=_("building")
    )
    unit = models.ForeignKey(
        "people.PartnerUnit",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="people",
        verbose_name=_("partner unit"),
    )
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="zh-hans")
    note = models.CharField(_("note for staff"), max_length=200, blank=True)
    added_at = models.DateTimeField(_("added at"))
    #: No living record any more: made nameless, or gone into another (``merged_into``).
    anonymised_at = models.DateTimeField(_("anonymised at"), null=True, blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, editable=False, related_name="+", verbose_name=_("joined into")
    )

    objects = PersonQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["name_key"])

    # What some rows carry beside their columns.
    #: Read by the history: whose change the next save is, and why.
    _history_user: User | None
    _change_reason: str
    #: Of people/access/viewer.py: whether anything follows from asking, and what was found.
    has_circles: bool
    has_grants: bool
    known_circles: list[Any] | None
    #: Annotated for a household (activities/rules/family_members.py): whether the reader is their guardian.
    is_ward: bool

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["neighbourhood", "name"]
        indexes = [
            models.Index(fields=["neighbourhood", "name"], name="person_by_name"),
            models.Index(fields=["neighbourhood", "name_key"], name="person_by_name_key"),
            models.Index(fields=["neighbourhood", "email"], name="person_by_email"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["user", "neighbourhood"], name="person_one_per_user_and_neighbourhood"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, update_fields=None, **kwargs) -> None:
        if update_fields is not None and "name" in update_fields:
            update_fields = {*update_fields, "name_key"}
        super().save(*args, update_fields=update_fields, **kwargs)
        if update_fields is None or {"name", "nickname", "phone", "email"} & set(update_fields):
            self.write_keys()

    def keys_wanted(self) -> "list[PersonKey]":
        by_name = of_name(self.name, self.nickname)
        others = of_address(self.phone, self.email) - by_name
        pairs = [*((key, True) for key in sorted(by_name)), *((key, False) for key in sorted(others))]
        return [PersonKey(person=self, key=key, of_name=of_name) for key, of_name in pairs]

    def write_keys(self) -> None:
        """By what staff find this record; written when it is saved, so that looking for somebody computes nothing."""
        kept = {(row.key, row.of_name): row.pk for row in PersonKey.objects.filter(person=self.pk)}
        wanted = {(row.key, row.of_name): row for row in self.keys_wanted()}
        if gone := [pk for pair, pk in kept.items() if pair not in wanted]:
            PersonKey.objects.filter(pk__in=gone).delete()
        if new := [row for pair, row in wanted.items() if pair not in kept]:
            PersonKey.objects.bulk_create(new, ignore_conflicts=True)

    @property
    def channel(self) -> str:
        """How the committee reaches this person; "" when only through the family."""
        if self.email and self.email != self.bounced_address:
            return self.Channel.EMAIL
        if self.phone:
            return self.Channel.PHONE
        return self.Channel.BUILDING_LEADER if self.told_by_building_leader else ""

    @property
    def masked_name(self) -> str:
        """The family name with the rest starred (葛**), for lists that strangers might see."""
        return names.masked(self.name)

    def age_on(self, day: date) -> int | None:
        """Whole years on ``day``; by birth year alone the lowest age possible; None when nothing is known."""
        if self.birth_date:
            had_birthday = (day.month, day.day) >= (self.birth_date.month, self.birth_date.day)
            return day.year - self.birth_date.year - (not had_birthday)
        if self.birth_year:
            return day.year - self.birth_year - 1
        return None

    def oldest_age_on(self, day: date) -> int | None:
        """As :meth:`age_on`, but the highest age possible, for upper limits."""
        if self.birth_date or not self.birth_year:
            return self.age_on(day)
        return day.year - self.birth_year

    def is_adult_on(self, day: date) -> bool:
        """Known adult: birth date, a birth year that leaves no doubt, or the person's own declaration; see :func:`known_adults`."""
        age = self.age_on(day)
        return age >= ADULT if age is not None else self.declared_adult_at is not None

    def gives_own_data_consent_on(self, day: date) -> bool:
        """14 and over consent to their data themselves (V4)."""
        age = self.age_on(day)
        return age >= OWN_DATA_CONSENT if age is not None else self.declared_adult_at is not None


class PersonKey(models.Model):
    """One of the keys by which staff find a person: what they type is the beginning of one."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="search_keys")
    key = models.CharField(max_length=80, db_index=True)
    of_name = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="person_key_once")]

    def __str__(self) -> str:
        return self.key


class Family(models.Model):
    neighbourhood = models.ForeignKey(
        Neighbourhood, models.CASCADE, related_name="families", verbose_name=_("residential area")
    )
    members = models.ManyToManyField(Person, related_name="families", verbose_name=_("members"))

    class Meta:
        verbose_name = _("family")
        verbose_name_plural = _("families")

    def __str__(self) -> str:
        return "、".join(self.members.values_list("name", flat=True)) if self.pk else "–"


class Guardianship(models.Model):
    """``declared`` by the guardian is enough unless an activity demands ``confirmed`` (by staff or a second guardian)."""

    class State(models.TextChoices):
        DECLARED = "declared", _("declared")
        CONFIRMED = "confirmed", _("confirmed")
        REFUSED = "refused", _("unknown to the other guardian")  # ended by a confirmed guardian's no

    guardian = models.ForeignKey(Person, models.CASCADE, related_name="guardianships", verbose_name=_("guardian"))
    child = models.ForeignKey(Person, models.CASCADE, related_name="guardianships_as_child", verbose_name=_("child"))
    relation = models.CharField(_("relation"), max_length=20, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DECLARED)
    declared_at = models.DateTimeField(_("declared at"))
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("confirmed by")
    )
    confirmed_by_guardian = models.ForeignKey(
        Person,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("confirmed by another guardian"),
    )
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("guardianship")
        verbose_name_plural = _("guardianships")
        constraints = [
            models.UniqueConstraint(
                fields=["guardian", "child"], condition=models.Q(ended_at=None), name="guardianship_live_unique"
            ),
            models.CheckConstraint(condition=~models.Q(guardian=models.F("child")), name="guardianship_of_another"),
        ]

    def __str__(self) -> str:
        return f"{self.guardian} → {self.child}"


class PossibleDuplicate(models.Model):
    """Two records that may be one person; staff decide (people.operations.merging)."""

    class State(models.TextChoices):
        OPEN = "open", _("to be looked at")
        ASKED = "asked", _("waiting for a guardian's answer")
        AGREED = "agreed", _("the guardian said yes: to be joined")
        REFUSED = "refused", _("the guardian said no: to be looked at")
        DIFFERENT = "different", _("two different people")
        JOINED = "joined", _("joined into one")

    #: Staff have something to do; while a guardian is asked they wait.
    TO_DO = [State.OPEN, State.AGREED, State.REFUSED]

    person = models.ForeignKey(
        Person, models.CASCADE, related_name="possible_duplicates", verbose_name=_("newer record")
    )
    other = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name=_("older record"))
    reason = models.CharField(_("why"), max_length=120)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    noted_at = models.DateTimeField(_("noted at"))
    decided_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )

    class Meta:
        verbose_name = _("possible duplicate")
        verbose_name_plural = _("possible duplicates")
        constraints = [models.UniqueConstraint(fields=["person", "other"], name="possible_duplicate_once")]

    @property
    def why(self) -> str:
        """The reason in the reader's language."""
        return gettext(self.reason)

    def __str__(self) -> str:
        return f"{self.person} = {self.other}?"
