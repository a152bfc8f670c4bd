import re
import time
from collections.abc import Callable

import pytest
from allauth.account.internal.userkit import user_id_to_str
from django.core.cache import cache
from django.test import Client
from django.utils import translation

from people.models import User


@pytest.fixture(autouse=True)
def english():
    """Words are compared in English; a request takes its language from this cookie-less client's header."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def fresh_rates():
    """Rate limits count in the cache, which tests of one process share."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def client() -> Client:
    client = Client(headers={"accept-language": "en"})
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def staff_client() -> Callable[[User], Client]:
    """A client of ``user`` whose session has given a time code, as the staff pages demand."""

    def make(user: User) -> Client:
        client = Client(headers={"accept-language": "en"})
        client.cookies["django_language"] = "en"
        client.force_login(user)
        session = client.session
        session["account_authentication_methods"] = [{"method": "mfa", "at": time.time(), "type": "totp"}]
        session["account_authentication_methods_user"] = user_id_to_str(user)
        session.save()
        return client

    return make


@pytest.fixture
def code_in() -> Callable[[str], str]:
    """The six digits of a mail."""

    def find(body: str) -> str:
        found = re.search(r"\b\d{6}\b", body)
        assert found, body
        return found.group()

    return find
