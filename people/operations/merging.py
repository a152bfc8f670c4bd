"""Two records of one person become one, audited and reversible (docs/rules/children.md, "The same person twice")."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from people.models import (
    AccessLog,
    Consent,
    GuardianInvitation,
    Guardianship,
    Occasion,
    Person,
    PersonKey,
    PersonMerge,
    PossibleDuplicate,
    User,
    opened,
)
from people.operations import photos
from people.operations.joined_bonds import ask_guardians, settle_bonds, wanted
from people.rules import consent
from portal.columns import column
from portal.refusals import Refusal
from portal.registry import Registry

#: What is empty on the record that stays is filled from the other.
FILLED = (
    "nickname",
    "birth_date",
    "birth_year",
    "declared_adult_at",
    "email",
    "phone",
    "told_by_building_leader",
    "building_id",
    "unit_id",
    "note",
)
#: Where a double row is evidence, or has been dealt with: it stays with the record that went.
#: people: 0-3; activities: 100.
evidence = Registry[str]("models whose double rows stay with the record that went", named=str)
NOT_MOVED: set[type[models.Model]] = {AccessLog, PersonKey, PersonMerge, PossibleDuplicate, Person}


@dataclass
class Joining:
    """One merge while it happens; upper apps put into ``log`` under a key of their own what they need to undo theirs."""

    kept: Person
    dropped: Person
    at: datetime
    by: User
    log: dict[str, Any] = field(default_factory=dict)


#: Upper apps: before anything moves (may refuse, or end what cannot stand twice), after it, and when it is undone.
#: activities: 100; volunteers: 400.
before = Registry[Callable[[Joining], None]]("steps before a merge")
after = Registry[Callable[[Joining], None]]("steps after a merge")
on_undo = Registry[Callable[[PersonMerge, datetime], list[str]]]("steps of undoing a merge")
#: What will follow in that app, as sentences.
foretold = Registry[Callable[[Person, Person], list[str]]]("what a merge is said to bring")


def merge(kept: Person, dropped: Person, *, reason: str, by: User, at: datetime, paper: str = "") -> PersonMerge:
    """Let ``dropped`` go into ``kept``: everything that points to it moves, its account too. Raises Refusal.

    A guardianship of one record alone comes along by the yes of a confirmed guardian (people.operations.joined_bonds), or,
    where there is none, by ``paper``: what staff have seen. Until then the two stay two.
    """
    with transaction.atomic():
        if not reason.strip():
            raise Refusal(_("Please say why these two are one person; that is kept with it."))
        kept, dropped = locked(kept, dropped)
        _check(kept, dropped, by=by)
        joining = Joining(kept, dropped, at, by)
        confirmed = settle_bonds(kept, dropped, paper=paper.strip(), by=by, at=at)
        for step in before:
            step(joining)
        end_double_bonds(joining)
        joining.log["bonds"]["confirmed"] += confirmed
        carry_over_refusals(joining)
        with opened():  # a signed record goes on naming the same person
            joining.log["moved"], joining.log["taken_out"] = move_rows(kept, dropped)
        settle_pairs(joining)
        _fill_in(joining)
        row = PersonMerge.objects.create(
            neighbourhood_id=kept.neighbourhood_id,
            kept=kept,
            dropped=dropped,
            reason=reason.strip()[:200],
            paper=paper.strip()[:200],
            merged_at=at,
            merged_by=by,
        )
        for step in after:
            step(joining)
        consent.look_again(kept)
        row.log = joining.log
        row.save(update_fields=["log"])
    return row


def join_or_ask(
    pair: PossibleDuplicate, kept: Person, dropped: Person, *, reason: str, paper: str, by: User, at: datetime
) -> PersonMerge | None:
    """Join the two of ``pair``; None where a guardian had to be asked first, which has been done."""
    with transaction.atomic():
        kept, dropped = locked(kept, dropped)
        _check(kept, dropped, by=by)
        if ask_guardians(pair, by=by, at=at):
            return None
        return merge(kept, dropped, reason=reason, paper=paper, by=by, at=at)


def locked(*people: Person) -> tuple[Person, ...]:
    """The same people as they are now, locked by ascending id."""
    ids = sorted(person.pk for person in people)
    found = {
        person.pk: person for person in Person.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")
    }
    return tuple(found[person.pk] for person in people)


def _check(kept: Person, dropped: Person, *, by: User | None = None) -> None:
    if kept.pk == dropped.pk or kept.neighbourhood_id != dropped.neighbourhood_id:
        raise Refusal(_("Only two records of the same residential area can be joined."))
    if kept.anonymised_at or dropped.anonymised_at:
        raise Refusal(_("One of the two is no living record any more. Please look at the list again."))
    if kept.birth_date and dropped.birth_date and kept.birth_date != dropped.birth_date:
        raise Refusal(
            _(
                "The birth dates differ. If it is one person, please correct the wrong one first; else say that they are two."
            )
        )
    if Guardianship.objects.filter(guardian__in=[kept, dropped], child__in=[kept, dropped], ended_at=None).exists():
        raise Refusal(_("One of the two is the other's guardian, so they are two people."))
    if all(one.user_id and one.user and one.user.is_active for one in (kept, dropped)):
        raise Refusal(
            _(
                "Both have an account: %(one)s and %(other)s. Please ask which one is used, and have the other switched off"
                " under “Accounts” first."
            )
            % {"one": kept.user, "other": dropped.user}
        )
    if by is not None and by.pk in {kept.user_id, dropped.user_id}:
        raise Refusal(_("Nobody joins their own record with another. Please ask a colleague."))
    if all(one.party_memberships.filter(until=None).exists() for one in (kept, dropped)):
        raise Refusal(_("Both are listed as Party members. Please have one of the two memberships corrected first."))


# --- what moves ---


def pointers() -> Iterator[tuple[type[models.Model], str]]:
    """(model, field) of everything that points to a person, many-to-many tables included; not the history."""
    for relation in Person._meta.get_fields(include_hidden=True):
        if not (relation.auto_created and not relation.concrete) or relation.many_to_many:
            continue
        model = relation.related_model
        if model in NOT_MOVED or hasattr(model, "history_type") or not isinstance(model, type):
            continue
        yield model, relation.field.name  # type: ignore[union-attr]


def move_rows(kept: Person, dropped: Person) -> tuple[list[list[Any]], list[dict[str, Any]]]:
    """Point every row to ``kept``. One that would stand twice is taken out where it would count twice, else it stays."""
    moved: list[list[Any]] = []
    taken_out: list[dict[str, Any]] = []
    for model, name in pointers():
        rows = model._base_manager.filter(**{name: dropped})
        ids = sorted(rows.values_list("pk", flat=True))
        went = point_to(model, name, ids, kept)
        if went:
            moved.append([model._meta.label, name, went])
        for row in model._base_manager.filter(pk__in=set(ids) - set(went)):
            if counts_twice(model):
                taken_out.append(kept_values(row))
                row.delete()
    return moved, taken_out


def point_to(model: type[models.Model], name: str, ids: Collection[Any], person: Person) -> list[Any]:
    """Set ``name`` of these rows to ``person``; returns the ids of those where no rule stood against it."""
    if not ids:
        return []
    rows = model._base_manager
    try:
        with transaction.atomic():
            rows.filter(pk__in=ids).update(**{name: person})
        return list(ids)
    except IntegrityError:
        went = []
        for pk in ids:
            try:
                with transaction.atomic():
                    rows.filter(pk=pk).update(**{name: person})
                went.append(pk)
            except IntegrityError:
                continue  # kept has the same already
        return went


def counts_twice(model: type[models.Model]) -> bool:
    """Votes, follows, memberships: a second row of one person would be counted; nothing else hangs on these rows."""
    if model._meta.label in evidence:
        return False
    own = {one.remote_field.through for one in model._meta.many_to_many}
    hanging = (
        relation.related_model
        for relation in model._meta.get_fields(include_hidden=True)
        if relation.auto_created and not relation.concrete
    )
    return all(one in own or hasattr(one, "history_type") for one in hanging)


def kept_values(row: models.Model) -> dict[str, Any]:
    """Enough of a row to make it again."""
    fields = {one.attname: one.value_to_string(row) for one in row._meta.concrete_fields}
    nulls = [one.attname for one in row._meta.concrete_fields if getattr(row, one.attname) is None]
    many = {one.name: [other.pk for other in getattr(row, one.name).all()] for one in row._meta.many_to_many}
    return {"model": row._meta.label, "fields": fields, "nulls": nulls, "many": many}


def _made_again(values: dict[str, Any]) -> bool:
    model = apps.get_model(values["model"])
    data = {
        one.attname: None if one.attname in values["nulls"] else one.to_python(values["fields"][one.attname])
        for one in model._meta.concrete_fields
    }
    try:
        with transaction.atomic():
            row = model._base_manager.create(**data)
            for name, ids in values["many"].items():
                getattr(row, name).set(ids)
    except IntegrityError:
        return False
    return True


def end_double_bonds(joining: Joining) -> None:
    """The same guardian and child on both: one bond stays, confirmed if either was."""
    kept, dropped = joining.kept, joining.dropped
    ended, confirmed = [], []
    for mine, theirs in (("guardian", "child"), ("child", "guardian")):
        live = Guardianship.objects.filter(ended_at=None)
        in_force = {getattr(bond, f"{theirs}_id"): bond for bond in live.filter(**{mine: kept})}
        for bond in live.filter(**{mine: dropped}):
            twin = in_force.get(getattr(bond, f"{theirs}_id"))
            if twin is None:
                continue
            if bond.state == Guardianship.State.CONFIRMED and twin.state != bond.state:
                confirmed.append(twin.pk)
                twin.state, twin.confirmed_at, twin.confirmed_by = bond.state, bond.confirmed_at, bond.confirmed_by
                twin.confirmed_by_guardian = bond.confirmed_by_guardian
                twin.save()
            bond.ended_at = joining.at
            bond.save()
            ended.append(bond.pk)
    joining.log["bonds"] = {"ended": ended, "confirmed": confirmed}


def carry_over_refusals(joining: Joining) -> None:
    """A no counts whoever said yes: what was taken back on one record ends an older yes on the other (V5)."""
    pair = [joining.kept, joining.dropped]
    ended: list[int] = []
    for taken_back in Consent.objects.filter(person__in=pair).exclude(revoked_at=None):
        in_force = Consent.objects.in_force().filter(
            person__in=pair, purpose=taken_back.purpose, given_at__lt=taken_back.revoked_at
        )
        ended += in_force.exclude(person=taken_back.person_id).values_list("pk", flat=True)
    Consent.objects.filter(pk__in=ended).update(revoked_at=joining.at)
    joining.log["consents"] = sorted(set(ended))


def settle_pairs(joining: Joining) -> None:
    """This pair is settled; other pairs that name the record that went now name the one that stays."""
    Pair = PossibleDuplicate
    log = []
    for pair in Pair.objects.filter(models.Q(person=joining.dropped) | models.Q(other=joining.dropped)):
        log.append([pair.pk, pair.person_id, pair.other_id, pair.state, pair.decided_by_id])
        person, other = (joining.kept if one == joining.dropped else one for one in (pair.person, pair.other))
        doubled = person == other or Pair.objects.filter(person=person, other=other).exists()
        if doubled:
            pair.state, pair.decided_by = Pair.State.JOINED, joining.by
        else:
            pair.person, pair.other = person, other
        pair.save()
    joining.log["pairs"] = log


def _fill_in(joining: Joining) -> None:
    kept, dropped = joining.kept, joining.dropped
    log: dict[str, str] = {}
    for name in FILLED:
        if not getattr(kept, name) and getattr(dropped, name):
            log[name] = column(Person, name.removesuffix("_id")).value_to_string(dropped)
            setattr(kept, name, getattr(dropped, name))
    joining.log["filled"] = log
    joining.log["account"] = account = dropped.user_id
    joining.log["own_account"] = kept.user_id
    if account and not (kept.user_id and kept.user and kept.user.is_active):
        joining.log["account_moved"] = True
    dropped.user = None if joining.log.get("account_moved") else dropped.user
    dropped.merged_into, dropped.anonymised_at = kept, joining.at
    keep(dropped, joining.by, _("joined into another record"))
    if joining.log.get("account_moved"):
        kept.user_id = account
    keep(kept, joining.by, _("joined with another record"))
    if consent.without([kept], Consent.Purpose.PHOTO):
        photos.withdraw_all_showing(kept)


def keep(person: Person, by: User | None, why: str) -> None:
    """Save ``person`` with a line of history that names ``by`` and ``why``."""
    person._history_user = by
    person._change_reason = why
    person.save()


# --- the comparison, before it is done ---


def compare(one: Person, other: Person) -> list[tuple[str, str, str]]:
    """(what, on the one, on the other) of what hangs on two records; by name of the rows, only where there are any."""
    counts: list[Counter[str]] = []
    for person in (one, other):
        found: Counter[str] = Counter()
        for model, name in pointers():
            if model in {Occasion, GuardianInvitation}:
                continue  # nothing to decide by
            label = next(_other_side(model)) if model._meta.auto_created else str(model._meta.verbose_name_plural)
            found[label] += model._base_manager.filter(**{name: person}).count()
        counts.append(found)
    labels = sorted({label for found in counts for label in found if found[label]})
    return [(label, str(counts[0][label]), str(counts[1][label])) for label in labels]


def _other_side(through: type[models.Model]) -> Iterator[str]:
    for one in through._meta.concrete_fields:
        if one.remote_field is not None and one.related_model is not Person:
            yield str(one.related_model._meta.verbose_name_plural)  # type: ignore[union-attr]


def follows(kept: Person, dropped: Person) -> list[str]:
    """What joining them will do, in sentences; raises Refusal when it cannot be done."""
    _check(kept, dropped)
    said = wanted(kept, dropped)
    filled = [
        str(column(Person, name.removesuffix("_id")).verbose_name)
        for name in FILLED
        if not getattr(kept, name) and getattr(dropped, name)
    ]
    if filled:
        said.append(_("Filled in from the other: %(what)s.") % {"what": _(", ").join(filled)})
    if dropped.user_id and not (kept.user_id and kept.user and kept.user.is_active):
        said.append(_("The account %(email)s then belongs to the record that stays.") % {"email": dropped.user})
    for sentences in foretold:
        said += sentences(kept, dropped)
    said.append(_("Guardians, consents, service, feedback and everything else move along. It can be undone."))
    return said


# --- undoing ---


def undo(merge: PersonMerge, *, by: User, at: datetime) -> list[str]:
    """Put both records back as they were, as far as what happened since allows; returns a sentence for each thing left."""
    with transaction.atomic():
        kept, dropped = locked(merge.kept, merge.dropped)
        merge = PersonMerge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
        if merge.undone_at is not None:
            raise Refusal(_("This has been undone already."))
        later = PersonMerge.objects.filter(undone_at=None, merged_at__gte=merge.merged_at).exclude(pk=merge.pk)
        if later.filter(models.Q(kept__in=[kept, dropped]) | models.Q(dropped__in=[kept, dropped])).exists():
            raise Refusal(_("One of the two was joined with another record later. Please undo that first."))
        left: list[str] = []
        log = merge.log
        put_back_person(kept, dropped, log, by)
        gone = 0
        with opened():  # a signed record goes on naming the same person
            for label, name, ids in log["moved"]:
                model = apps.get_model(label)
                still = sorted(model._base_manager.filter(pk__in=ids, **{name: kept}).values_list("pk", flat=True))
                gone += len(ids) - len(point_to(model, name, still, dropped))
            gone += sum(not _made_again(values) for values in log["taken_out"])
        unconfirmed = {
            "state": Guardianship.State.DECLARED,
            "confirmed_at": None,
            "confirmed_by": None,
            "confirmed_by_guardian": None,
        }
        changes: list[tuple[type[models.Model], Any, dict[str, Any]]] = [
            *((Guardianship, pk, {"ended_at": None}) for pk in log["bonds"]["ended"]),
            *((Guardianship, pk, unconfirmed) for pk in log["bonds"]["confirmed"]),
            *((Consent, pk, {"revoked_at": None}) for pk in log["consents"]),
            *((PossibleDuplicate, pk, {"state": was[2], "decided_by": was[3]}) for pk, *was in log["pairs"]),
            *((PossibleDuplicate, pk, {"person": was[0], "other": was[1]}) for pk, *was in log["pairs"]),
        ]
        gone += sum(not _changed_back(*change) for change in changes)
        if gone:
            said = ngettext(
                "%(n)d entry was changed since and stays as it is.",
                "%(n)d entries were changed since and stay as they are.",
                gone,
            )
            left.append(said % {"n": gone})
        for step in on_undo:
            left += step(merge, at)
        merge.undone_at, merge.undone_by = at, by
        merge.save(update_fields=["undone_at", "undone_by"])
        consent.look_again(kept)
        consent.look_again(dropped)
    return left


def _changed_back(model: type[models.Model], pk: Any, values: dict[str, Any]) -> bool:
    try:
        with transaction.atomic():
            return bool(model._base_manager.filter(pk=pk).update(**values))
    except IntegrityError:
        return False  # somebody has entered the same anew


def put_back_person(kept: Person, dropped: Person, log: dict[str, Any], by: User) -> None:
    """What was filled in goes again, unless it was changed since; the account goes back to whose it was."""
    for name, became in log["filled"].items():
        one = column(Person, name.removesuffix("_id"))
        if one.value_to_string(kept) == became:
            empty = "" if isinstance(one, models.CharField) else False if isinstance(one, models.BooleanField) else None
            setattr(kept, name, empty)
    moved = log.get("account_moved") and kept.user_id == log["account"]
    if moved:
        kept.user_id = log["own_account"]
    keep(kept, by, _("joining undone"))
    if moved:
        dropped.user_id = log["account"]
    dropped.merged_into, dropped.anonymised_at = None, None
    keep(dropped, by, _("joining undone"))
