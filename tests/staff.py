"""Staff for tests: accounts with a role, and clients of theirs who have given their time code."""

import time

from allauth.account.internal.userkit import user_id_to_str
from django.forms import MultiWidget
from django.test import Client
from model_bakery import baker

from people.models import Neighbourhood, RoleGrant, User
from tests.conftest import NOW


def staff_user(role: str, neighbourhood: Neighbourhood, email: str = "", **scope) -> User:
    user = User.objects.create_user(email or f"{role}-{neighbourhood.slug}@example.org", is_staff=True)
    grant(user, role, neighbourhood, **scope)
    return user


def grant(user: User, role: str, neighbourhood: Neighbourhood, **scope) -> RoleGrant:
    return baker.make(RoleGrant, user=user, role=role, neighbourhood=neighbourhood, given_at=NOW, until=None, **scope)


def client_of(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.cookies["django_language"] = "en"
    sign_in(client, user)
    return client


def sign_in(client: Client, user: User) -> None:
    """With the time code, so that the roles of ``user`` count (S1)."""
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": time.time(), "type": "totp"}]
    session["account_authentication_methods_user"] = user_id_to_str(user)
    session.save()


def said(response) -> list[str]:
    """The messages on the page that a response leads to or shows."""
    from django.contrib.messages import get_messages

    return [str(message) for message in get_messages(response.wsgi_request)]


def save_page(client: Client, url: str, **changes):
    """Send what the staff page at ``url`` holds, with ``changes`` over it; a value of None leaves its field out."""
    page = client.get(url)
    assert page.status_code == 200, url
    forms = [page.context["adminform"].form]
    for wrapped in page.context["inline_admin_formsets"]:
        forms += [wrapped.formset.management_form, *wrapped.formset.forms]
    values: dict = {"opened": page.context.get("opened")}
    for bound in (field for form in forms for field in form):
        value, widget = bound.value(), bound.field.widget
        if isinstance(widget, MultiWidget):
            parts = widget.decompress(value)
            values |= {f"{bound.html_name}_{number}": part for number, part in enumerate(parts)}
        elif value is not False:
            values[bound.html_name] = value
    return client.post(url, {name: value for name, value in (values | changes).items() if value is not None})
