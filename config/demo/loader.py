"""Loads the demo year into an empty database, in one transaction, with the clock held at the start of the trial."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction

from config.demo import validation
from config.demo.areas import (
    accounts,
    articles,
    consents,
    covers,
    drafts,
    garden,
    learning,
    meetings,
    organisations,
    people,
    photos,
    places,
    plan,
    projects,
    service,
    sign_ups,
    trail,
    volunteering,
    wall,
)
from config.demo.areas.accounts import Account
from config.demo.loading import Loading
from config.demo.source import FOLDER, DemoRefused, Files
from events.models import Site
from people.models import ConsentText, Neighbourhood, Person, User
from portal import clock


@dataclass(frozen=True)
class Loaded:
    files: Files
    accounts: list[Account]


def load(folder: Path = FOLDER) -> Loaded:
    """Raises DemoRefused, and writes nothing, when the database is not empty or a file is not as it should be."""
    refuse_unless_empty()
    files = validation.checked(folder)
    passwords = accounts.make_passwords(files)
    at = datetime.fromisoformat(files.section("taxonomy", "trial_clock")["starts_at"])
    demo = Loading(files, at)
    with clock.frozen(at), transaction.atomic():
        refuse_unless_empty()
        places.load(demo)
        organisations.load_units(demo)
        people.load(demo)
        organisations.load(demo)
        made = accounts.load(demo, passwords)
        consents.load(demo)
        people.confirm_guardians(demo)
        projects.load(demo)
        drafts.load(demo)
        learning.load(demo)
        meetings.load(demo)
        wall.load(demo)
        garden.load(demo)
        volunteering.load(demo)
        volunteering.load_next_time(demo)
        sign_ups.load(demo)
        volunteering.load_rota(demo)
        service.load(demo)
        articles.load(demo)
        photos.load(demo)
        covers.load(demo)
        service.load_pieces(demo)
        plan.load(demo)
        trail.load(demo)
        if connection.vendor == "postgresql":  # else it plans for minutes as if the tables were still empty
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
    return Loaded(files, made)


def refuse_unless_empty() -> None:
    for model in (Neighbourhood, User, Person, ConsentText, Site):
        if model._default_manager.exists():
            raise DemoRefused(
                [
                    f"The database is not empty: it holds {model._meta.verbose_name_plural}. "
                    "The demo year is only loaded into an empty one."
                ]
            )
