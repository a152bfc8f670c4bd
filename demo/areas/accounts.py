"""The demo accounts: a password made by chance, a second factor for staff, a role with its scope."""

import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.hashers import make_password

from demo.context import Loading
from demo.source import Files
from people.models import Person, RoleGrant, User

Passwords = dict[str, tuple[str, str]]  # {e-mail: (password, its hash)}
RESIDENT = "resident"  # everyone's role, which needs no grant


@dataclass(frozen=True)
class Account:
    """What a visitor of the trial needs to log in; the secret and its address are "" without a second factor."""

    email: str
    name: str
    role: str
    scope: str
    note: str
    password: str
    totp_secret: str
    totp_address: str


def make_passwords(files: Files) -> Passwords:
    """{e-mail: (password, its hash)}. Hashing is slow by design, so it is done on all cores and outside the transaction."""
    emails = [row["email"] for row in files.section("people", "demo_accounts")]
    passwords = [secrets.token_urlsafe(12) for _email in emails]
    with ThreadPoolExecutor() as pool:
        hashes = list(pool.map(make_password, passwords))
    return dict(zip(emails, zip(passwords, hashes, strict=True), strict=True))


def load(demo: Loading, passwords: Passwords) -> list[Account]:
    accounts = []
    for row in demo.rows("people", "demo_accounts"):
        password, hashed = passwords[row["email"]]
        user = demo.keep(User(email=row["email"], password=hashed, is_staff=row["staff"]))
        person = demo.people[row["person"]]
        person.user = user
        Person.objects.filter(pk=person.pk).update(user=user)
        demo.users[row["person"]] = user
        demo.keep(EmailAddress(user=user, email=user.email, verified=True, primary=True))
        secret = row.get("totp_secret", "")
        if secret:
            TOTP.activate(user, secret)
        grant = grant_of(demo, user, row["account_role"], row.get("scope"))
        accounts.append(
            Account(
                email=user.email,
                name=person.name,
                role=row["account_role"],
                scope=str(getattr(grant, RoleGrant.SCOPES.get(grant.role, ""), None) or "") if grant else "",
                note=row.get("note", ""),
                password=password,
                totp_secret=secret,
                totp_address=get_adapter().build_totp_url(user, secret) if secret else "",
            )
        )
    return accounts


def grant_of(demo: Loading, user: User, role: str, scope: str | None) -> RoleGrant | None:
    if role == RESIDENT:
        return None
    grant = RoleGrant(user=user, neighbourhood=demo.neighbourhood, role=role, given_at=demo.at)
    match RoleGrant.SCOPES.get(role), scope:
        case "org", str(key):
            grant.org = demo.orgs[key]
        case "team", str(key):
            grant.team = demo.teams[key]
        case "building", str(key):
            grant.building = demo.buildings[key]
        case "committee", str(key):
            grant.committee = demo.committees[key]
        case "unit", str(key):
            grant.unit = demo.units[key]
    return demo.keep(grant)


def told(accounts: list[Account], site_url: str) -> str:
    """The sheet for whoever tries the portal; it holds passwords, so it is for their eyes only."""
    lines = [
        "演示账号 / demo accounts (passwords are made anew by each load)",
        "",
        f"用邮箱登录，验证码在 {site_url}/mailbox/ 里读；管理页 {site_url}/admin/ 另须动态验证码。",
        f"Log in with the e-mail address at {site_url}/accounts/join/: the code arrives in {site_url}/mailbox/.",
        f"Staff need a time code as well, for {site_url}/admin/: put the TOTP secret (or its address) into an authenticator.",
        "",
    ]
    for account in accounts:
        role = f"{account.role} ({account.scope})" if account.scope else account.role
        lines.append(f"{account.email:<22} {account.name}  {role}{'  ' + account.note if account.note else ''}")
        lines.append(f"    password  {account.password}")
        if account.totp_secret:
            lines.append(f"    TOTP      {account.totp_secret}")
            lines.append(f"              {account.totp_address}")
    return "\n".join(lines) + "\n"
