"""Who sits at the staff pages in these tests, the Party's branches they may see or not, and the language of what is compared."""

import pytest
from django.utils import translation
from model_bakery import baker

from people.models import PartyOrg
from tests.staff import client_of, staff_user


@pytest.fixture
def english(client):
    """Sentences are compared in English, those of pages and those of operations."""
    client.cookies["django_language"] = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def coordinator(neighbourhood):
    return staff_user("volunteer_coordinator", neighbourhood)


@pytest.fixture
def desk(coordinator):
    return client_of(coordinator)


@pytest.fixture
def branches(neighbourhood):
    """Two branches with a group each: {code: the organisation}."""
    orgs = {}
    for code in ("br1", "br2"):
        branch = baker.make(PartyOrg, neighbourhood=neighbourhood, kind="branch", code=code, name=code)
        group = baker.make(
            PartyOrg, neighbourhood=neighbourhood, kind="group", code=f"{code}g", name=f"{code}g", parent=branch
        )
        orgs |= {code: branch, f"{code}g": group}
    return orgs
