"""The ground floor is tried with the people above it: the same readers and the same mailbox."""

from tests.people.conftest import client, code_in, english, fresh_rates, staff_client

__all__ = ["client", "code_in", "english", "fresh_rates", "staff_client"]
