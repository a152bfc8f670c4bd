"""Which sections of the files are loaded as what, and which wait for the issue that makes their records."""

from collections import Counter

from django.apps import apps

DELIBERATION = "topics"
PARTY = "Party records: speeches, votes, quorum, appraisal, heart talks, compliance"
ISSUES = "issues and illegal structures"
PARTNERS = "partner units: needs, resources, matches"
RECORDS = "open affairs, testimonies, honours, surveys and yearly views"
LEARNING = "learning: materials and reflections"

# {file: {section: the models its rows become}}; "choices" where they are the choices of a field in the code.
LOADED: dict[str, dict[str, list[str]]] = {
    "taxonomy": {
        "demo_today": ["settings.TRIAL_STARTS_AT"],
        "trial_clock": ["settings.TRIAL_STARTS_AT"],
        "themes": ["choices"],
        "governance_types": ["choices"],
        "education_types": ["choices"],
        "learning_forms": ["choices"],
        "study_campaigns": ["events.StudyCampaign"],
        "meeting_types": ["choices"],
        "deliberation_types": ["choices"],
        "project_stages": ["choices"],
        "absence_reasons": ["choices"],
        "minors_rules": ["choices"],
        "audiences": ["choices"],
        "consent_purposes": ["choices"],
        "signup_channels": ["choices"],
        "signup_statuses": ["choices"],
        "seasons": ["choices"],
        "feedback_channels": ["choices"],
        "feedback_dispositions": ["choices"],
    },
    "neighbourhood": {
        "neighbourhood": ["people.Neighbourhood"],
        "compounds": ["people.Compound"],
        "buildings": ["people.Building"],
        "places": ["people.Location"],
        "plan": ["projects.PlanPicture"],
    },
    "organisations": {
        "superiors": ["people.Superior"],
        "party": ["people.PartyOrg", "people.CommitteePost"],
        "residents_committee": ["people.Committee", "people.CommitteePost"],
        "owners_committees": ["people.Committee", "people.CommitteePost"],
        "property_companies": ["people.PropertyCompany"],
        "partner_units": ["people.PartnerUnit"],
        "teams": ["people.Team"],
        "dual_registration": ["people.DualRegistration"],
    },
    "people": {
        "notice": ["nothing: it says that everybody is made up"],
        "party_members": ["people.Person", "people.PartyMember"],
        "staff": ["people.Person"],
        "residents": ["people.Person"],
        "external": ["people.Person"],
        "minors": ["people.Person", "people.Guardianship"],
        "families": ["people.Family"],
        "demo_accounts": ["people.User", "people.RoleGrant", "account.EmailAddress", "mfa.Authenticator"],
    },
    "projects": {
        "projects": ["projects.Project", "projects.ProjectStage", "projects.ProjectRecord"],
        "works": ["projects.Work"],
    },
    "manholes": {
        "trail": ["projects.Trail", "projects.TrailPoint"],
        "checkins": ["projects.TrailWord"],
        "owner_consent_rule": ["projects.Project"],
        "covers": ["projects.Cover", "projects.CoverArtist", "projects.PiecePhoto"],
        "inspections": ["projects.CoverInspection", "projects.CoverRepaint"],
    },
    "wall": {
        "drafts": ["projects.DesignDraft", "projects.DraftImage", "projects.FeedbackRound"],
        "feedback": ["projects.Feedback"],
        "wall": ["projects.Wall"],
        "surveys": ["projects.WallSurvey"],
        "stages": ["projects.WallStage"],
        "panels": ["projects.WallPanel", "projects.PiecePhoto"],
        "oral_histories": ["projects.OralHistory"],
    },
    "garden": {
        "team": ["people.TeamMembership"],
        "monthly_meetings": ["community.Meeting", "community.Absence"],
        "duty": ["volunteers.Rota", "volunteers.Turn", "volunteers.Shift"],
        "beds": ["projects.Bed"],
        "plants": ["projects.Plant"],
        "plantings": ["projects.Planting"],
        "seasonal_plans": ["projects.SeasonPlan", "projects.PlantCandidate", "projects.SeasonBallot"],
        "adoptions": ["projects.Adoption"],
    },
    "garden_duty_log": {
        "entries": ["volunteers.Shift", "activities.Booking", "activities.SignUp", "volunteers.ServiceRecord"]
    },
    "meetings_2018_ledger": {"meetings": ["community.Meeting", "community.Absence"]},
    "meetings": {"details": ["community.Meeting"]},
    "hearings": {
        "deliberations": [
            "community.Deliberation",
            "community.Participant",
            "community.Side",
            "community.Opinion",
            "community.Option",
            "community.FollowUp",
        ]
    },
    "learning": {
        "sites": ["events.Site"],
        "events": ["events.LearningEvent"],
        "attendance": ["activities.Booking", "activities.SignUp"],
    },
    "volunteers": {
        "activities": ["volunteers.Shift", "activities.ActivityMove"],
        "bookings": ["activities.Booking", "activities.SignUp"],
        "consents": ["people.Consent"],
        "consent_default": ["people.Consent"],
        "activity_consents": ["activities.ActivityConsent"],
        "certificates": ["volunteers.Certificate", "volunteers.CertificateLine"],
        "next_time": ["volunteers.Interest"],
    },
    "service_records": {
        "records": [
            "activities.Booking",
            "activities.SignUp",
            "volunteers.ServiceRecord",
            "volunteers.ServiceCorrection",
        ]
    },
    "content": {
        "notices": ["community.Article", "projects.ProjectArticle"],
        "media": ["community.Article"],
        "photos": [
            "people.Photo",
            "people.PrivateFile",
            "people.PhotoPair",
            "projects.ProjectPhoto",
            "community.ArticlePhoto",
        ],
        "governance_tags": ["projects.ActivityGovernance"],
    },
}

# {file: {section: the area whose issue makes the records}}
LATER: dict[str, dict[str, str]] = {
    "taxonomy": {
        "issue_categories": ISSUES,
    },
    "hearings": {"topics_2019": DELIBERATION},
    "meetings": {"notes": PARTY},
    "learning": dict.fromkeys(["reflections", "materials"], LEARNING),
    "volunteers": {"recognitions": RECORDS},
    "issues": dict.fromkeys(["deadline_workdays", "reports", "illegal_structures", "needs"], ISSUES),
    "partners": dict.fromkeys(["needs", "resources", "matched", "pledges"], PARTNERS),
    "content": dict.fromkeys(["testimonies", "honours", "surveys"], RECORDS),
}

# {file: {section: {fields of a loaded section that have no column yet: their area}}}
PARTLY: dict[str, dict[str, dict[str, str]]] = {
    "meetings": {"details": {"speeches, votes, quorum, problems, appraisal, amendment": PARTY}},
    "meetings_2018_ledger": {"meetings": {"should_attend, attended, quorum": PARTY}},
    "garden": {"monthly_meetings": {"attended": PARTY}},
    "learning": {"events": {"governance, photos": RECORDS}, "sites": {"source": LEARNING}},
    "people": {"party_members": {"sex, roles, note": PARTY}, "minors": {"school_stage": "not kept (V6)"}},
    "content": {"photos": {"event": RECORDS}},
}

COUNTED = ("people", "activities", "community", "projects", "volunteers", "events", "account", "mfa")


def counts() -> Counter[str]:
    """{model: rows in the database}, of the portal's models and the accounts', history left out."""
    found: Counter[str] = Counter()
    for label in COUNTED:
        for model in apps.get_app_config(label).get_models():
            if not model.__name__.startswith("Historical") and (rows := model._default_manager.count()):
                found[model._meta.label] = rows
    return found


def size(content: object) -> int:
    return len(content) if isinstance(content, list) else 1


def later(content: dict[str, dict[str, object]]) -> dict[str, list[str]]:
    """{area: what of the files waits for it}, in words."""
    areas: dict[str, list[str]] = {}
    for file, sections in LATER.items():
        for section, area in sections.items():
            areas.setdefault(area, []).append(f"{file}.yaml {section} ({size(content[file][section])})")
    for file, partly in PARTLY.items():
        for section, fields in partly.items():
            for names, area in fields.items():
                areas.setdefault(area, []).append(f"{file}.yaml {section}: {names}")
    return areas


def told(content: dict[str, dict[str, object]]) -> str:
    """The report at the end of a load: what is there, and what is not yet."""
    lines = ["Loaded:"]
    lines += [f"  {rows:>5}  {model}" for model, rows in sorted(counts().items())]
    lines.append("In the files, but without a record of their own yet:")
    for area, parts in sorted(later(content).items()):
        lines.append(f"  {area}")
        lines += [f"      {part}" for part in parts]
    return "\n".join(lines)
