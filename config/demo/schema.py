"""What each section of each demo file must look like, and what the ids of its rows are called in references."""

from dataclasses import dataclass, replace

from config.demo.checks import (
    Check,
    boolean,
    clock_time,
    day,
    day_or_moment,
    days,
    email,
    hours,
    many,
    maybe,
    moment,
    moment_with_zone,
    number,
    one_of,
    percent,
    phone,
    record,
    ref,
    slug,
    table,
    text,
    totp_secret,
    whole,
)

FORMAT = 1  # schema_version of the files this portal reads


@dataclass(frozen=True)
class Section:
    """``kind``: what a reference to a row's id is called.  ``label``: the fields that name a row without an id."""

    check: Check
    kind: str = ""
    label: tuple[str, ...] = ("id",)
    unique_fields: tuple[str, ...] = ()
    is_list: bool = True

    def unique(self, *fields: str) -> "Section":
        return replace(self, unique_fields=fields)


def rows(kind: str, /, **fields: Check) -> Section:
    return Section(record(id=slug, **fields), kind)


def rows_without_id(*label: str, **fields: Check) -> Section:
    return Section(record(**fields), label=label)


def single(check: Check, kind: str = "") -> Section:
    return Section(check, kind, is_list=False)


def vocabulary(kind: str, **fields: Check) -> Section:
    return rows(kind, name=text(40), **fields)


person = ref("person")
month = whole(1, 12)
people = many(person)
place = ref("place")
absences = many(record(person=person, reason=ref("absence reason")))
post = record(person=person, post=text(30))
light = one_of("全日照", "半日照", "散射光")
seats = whole(1, 500)
sex = one_of("女", "男")
tally = {"for": whole(), "against": whole(), "abstain": whole()}
recruitment_window = {"signup_until__": moment, "cancel_until__": moment, "capacity__": seats}
contact = {"email__": email, "phone__": phone, "contact__": one_of("building_leader"), "note__": text(200)}
someone = {"name": text(60), "sex": sex, "birth_year": whole(1900, 2018)}
roles = many(text(30))
anything_with_id = ref(
    "activity",
    "event",
    "deliberation",
    "project",
    "draft",
    "wall stage",
    "residents' committee",
    "match",
    "recognition",
)
follow_ups = many(record(task=text(200), owner=person, due=day, done=maybe(day)))
scope = record(data=boolean, service=boolean, record=boolean, photo=boolean, nickname=boolean)
version = ref("consent text")
ACCOUNT_ROLES = (
    "party_admin", "committee_admin", "branch_secretary", "volunteer_coordinator", "editor", "issue_handler",
    "system_admin", "team_leader", "building_leader", "owners_committee", "partner_unit", "resident",
)  # fmt: skip
# The words that a guardian or a resident agrees to are written in texts.py, not in the files.
CONSENT_TEXTS = ("居民告知书 1.0", "监护人告知书 1.0")

SECTIONS: dict[str, dict[str, Section]] = {
    "taxonomy.yaml": {
        "demo_today": single(day),
        "trial_clock": single(record(starts_at=moment_with_zone, timezone=one_of("Asia/Shanghai"))),
        "themes": vocabulary("theme"),
        "governance_types": vocabulary("governance type", hint=text(60)),
        "education_types": vocabulary("education type"),
        "learning_forms": vocabulary("learning form"),
        "study_campaigns": vocabulary("campaign"),
        "meeting_types": vocabulary(
            "meeting type",
            body=one_of("branch", "group", "general_branch", "team"),
            period=one_of("month", "quarter", "year"),
            min_count=whole(1, 12),
            preferred_quarter__=whole(1, 4),
            note__=text(),
        ),
        "deliberation_types": vocabulary("deliberation type", when=text(40), notice_days=whole(0, 60)),
        "feedback_channels": vocabulary("feedback channel"),
        "feedback_dispositions": vocabulary("disposition"),
        "project_stages": vocabulary("stage", requires__=many(ref("stage"))),
        "absence_reasons": vocabulary("absence reason"),
        "issue_categories": vocabulary("issue category", confidential_reporter__=boolean),
        "seasons": vocabulary("season", months=many(month, least=3)),
        "minors_rules": vocabulary("minors rule"),
        "audiences": vocabulary("audience"),
        "consent_purposes": vocabulary("consent purpose"),
        "signup_channels": vocabulary("sign-up channel"),
        "signup_statuses": vocabulary("sign-up status", holds_seat=boolean),
    },
    "neighbourhood.yaml": {
        "neighbourhood": single(
            record(
                id=slug,
                name=text(80),
                subdistrict=text(40),
                district=text(40),
                slogan=text(80),
                goals=many(text(20)),
                intro=text(),
            ),
            "neighbourhood",
        ),
        "compounds": rows(
            "compound",
            name=text(60),
            kind=text(40),
            built_year=whole(1840, 2018),
            households=whole(1),
            feature=text(),
            has_owners_committee=boolean,
        ),
        "buildings": rows(
            "building",
            compound=ref("compound"),
            name=text(40),
            floors=whole(1, 100),
            households=whole(1),
            leader=person,
        ),
        "plan": single(
            record(id=slug, title=text(80), notice=text(200), image=text(80), aspect=text(10), text_alternative=text())
        ),
        "places": rows(
            "place",
            name=text(80),
            kind=one_of("gate", "road", "wall", "garden", "room", "board", "facility", "external"),
            x=maybe(percent),
            y=maybe(percent),
            step_free=maybe(boolean),
            note__=text(200),
            capacity__=seats,
        ),
    },
    "organisations.yaml": {
        "superiors": rows("superior", name=text(80), kind=text(40), note__=text(200)),
        "party": rows(
            "Party organisation",
            kind=one_of("general_branch", "branch", "group"),
            name=text(80),
            parent=ref("Party organisation", "superior"),
            leader__=person,
            committee__=many(post, least=1),
            area__=many(ref("building")),
            theme_day__=text(40),
            term_start__=day,
            term_years__=whole(1, 10),
        ),
        "residents_committee": single(
            record(
                id=slug,
                name=text(80),
                members=many(post),
                subcommittees=many(text(20)),
                can_issue_volunteer_certificate=boolean,
            ),
            "residents' committee",
        ),
        "owners_committees": rows(
            "owners' committee",
            name=text(80),
            compound=ref("compound"),
            term_start=day,
            term_years=whole(1, 10),
            members=many(post, least=1),
        ),
        "property_companies": rows(
            "property company", name=text(80), serves=many(ref("compound"), least=1), manager=person
        ),
        "partner_units": rows(
            "partner unit",
            name=text(80),
            kind=one_of("school", "health", "enterprise", "institution", "two_new", "police"),
            party_body=text(80),
            contact=person,
        ),
        "teams": rows(
            "team",
            name=text(60),
            kind=one_of("volunteer"),
            leader=person,
            founded=day,
            minors_allowed=boolean,
            intro=text(),
        ),
        "dual_registration": rows_without_id(
            "person",
            person=person,
            unit=ref("partner unit"),
            registered=day,
            skills=many(text(20)),
            service_times=text(60),
        ).unique("person"),
    },
    "people.yaml": {
        "notice": single(text()),
        "party_members": rows(
            "person",
            **someone,
            **contact,
            org=ref("Party organisation"),
            group=ref("Party organisation"),
            building=ref("building"),
            status=one_of("full", "probationary"),
            joined=day,
            roles=roles,
            show_party_identity__=boolean,
            exempt__=text(80),
            exempt_from__=day,
        ).unique("email", "phone"),
        "staff": rows(
            "person",
            **someone,
            **contact,
            post=text(60),
            account_role=one_of(*ACCOUNT_ROLES),
        ).unique("email", "phone"),
        "residents": rows("person", **someone, **contact, building=ref("building"), roles=roles).unique(
            "email", "phone"
        ),
        "external": rows(
            "person",
            **someone,
            **contact,
            unit=ref("partner unit", "property company"),
            roles=roles,
        ).unique("email", "phone"),
        "minors": rows(
            "person",
            name=text(60),
            nickname=text(30),
            sex=sex,
            birth=day,
            guardian=person,
            school_stage=one_of("小学", "初中", "高中"),
        ),
        "families": rows("family", members=many(person, least=2)),
        "demo_accounts": rows_without_id(
            "email",
            email=email,
            person=person,
            account_role=one_of(*ACCOUNT_ROLES),
            staff=boolean,
            totp_secret__=totp_secret,
            note__=text(),
            scope__=ref("Party organisation", "team", "building", "owners' committee", "partner unit"),
        ).unique("email", "person"),
    },
    "projects.yaml": {
        "projects": rows(
            "project",
            title=text(80),
            tagline=text(120),
            umbrella=text(60),
            pilot=boolean,
            proposed_by=record(kind=one_of("party_org", "team"), ref=ref("Party organisation", "team")),
            lead=ref("Party organisation", "team", "residents' committee"),
            partners=many(ref("partner unit", "property company", "owners' committee", "residents' committee")),
            governance=many(ref("governance type")),
            themes=many(ref("theme")),
            places=many(place),
            decided_by=ref("deliberation"),
            derived_from=maybe(ref("project")),
            stages=many(
                record(stage=ref("stage"), start=day, end=maybe(day), requires__=many(ref("stage")), note=text(200)),
                least=1,
            ),
            skipped__=table(ref("stage"), text(200)),
            budget=record(source=text(80), approved=number(), spent=number(), published=day),
            result=text(),
        ),
        "works": rows(
            "work", project=ref("project"), title=text(80), place=place, done=day, before=text(), after=text()
        ),
    },
    "manholes.yaml": {
        "trail": single(
            record(
                id=slug,
                name=text(60),
                places=many(place),
                steps=whole(1, 100),
                walk_minutes=whole(1, 600),
                wheelchair=boolean,
                rule=text(),
            )
        ),
        "owner_consent_rule": single(text()),
        "covers": rows(
            "cover",
            code=text(10),
            utility=one_of("雨水", "污水", "通信"),
            mark=text(20),
            owner=text(60),
            diameter_cm=whole(30, 120),
            theme=ref("theme"),
            title=text(60),
            artists=people,
            painted=day,
            x=percent,
            y=percent,
            message=text(),
            before_alt=text(200),
            after_alt=text(200),
        ).unique("code"),
        "inspections": rows_without_id(
            "cover",
            "date",
            cover=ref("cover"),
            date=day,
            by=person,
            condition=one_of("good", "faded", "loose"),
            note=text(),
            action__=text(),
        ),
        "checkins": rows_without_id("cover", "date", cover=ref("cover"), date=day, nickname=text(30), words=text(200)),
    },
    "wall.yaml": {
        "wall": single(
            record(
                id=slug,
                place=place,
                project=ref("project"),
                length_m=number(),
                height_m=number(),
                owner=text(),
                oc_consent=day,
            )
        ),
        "surveys": rows(
            "survey",
            date=day,
            by=people,
            findings=many(text()),
            last_maintained__=text(),
            risk=one_of("低", "中", "高"),
            advice=text(),
        ),
        "stages": rows(
            "wall stage",
            order=whole(1, 20),
            step=one_of("repair", "plaster", "dry", "base_coat", "paint", "seal"),
            project_stage=ref("stage"),
            name=text(40),
            start=day,
            end=day,
            who=one_of("adults_only", "mixed", "none"),
            minors=ref("minors rule"),
            min_days__=whole(1, 100),
            note=text(),
        ),
        "drafts": rows(
            "draft",
            version=whole(1, 20),
            date=day,
            author=person,
            kind=one_of("初稿", "修改稿", "定稿"),
            summary=text(),
            files=many(text(80)),
            based_on__=ref("draft"),
            approved_by__=ref("deliberation"),
            published__=days,
        ),
        "feedback": rows(
            "feedback",
            draft=ref("draft"),
            date=day,
            channel=ref("feedback channel"),
            by=maybe(person),
            text=text(),
            disposition=ref("disposition"),
            reply=text(),
            in_version__=whole(1, 20),
            replied=day,
        ),
        "panels": rows(
            "panel",
            code=text(10),
            order=whole(1, 50),
            title=text(60),
            theme=ref("theme"),
            fact_check=one_of("sourced", "memory", "fictional"),
            history_year__=whole(1800, 2018),
            sources__=many(text(), least=1),
            narrator__=person,
            x=percent,
            y=percent,
            artists=people,
            story=text(),
            alt=text(200),
        ).unique("code", "order"),
        "oral_histories": rows(
            "oral history",
            narrator=person,
            date=day,
            interviewers=people,
            minutes=whole(1, 600),
            consent=text(),
            topics=many(text(40)),
        ),
    },
    "garden.yaml": {
        "team": single(record(ref=ref("team"), leader=person, founded=day, motto=text(80), members=people)),
        "beds": rows(
            "bed",
            code=text(10),
            name=text(40),
            length_m=number(),
            width_m=number(),
            light=light,
            wall_panel=ref("panel"),
            keepers=people,
            x=percent,
            y=percent,
            for_children__=boolean,
            note__=text(),
        ).unique("code"),
        "plants": rows(
            "plant",
            name=text(40),
            latin=text(80),
            kind=text(20),
            plant=many(month, least=1),
            show=many(month, least=1),
            light=light,
            care=text(),
            toxic=boolean,
        ).unique("latin"),
        "plantings": rows_without_id(
            "bed",
            "plant",
            bed=ref("bed"),
            plant=ref("plant"),
            quantity=whole(1),
            planted=day,
            donor=maybe(ref("partner unit")),
            condition=text(),
        ),
        "seasonal_plans": rows(
            "season plan",
            season=ref("season"),
            year=whole(2000, 2100),
            status=one_of("voting", "approved", "planted"),
            decided_at__=ref("deliberation"),
            warn__=text(),
            items__=many(record(bed=ref("bed"), plants=many(ref("plant"), least=1))),
            plant_by__=day,
            budget__=number(),
            candidates__=many(
                record(
                    plant=ref("plant"),
                    beds=many(ref("bed"), least=1),
                    proposed_by=person,
                    votes=whole(),
                    unit_price=number(),
                    warn__=text(),
                )
            ),
        ),
        "monthly_meetings": rows(
            "meeting",
            date=day,
            time=hours,
            place=place,
            chair=person,
            recorder__=person,
            attended__=whole(),
            absent__=absences,
            agenda=many(text(120)),
            decisions__=many(text(200)),
            planned__=boolean,
            open_to__=many(ref("audience"), least=1),
            minors__=ref("minors rule"),
            people_needed__=whole(1),
            capacity__=seats,
            signup_until__=moment,
            note__=text(),
        ),
        "duty": single(
            record(
                start_time=clock_time,
                winter_start_time=clock_time,
                winter_from=day,
                duration_minutes=whole(1, 600),
                tasks=many(text(60)),
                weekly=many(record(weekday=whole(0, 6), members=people)),
                substitutes=people,
            )
        ),
        "adoptions": rows_without_id(
            "bed",
            "family",
            **{"bed": ref("bed"), "family": ref("family"), "from": day, "to": day, "card_name": text(30)},
        ),
    },
    "garden_duty_log.yaml": {
        "entries": rows_without_id(
            "date",
            date=day,
            start=clock_time,
            rostered=people,
            present=people,
            status=one_of("done", "swapped", "partial", "missed", "pending"),
            minutes=whole(0, 600),
            note=maybe(text(200)),
        ).unique("date"),
    },
    "hearings.yaml": {
        "deliberations": rows(
            "deliberation",
            type=ref("deliberation type"),
            title=text(80),
            date=day,
            time=hours,
            place=place,
            chair=person,
            recorder=person,
            convener__=ref("residents' committee"),
            led_by__=ref("Party organisation"),
            notice=record(
                published=day,
                channels=many(one_of("board", "wechat_group", "official_account"), least=1),
                items=many(text(), least=1),
            ),
            topic_source__=record(kind=one_of("party_org", "team"), ref=ref("Party organisation", "team"), note=text()),
            discussed_by__=many(ref("meeting")),
            project__=ref("project"),
            also_covers__=many(ref("project")),
            composition__=table(text(), whole()),
            groups__=table(
                one_of(
                    "party_members",
                    "residents",
                    "building_leaders",
                    "owners_committee",
                    "property",
                    "partner_units",
                    "observers",
                ),
                people,
            ),
            should_attend=whole(1),
            attended=whole(),
            voters__=whole(),
            absent__=absences,
            observers__=people,
            opinions__=many(
                record(by=person, stance=one_of("support", "concern", "oppose"), text=text(), reply=text())
            ),
            options_voted__=many(
                record(option=text(), **tally, web__=record(**tally), by_group__=table(text(), record(**tally)))
            ),
            resolutions__=many(record(item=text(), **tally)),
            appraisal_of_committee__=record(satisfied=whole(), basically=whole(), unsatisfied=whole()),
            ratings__=record(very_satisfied=whole(), satisfied=whole(), neutral=whole(), unsatisfied=whole()),
            parties__=many(record(name=text(), representative=person)),
            mediator__=person,
            agreement__=text(),
            signed_by__=people,
            decision__=text(),
            follow_ups__=follow_ups,
            published=day,
        ),
        "topics_2019": rows(
            "topic", title=text(80), by=person, submitted=day, seconds=whole(), status=one_of("open", "screening")
        ),
    },
    "meetings_2018_ledger.yaml": {
        "meetings": rows(
            "meeting",
            org=ref("Party organisation"),
            type=ref("meeting type"),
            date=day,
            time=hours,
            place=place,
            chair=person,
            recorder=person,
            topic=text(100),
            should_attend=whole(1),
            attended__=whole(),
            absent=absences,
            status=one_of("signed", "planned"),
            recorded_at=maybe(day),
            event__=ref("event"),
            quorum__=boolean,
        ),
    },
    "meetings.yaml": {
        "notes": single(record(ordinary_vote=text(), written_vote=text(), probationary=text())),
        "details": rows_without_id(
            "ledger",
            ledger=ref("meeting"),
            agenda=many(text(120), least=1),
            resolutions__=many(text(200)),
            speeches__=many(record(person=person, text=text())),
            votes__=record(
                **tally,
                eligible=whole(1),
                present=whole(),
                written__=whole(),
                ballot__=one_of("secret"),
                passed__=boolean,
            ),
            quorum__=record(eligible=whole(1), present=whole(), required=whole(), met=boolean),
            written_opinions__=many(record(person=person, submitted=day, position=one_of("for", "against", "abstain"))),
            amended__=record(at=day, by=person, reason=text()),
            photos__=many(ref("photo")),
            lecturer__=person,
            credit_hours__=whole(0, 20),
            heart_talks__=record(done=whole(), expected=whole()),
            problems__=many(record(text=text(), measure=text(), owner=person, due=day)),
            ballots__=record(issued=whole(), returned=whole(), valid=whole()),
            results__=record(excellent=whole(), qualified=whole(), basically_qualified=whole(), unqualified=whole()),
            excellent_cap__=whole(),
            excellent_members__=people,
            visibility__=one_of("branch_only"),
        ).unique("ledger"),
    },
    "learning.yaml": {
        "sites": rows(
            "site",
            name=text(80),
            name_in_2018__=text(80),
            district=text(20),
            address=text(120),
            closed_weekday=maybe(whole(0, 6)),
            open__=hours,
            booking=boolean,
            source=one_of("found", "general"),
        ).unique("name"),
        "events": rows(
            "event",
            date=day,
            time=hours,
            title=text(120),
            form=ref("learning form"),
            edu=ref("education type"),
            campaign__=ref("campaign"),
            place__=place,
            site__=ref("site"),
            lecturer__=person,
            film__=text(120),
            open_to=many(ref("audience"), least=1),
            minors=ref("minors rule"),
            credit_hours=whole(0, 20),
            governance__=many(ref("governance type")),
            photos__=many(ref("photo")),
            note__=text(),
            planned__=boolean,
            signup_from__=moment,
            **recruitment_window,
            transport__=record(
                **{
                    "kind": text(20),
                    "seats": seats,
                    "from": place,
                    "departs": clock_time,
                    "returns": clock_time,
                    "step_free": boolean,
                }
            ),
        ),
        "attendance": rows_without_id(
            "event",
            event=ref("event"),
            members=people,
            residents__=people,
            minors__=people,
            external__=people,
        ).unique("event"),
        "reflections": rows_without_id(
            "event", "person", event=ref("event"), person=person, date=day, public=boolean, text=text()
        ),
        "materials": rows("material", title=text(80), campaign=ref("campaign"), kind=one_of("outline", "checklist")),
    },
    "volunteers.yaml": {
        "activities": rows(
            "activity",
            project=maybe(ref("project")),
            team=ref("team"),
            title=text(120),
            text__=text(),
            date=day,
            time=hours,
            place=place,
            people_needed=whole(1),
            open_to=many(ref("audience"), least=1),
            minors=ref("minors rule"),
            min_age__=whole(0, 120),
            max_age__=whole(0, 120),
            risks=text(300),
            safeguards=text(300),
            bring__=text(160),
            insurance=boolean,
            recruit_from=day,
            **recruitment_window,
            recurring__=one_of("daily"),
            invite_first__=ref("activity"),
            promotion__=one_of("auto", "offer"),
            open__=boolean,
            status__=one_of("cancelled"),
            cancelled__=record(at=moment, by=person, reason=text(120)),
            revision__=whole(1, 100),
            moved__=many(
                record(at=moment, by=person, reason=text(120), old=record(date=day, time=hours, place=place)), least=1
            ),
        ),
        "bookings": rows(
            "booking",
            activity=ref("activity", "event", "meeting"),
            made_by=person,
            channel=ref("sign-up channel"),
            at=moment,
            entered_by__=person,
            offered_at__=moment,
            offer_until__=moment,
            answered_at__=moment,
            note__=text(200),
            people=many(
                record(
                    person=person,
                    status=ref("sign-up status"),
                    companion__=person,
                    cancelled_at__=moment,
                    reason__=text(120),
                    seen_revision__=whole(1, 100),
                    transport__=one_of("bus", "own"),
                ),
                least=1,
            ),
        ),
        "consents": rows_without_id(
            "person",
            person=person,
            given_by=person,
            given=day,
            scope=scope,
            version=version,
            self_consent__=day,
            withdrawn__=table(ref("consent purpose"), day),
        ).unique("person"),
        "consent_default": single(record(scope=scope, given=day, channel=ref("sign-up channel"), version=version)),
        "activity_consents": rows_without_id(
            "activity",
            "booking",
            activity=ref("activity", "event"),
            booking__=ref("booking"),
            channel=ref("sign-up channel"),
            sheet__=text(60),
            at__=day_or_moment,
            asked_at__=moment,
            entered_by__=person,
            given=table(person, person),
            pending__=table(person, person),
        ),
        "certificates": rows(
            "certificate",
            number=text(30),
            person=person,
            requested=day,
            issued=maybe(day),
            issuer=ref("residents' committee"),
            handler=person,
            responsible=person,
            period=days,
            purpose=text(),
            verify_code=maybe(text(20)),
            records__=many(ref("service record"), least=1),
            total_minutes__=whole(),
            hours__=number(),
            status=one_of("issued", "reviewing", "void"),
        ).unique("number"),
        "next_time": rows_without_id(
            "person", person=person, project__=ref("project"), team__=ref("team"), since=moment
        ),
        "recognitions": rows(
            "recognition", date=day, title=text(80), person__=person, team__=ref("team"), public=boolean, note__=text()
        ),
    },
    "service_records.yaml": {
        "records": rows(
            "service record",
            activity=ref("activity"),
            person=person,
            date=day,
            minutes=maybe(whole(0, 1440)),
            hours=maybe(number()),
            method=one_of("qr", "sheet", "self_report", "roster"),
            confirmed_by=maybe(person),
            status=one_of("confirmed", "pending", "rejected", "corrected"),
            issue__=text(),
            correction__=record(by=person, at=day, reason=text(), old_minutes=whole()),
            **{"in": clock_time, "out": maybe(clock_time), "break": whole(0, 600)},
        ),
    },
    "issues.yaml": {
        "deadline_workdays": single(
            record(consult=whole(), review=whole(), normal=whole(), complex=whole(), urgent_hours=whole())
        ),
        "reports": rows(
            "issue",
            category=ref("issue category"),
            level=one_of("consult", "review", "normal", "complex", "urgent"),
            title=text(80),
            place=maybe(text(80)),
            building=maybe(ref("building")),
            reporter=person,
            anonymous_public=boolean,
            at=moment,
            handler=person,
            assignee=ref("person", "property company", "residents' committee", "superior"),
            status=one_of(
                "submitted", "accepted", "assigned", "in_progress", "transferred", "resolved", "closed", "reopened"
            ),
            made_safe_at__=moment,
            resolved__=moment,
            result=maybe(text()),
            rating=maybe(whole(1, 5)),
            extended_to__=day,
            due__=day,
            overdue__=boolean,
            linked_project__=ref("project"),
            linked_cover__=ref("cover"),
            linked_deliberation__=ref("deliberation"),
            linked_work__=ref("work"),
            reopened__=many(record(first_resolved=moment, at=moment, by=person, reason=text())),
            transferred__=record(to=ref("superior"), at=moment),
        ),
        "illegal_structures": rows(
            "illegal structure",
            building=ref("building"),
            kind=text(40),
            public_label=text(60),
            found=day,
            closed=boolean,
            next__=text(),
            steps=many(
                record(
                    step=one_of("found", "dissuaded", "reported", "ordered", "self_removed", "enforced", "verified"),
                    date=day,
                ),
                least=1,
            ),
        ),
        "needs": rows("resident's need", date=day, by=person, text=text(), reply=text(), replied=day, done=maybe(day)),
    },
    "partners.yaml": {
        "needs": rows(
            "need",
            by=ref("residents' committee", "team", "partner unit"),
            title=text(80),
            when=text(40),
            status=one_of("open", "matched"),
        ),
        "resources": rows("resource", by=ref("partner unit"), title=text(80), available=text(40)),
        "matched": rows(
            "match",
            need=ref("need"),
            resource=ref("resource"),
            unit=ref("partner unit"),
            project=ref("project"),
            signed=day,
            done=day,
            result=text(),
            rating=whole(1, 5),
        ),
        "pledges": rows_without_id("unit", "year", unit=ref("partner unit"), year=whole(2000, 2100), text=text()),
    },
    "content.yaml": {
        "notices": rows(
            "notice",
            kind=one_of("notice", "affairs", "activity"),
            title=text(120),
            published=day,
            ref=maybe(anything_with_id),
            public_until=maybe(day),
            body=text(),
        ),
        "testimonies": rows(
            "testimony", by=person, date=day, public=boolean, consent__=one_of("self_and_guardian"), text=text()
        ),
        "honours": rows("honour", date=day, title=text(80), awarded_by=text(80), project=ref("project")),
        "media": rows("media report", date=day, outlet=text(80), title=text(120), author=person, kind=text(40)),
        "surveys": rows(
            "survey form",
            title=text(80),
            opened=day,
            closed=day,
            responses=whole(),
            questions=many(record(q=text(), options=table(text(), whole())), least=1),
        ),
        "governance_tags": rows_without_id(
            "target", target=anything_with_id, tags=many(ref("governance type"), least=1)
        ).unique("target"),
        "photos": rows(
            "photo",
            date=day,
            caption=text(200),
            alt=text(200),
            people=people,
            has_minors__=boolean,
            event__=ref("event"),
            activity__=ref("activity"),
            project__=ref("project"),
            pair__=ref("photo"),
        ),
    },
}
