"""The join form as a newcomer sends it, in the only neighbourhood there is."""

import pytest

__all__ = ["only_neighbourhood"]

JOIN = "/accounts/join/"
CODE = "/accounts/join/code/"
HOME = "/lane-600/"


@pytest.fixture(autouse=True)
def only_neighbourhood(neighbourhood):
    return neighbourhood


def join(client, email="new@example.org", name="王小明", **more):
    return client.post(JOIN, {"name": name, "email": email, **more})
