"""Party organisations, their members and posts; committees, units and teams around them."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from people.models.neighbourhood import Compound, Neighbourhood
from people.models.person import Person


class PeriodQuerySet(models.QuerySet):
    """Rows that hold from ``since`` up to, not including, ``until``; both are days in Asia/Shanghai."""

    def on(self, day: date):
        return self.filter(
            models.Q(since=None) | models.Q(since__lte=day), models.Q(until=None) | models.Q(until__gt=day)
        )


class Period(models.Model):
    since = models.DateField(_("from"), null=True, blank=True)
    until = models.DateField(
        _("until"), null=True, blank=True, help_text=_("The first day on which it no longer holds.")
    )

    class Meta:
        abstract = True


class Superior(models.Model):
    neighbourhood = models.ForeignKey(
        Neighbourhood, models.CASCADE, related_name="superiors", verbose_name=_("residential area")
    )
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=40)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("superior body")
        verbose_name_plural = _("superior bodies")

    def __str__(self) -> str:
        return self.name


class PartyOrg(models.Model):
    class Kind(models.TextChoices):
        GENERAL_BRANCH = "general_branch", _("general branch")
        BRANCH = "branch", _("branch")
        GROUP = "group", _("group")

    neighbourhood = models.ForeignKey(
        Neighbourhood, models.CASCADE, related_name="party_orgs", verbose_name=_("residential area")
    )
    code = models.SlugField(_("code"))
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=80)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("belongs to")
    )
    superior = models.ForeignKey(
        Superior, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("superior body")
    )
    leader = models.ForeignKey(
        Person,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="leads_party_groups",
        verbose_name=_("group leader"),
    )
    area = models.ManyToManyField("people.Building", blank=True, related_name="+", verbose_name=_("area"))
    term_start = models.DateField(_("term began"), null=True, blank=True)
    term_years = models.PositiveSmallIntegerField(_("term, years"), null=True, blank=True)
    theme_day = models.CharField(_("theme Party day"), max_length=40, blank=True)
    founded_on = models.DateField(_("founded on"), null=True, blank=True)

    class Meta:
        verbose_name = _("Party organisation")
        verbose_name_plural = _("Party organisations")
        ordering = ["neighbourhood", "pk"]
        constraints = [models.UniqueConstraint(fields=["neighbourhood", "code"], name="party_org_code_unique")]

    def __str__(self) -> str:
        return self.name


class PartyMemberQuerySet(PeriodQuerySet):
    def of(self, org: PartyOrg):
        """Members of ``org``, whatever its level."""
        path = {
            PartyOrg.Kind.GROUP: "group",
            PartyOrg.Kind.BRANCH: "branch",
            PartyOrg.Kind.GENERAL_BRANCH: "branch__parent",
        }[PartyOrg.Kind(org.kind)]
        return self.filter(**{path: org})

    def expected_on(self, day: date):
        """M3: members on that day without the exempt; probationary members count."""
        return self.on(day).exclude(exempt_from__lte=day)


class PartyMember(Period):
    """Membership in a branch (and group) of the neighbourhood; a transfer ends one row and begins another."""

    class Status(models.TextChoices):
        FULL = "full", _("full member")
        PROBATIONARY = "probationary", _("probationary member")

    neighbourhood = models.ForeignKey(
        Neighbourhood, models.CASCADE, related_name="party_members", verbose_name=_("residential area")
    )
    person = models.ForeignKey(Person, models.CASCADE, related_name="party_memberships", verbose_name=_("person"))
    branch = models.ForeignKey(PartyOrg, models.PROTECT, related_name="members", verbose_name=_("branch"))
    group = models.ForeignKey(
        PartyOrg, models.PROTECT, null=True, blank=True, related_name="group_members", verbose_name=_("group")
    )
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.FULL)
    joined_party_on = models.DateField(_("joined the Party on"), null=True, blank=True)
    exempt_from = models.DateField(_("excused from attendance since"), null=True, blank=True)
    exempt_reason = models.CharField(_("reason"), max_length=80, blank=True)
    show_party_identity = models.BooleanField(_("shows membership in public"), default=False)

    objects = PartyMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("Party member")
        verbose_name_plural = _("Party members")
        ordering = ["branch", "person"]
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=models.Q(until=None), name="party_member_one_branch"),
        ]

    def __str__(self) -> str:
        return f"{self.person} ({self.branch})"


class Committee(models.Model):
    class Kind(models.TextChoices):
        RESIDENTS = "residents", _("residents' committee")
        OWNERS = "owners", _("owners' committee")

    neighbourhood = models.ForeignKey(
        Neighbourhood, models.CASCADE, related_name="committees", verbose_name=_("residential area")
    )
    code = models.SlugField(_("code"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=80)
    compound = models.ForeignKey(
        Compound, models.SET_NULL, null=True, blank=True, related_name="committees", verbose_name=_("compound")
    )
    subcommittees = models.JSONField(_("subcommittees"), default=list, blank=True)
    can_issue_certificates = models.BooleanField(_("may issue volunteer certificates"), default=False)
    term_start = models.DateField(_("term began"), null=True, blank=True)
    term_years = models.PositiveSmallIntegerField(_("term, years"), null=True, blank=True)

    class Meta:
        verbose_name = _("committee")
        verbose_name_plural = _("committees")
        constraints = [models.UniqueConstraint(fields=["neighbourhood", "code"], name="committee_code_unique")]

    def __str__(self) -> str:
        return self.name


class CommitteePost(Period):
    """A post in a Party organisation or a committee, as the local wording has it (书记, 主任 …)."""

    org = models.ForeignKey(
        PartyOrg, models.CASCADE, null=True, blank=True, related_name="posts", verbose_name=_("Party organisation")
    )
    committee = models.ForeignKey(
        Committee, models.CASCADE, null=True, blank=True, related_name="posts", verbose_name=_("committee")
    )
    person = models.ForeignKey(Person, models.CASCADE, related_name="posts", verbose_name=_("person"))
    post = models.CharField(_("post"), max_length=30)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(org=None, committee__isnull=False) | models.Q(org__isnull=False, committee=None),
                name="post_in_one_body",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.post}"


class PropertyCompany(models.Model):
    neighbourhood = models.ForeignKey(
        Neighbourhood, models.CASCADE, related_name="property_companies", verbose_name=_("residential area")
    )
    name = models.CharField(_("name"), max_length=80)
    compounds = models.ManyToManyField(
        Compound, blank=True, related_name="property_companies", verbose_name=_("looks after")
    )
    contact = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("contact")
    )

    class Meta:
        verbose_name = _("property company")
        verbose_name_plural = _("property companies")

    def __str__(self) -> str:
        return self.name


class PartnerUnit(models.Model):
    class Kind(models.TextChoices):
        SCHOOL = "school", _("school")
        HEALTH = "health", _("health service")
        ENTERPRISE = "enterprise", _("enterprise")
        INSTITUTION = "institution", _("institution")
        TWO_NEW = "two_new", _("new economic or social organisation")
        POLICE = "police", _("police")

    neighbourhood = models.ForeignKey(
        Neighbourhood, models.CASCADE, related_name="partner_units", verbose_name=_("residential area")
    )
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    party_body = models.CharField(_("Party organisation"), max_length=80, blank=True)
    contact = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("contact")
    )

    class Meta:
        verbose_name = _("partner unit")
        verbose_name_plural = _("partner units")

    def __str__(self) -> str:
        return self.name


class DualRegistration(models.Model):
    """An in-service member registered here too (双报到); no member of the neighbourhood's branches."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="dual_registrations", verbose_name=_("person"))
    unit = models.ForeignKey(PartnerUnit, models.CASCADE, related_name="dual_registrations", verbose_name=_("unit"))
    registered_on = models.DateField(_("registered on"))
    skills = models.JSONField(_("skills"), default=list, blank=True)
    service_times = models.CharField(_("service times"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("dual registration")
        verbose_name_plural = _("dual registrations")

    def __str__(self) -> str:
        return f"{self.person}, {self.unit}"


class Team(models.Model):
    neighbourhood = models.ForeignKey(
        Neighbourhood, models.CASCADE, related_name="teams", verbose_name=_("residential area")
    )
    code = models.SlugField(_("code"))
    name = models.CharField(_("name"), max_length=60)
    leader = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="leads_teams", verbose_name=_("leader")
    )
    founded_on = models.DateField(_("founded on"), null=True, blank=True)
    minors_allowed = models.BooleanField(_("minors may join"), default=False)
    intro = models.TextField(_("introduction"), blank=True)
    motto = models.CharField(_("motto"), max_length=80, blank=True)
    is_public = models.BooleanField(_("shown to the public"), default=True)

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["neighbourhood", "founded_on"]
        constraints = [models.UniqueConstraint(fields=["neighbourhood", "code"], name="team_code_unique")]

    def __str__(self) -> str:
        return self.name


class TeamMembership(Period):
    team = models.ForeignKey(Team, models.CASCADE, related_name="memberships", verbose_name=_("team"))
    person = models.ForeignKey(Person, models.CASCADE, related_name="team_memberships", verbose_name=_("person"))

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("team member")
        verbose_name_plural = _("team members")
        constraints = [
            models.UniqueConstraint(fields=["team", "person"], condition=models.Q(until=None), name="team_member_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.team}"
