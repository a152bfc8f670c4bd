"""Loads the demo year into an empty database, in one transaction, with the clock held at the start of the trial."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from demo import schema
from demo.areas import (
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
from demo.areas.accounts import Account
from demo.context import Loading, sentence_of
from demo.source import FOLDER, DemoRefused, Files
from events.models import Site
from people.models import ConsentText, Neighbourhood, Person, User, opened
from portal import clock
from portal.refusals import Refusal

#: What a model, the database or an operation raises about a row; anything else is a fault of the loader, not of a file.
REFUSALS = (ValidationError, IntegrityError, KeyError, Refusal)


@dataclass(frozen=True)
class Loaded:
    files: Files
    accounts: list[Account]


def load(folder: Path = FOLDER) -> Loaded:
    """Raises DemoRefused, and writes nothing, when the database is not empty or a file is not as it should be."""
    refuse_unless_empty()
    files = schema.checked(folder)
    passwords = accounts.make_passwords(files)
    at = datetime.fromisoformat(files.section("taxonomy", "trial_clock")["starts_at"])
    demo = Loading(files, at)
    with clock.frozen(at), transaction.atomic(), opened():  # what was signed in that year is written as it stands
        refuse_unless_empty()
        try:
            made = load_all(demo, passwords)
        except REFUSALS as error:
            raise demo.refused(sentence_of(error, demo.reading.row)) from error
        analyse()
    return Loaded(files, made)


def load_all(demo: Loading, passwords: accounts.Passwords) -> list[Account]:
    """One area after the other, each with what it needs of those before it."""
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
    analyse()
    articles.load(demo)
    photos.load(demo)
    covers.load(demo)
    service.load_pieces(demo)
    plan.load(demo)
    trail.load(demo)
    return made


def analyse() -> None:
    """Tell PostgreSQL how full the tables are: it plans a question to them for minutes as if they were still empty."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def refuse_unless_empty() -> None:
    for model in (Neighbourhood, User, Person, ConsentText, Site):
        if model._default_manager.exists():
            raise DemoRefused(
                [
                    f"The database is not empty: it holds {model._meta.verbose_name_plural}. "
                    "The demo year is only loaded into an empty one."
                ]
            )
