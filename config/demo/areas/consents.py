"""The texts of consent and the standing consents given to them (V4, V5)."""

from datetime import datetime

from config.demo.areas.people import ADULTS, COORDINATOR
from config.demo.loading import Loading, day, keep, keep_all, on
from config.demo.source import Row
from config.demo.texts import CONSENT_TEXTS
from people.models import Channel, Consent, ConsentText

IN_FORCE_FROM = "2018-01-02"
OWN_TEXT = "居民告知书 1.0"
# Bookings over the web begin in December; until then everything came on paper.
ON_THE_WEB_FROM = "2018-12-01"


def load(demo: Loading) -> None:
    for version, words in CONSENT_TEXTS.items():
        demo.texts[version] = keep(
            ConsentText(
                audience=words.audience,
                version=version,
                body=words.zh,
                body_en=words.en,
                published_on=day(IN_FORCE_FROM),
            )
        )
    listed = demo.rows("volunteers", "consents")
    consents = [consent for row in listed for consent in of_row(demo, row)]
    default = demo.section("volunteers", "consent_default")
    known = {row["person"] for row in listed}
    for section in ADULTS:
        for row in demo.rows("people", section):
            if row["id"] not in known:
                own = default | {"person": row["id"], "given_by": row["id"]}
                consents += of_row(demo, own)
    keep_all(consents)


def of_row(demo: Loading, row: Row) -> list[Consent]:
    """One consent a purpose that was agreed to; what is not listed was not."""
    withdrawn = row.get("withdrawn", {})
    channel = row.get("channel") or (Channel.WEB if row["given"] >= ON_THE_WEB_FROM else Channel.PAPER)
    consents = [
        consent(demo, row, purpose, row["given_by"], row["given"], row["version"], channel, withdrawn.get(purpose))
        for purpose, agreed in row["scope"].items()
        if agreed
    ]
    if "self_consent" in row:
        # From 14 the consent to one's data is one's own (V4); for the rest the guardian's stands until 18.
        consents.append(
            consent(demo, row, Consent.Purpose.DATA, row["person"], row["self_consent"], OWN_TEXT, Channel.PAPER, None)
        )
    return consents


def consent(
    demo: Loading,
    row: Row,
    purpose: str,
    giver: str,
    given: str,
    version: str,
    channel: str,
    withdrawn: str | None,
) -> Consent:
    revoked_at: datetime | None = on(withdrawn) if withdrawn else None
    return Consent(
        person=demo.people[row["person"]],
        purpose=purpose,
        text=demo.texts[version],
        given_by=demo.people[giver],
        given_at=on(given),
        channel=channel,
        entered_by=demo.users[COORDINATOR] if channel == Channel.PAPER else None,
        revoked_at=revoked_at,
        revoked_by=demo.people[giver] if revoked_at else None,
    )
