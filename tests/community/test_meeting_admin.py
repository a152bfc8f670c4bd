"""The meeting's own form on the staff pages: its type says who is expected, and a signed record stays."""

from datetime import timedelta

import pytest

from community.models import Meeting
from tests.activities.admin_pages import draft_form, meeting_of, page
from tests.activities.conftest import branches
from tests.conftest import NOW
from tests.staff import client_of, staff_user

__all__ = ["branches"]

pytestmark = pytest.mark.django_db


def test_the_type_of_a_meeting_says_who_is_expected(neighbourhood, branches):
    """M3: a committee meeting expects the post holders."""
    client = client_of(staff_user("party_admin", neighbourhood))
    data = {
        **draft_form(title="支委会", open_to=[]),
        "type": "branch_committee_meeting",
        "organisation": str(branches["br1"].pk),
        "visibility": "organisation",
        "agenda": "年度计划\n值班",
        "absences-TOTAL_FORMS": "0",
        "absences-INITIAL_FORMS": "0",
    }

    response = client.post(page("add", model="community_meeting"), data)
    wrong = client.post(page("add", model="community_meeting"), {**data, "organisation": str(branches["br1g"].pk)})

    meeting = Meeting.objects.get()
    assert response.status_code == 302
    assert (meeting.kind, meeting.post_holders_only, meeting.agenda) == ("meeting", True, ["年度计划", "值班"])
    assert "Only a branch holds this kind of meeting." in wrong.content.decode()


def test_a_signed_record_is_read_only(neighbourhood, branches, make_activity):
    """M8."""
    meeting = meeting_of(
        make_activity, branches["br1g"], record_state="signed", status="done", starts_at=NOW - timedelta(days=3)
    )
    client = client_of(staff_user("party_admin", neighbourhood))

    text = client.get(page("change", meeting.pk, model="community_meeting")).content.decode()

    assert "The record is signed and stays as it is." in text
    for name in ("agenda", "resolutions", "chair", "absences-0-person"):
        assert f'name="{name}"' not in text
