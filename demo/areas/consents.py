"""The texts of consent and the standing consents given to them (V4, V5)."""

from collections.abc import Iterator
from datetime import datetime

from demo.areas.people import ADULTS, COORDINATOR
from demo.context import Loading, day, on
from demo.source import Row
from demo.texts import CONSENT_TEXTS
from people.models import Channel, Consent, ConsentText

IN_FORCE_FROM = "2018-01-02"
OWN_TEXT = "居民告知书 1.0"
# Bookings over the web begin in December; until then everything came on paper.
ON_THE_WEB_FROM = "2018-12-01"


def load(demo: Loading) -> None:
    for version, words in CONSENT_TEXTS.items():
        demo.texts[version] = demo.keep(
            ConsentText(
                audience=words.audience,
                version=version,
                body=words.zh,
                body_en=words.en,
                published_on=day(IN_FORCE_FROM),
            )
        )
    demo.keep_all(everybodys(demo))


def everybodys(demo: Loading) -> Iterator[Consent]:
    """Those that are listed, and for the adults who are not what everyone else agreed to."""
    for row in demo.rows("volunteers", "consents"):
        yield from of_row(demo, row)
    default = demo.section("volunteers", "consent_default")
    known = {row["person"] for row in demo.section("volunteers", "consents")}
    for section in ADULTS:
        for row in demo.rows("people", section):
            if row["id"] not in known:
                yield from of_row(demo, default | {"person": row["id"], "given_by": row["id"]})


def of_row(demo: Loading, row: Row) -> Iterator[Consent]:
    """One consent a purpose that was agreed to; what is not listed was not."""
    withdrawn = row.get("withdrawn", {})
    channel = row.get("channel") or (Channel.WEB if row["given"] >= ON_THE_WEB_FROM else Channel.PAPER)
    for purpose, agreed in row["scope"].items():
        if agreed:
            giver, given, version = row["given_by"], row["given"], row["version"]
            yield consent(demo, row, purpose, giver, given, version, channel, withdrawn.get(purpose))
    if "self_consent" in row:
        # From 14 the consent to one's data is one's own (V4); for the rest the guardian's stands until 18.
        given = row["self_consent"]
        yield consent(demo, row, Consent.Purpose.DATA, row["person"], given, OWN_TEXT, Channel.PAPER, None)


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
