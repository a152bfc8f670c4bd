"""The join form as a newcomer sends it, in the only neighbourhood there is."""

import re

import pytest

__all__ = ["only_neighbourhood"]

JOIN = "/accounts/join/"
CODE = "/accounts/join/code/"
NAME = "/accounts/join/name/"
HOME = "/lane-600/"


@pytest.fixture(autouse=True)
def only_neighbourhood(neighbourhood):
    return neighbourhood


def join(client, email="new@example.org", **more):
    return client.post(JOIN, {"email": email, **more})


def tell(client, name="王小明", **more):
    """Who is new says who they are, behind the right code."""
    return client.post(NAME, {"name": name, "agrees": "on", **more})


def come_in(client, mailoutbox, email="new@example.org", name="王小明", *, wanted="", **more):
    """All of it: address, code, and what a newcomer is asked. Returns the last answer."""
    join(client, email, next=wanted)
    found = re.search(r"\b\d{6}\b", mailoutbox[-1].body)
    assert found
    answer = client.post(CODE, {"code": found.group()})
    return tell(client, name, **more) if answer.url == NAME else answer
