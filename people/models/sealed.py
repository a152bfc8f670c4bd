"""What was signed or published stays as it was written: held here for every model that says so, and by triggers on PostgreSQL.

The one place where ``save()`` knows a rule: forms, operations and sheets to come all pass through it.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import connection, models
from django.utils.translation import gettext as _

from people.models.triggers import Trigger
from portal.columns import column
from portal.refusals import Refusal

_opened: ContextVar[bool] = ContextVar("sealed rows are open", default=False)


@dataclass(frozen=True)
class Seal:
    """Which columns stand once ``state`` is one of ``states``; ``of``: the foreign key to the row with the state, "" its own.

    pointers: columns that point to people. Forms change them no more, but joining two records and erasing a person do.
    """

    state: str
    states: tuple[str, ...]
    columns: tuple[str, ...]
    pointers: tuple[str, ...] = ()
    of: str = ""
    taken_back: bool = False  # whether taking back is an act of its own, after which it is written anew
    grows: bool = False  # the database takes new rows also then: the release before writes them after the state
    links: tuple[str, ...] = ()  # many-to-many columns: read-only in forms, held by the triggers alone

    def sealed(self, rows: models.QuerySet) -> models.QuerySet:
        path = f"{self.of}__{self.state}" if self.of else self.state
        return rows.filter(**{f"{path}__in": self.states})


@contextmanager
def opened() -> Iterator[None]:
    """Inside a transaction: for the operations that may write to what is sealed, each of which keeps what stood there."""
    token = _opened.set(True)
    was = _tell_database("on")
    try:
        yield
    finally:
        _opened.reset(token)
        if not connection.needs_rollback:
            _tell_database(was)


def _tell_database(value: str) -> str:
    """The triggers read it; it ends with the transaction. Returns what it was."""
    if connection.vendor != "postgresql":
        return ""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('portal.opened', true), '')")
        was = cursor.fetchone()[0]
        cursor.execute("SELECT set_config('portal.opened', %s, true)", [value])
    return was


def seals_of(model: type[models.Model]) -> list[tuple[type["Sealed"], Seal]]:
    """The seal of ``model``, or, for a base such as Activity, those of the kinds that have one."""
    own = model.seal if issubclass(model, Sealed) else None
    if own is not None and issubclass(model, Sealed):
        return [(model, own)]
    return [(one, one.seal) for one in Sealed.declared if issubclass(one, model) and one.seal is not None]


def refuse(row: object) -> None:
    raise Refusal(
        _("“%(row)s” was signed or published and stays as it is. To put something right, please amend or correct it.")
        % {"row": row},
        code="sealed",
    )


def triggers() -> list[Trigger]:
    """What the database has to hold: pointers are left to joining and erasing. Compared with the migrations by a test."""
    found = []
    for model in Sealed.declared:
        seal = model.seal
        if seal is None:
            continue
        holder: Any = column(model, seal.of).related_model if seal.of else model
        table, theirs = holder._meta.db_table, holder._meta.pk.column
        states = tuple(str(one) for one in seal.states)
        for owner in {column(model, name).model: None for name in seal.columns}:
            names = tuple(
                str(column(model, name).column) for name in seal.columns if column(model, name).model is owner
            )
            key = None
            if seal.of:
                key = (str(column(model, seal.of).column), theirs)
                names += (key[0],)
            elif owner is not model:
                key = (str(owner._meta.pk.column), theirs)
            own = owner._meta.db_table
            rows = "" if not seal.of else "DELETE" if seal.grows else "INSERT OR DELETE"
            found.append(Trigger(table, own, names, seal.state, states, key, rows, seal.taken_back))
        for name in seal.links:
            link: Any = model._meta.get_field(name)
            key = (link.m2m_column_name(), theirs)
            found.append(
                Trigger(table, link.m2m_db_table(), (), seal.state, states, key, "INSERT OR DELETE", seal.taken_back)
            )
    return found


class SealedQuerySet(models.QuerySet):
    """Refuses for many rows what :class:`Sealed` refuses for one. ``bulk_update`` goes through ``update``."""

    def update(self, **values: Any) -> int:
        stays = {seal.state for _model, seal in seals_of(self.model) if values.get(seal.state) in seal.states}
        self._refuse(values.keys() - stays)
        return super().update(**values)

    def delete(self) -> tuple[int, dict[str, int]]:
        self._refuse(None)
        return super().delete()

    def bulk_create(self, objs, *args, **kwargs):
        rows = list(objs)
        for model, seal in seals_of(self.model):
            if seal.of and not _opened.get():
                holders = {getattr(row, f"{seal.of}_id") for row in rows}
                parent: Any = column(model, seal.of).related_model
                held = parent._base_manager.filter(**{"pk__in": holders, f"{seal.state}__in": seal.states}).first()
                if held is not None:
                    refuse(held)
        return super().bulk_create(rows, *args, **kwargs)

    def _refuse(self, names: Iterable[str] | None) -> None:
        """names: of the columns that would change, None for all."""
        if _opened.get():
            return
        for model, seal in seals_of(self.model):
            written = None if names is None else {name.removesuffix("_id") for name in names}  # either name of a key
            if written is None or written & {*seal.columns, *seal.pointers, seal.of or seal.state}:
                rows = model._base_manager.filter(pk__in=self.order_by().values("pk"))
                if (held := seal.sealed(rows).first()) is not None:
                    refuse(held)


class Sealed(models.Model):
    """Base of what is signed or published. A subclass says its ``seal``; a base of such kinds has none of its own."""

    seal: ClassVar[Seal | None] = None
    declared: ClassVar[list[type["Sealed"]]] = []

    class Meta:
        abstract = True

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "seal" in cls.__dict__:
            Sealed.declared.append(cls)

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not _opened.get():
            self._refuse_changes(kwargs.get("update_fields"))
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        if not _opened.get():
            for model, seal in seals_of(type(self)):
                if seal.sealed(model._base_manager.filter(pk=self.pk)).exists():
                    refuse(self)
        return super().delete(*args, **kwargs)

    def _refuse_changes(self, saved: Iterable[str] | None) -> None:
        for model, seal in seals_of(type(self)):
            columns = [
                field
                for field in (column(model, name) for name in (*seal.columns, *seal.pointers))
                if saved is None or field.name in saved
                if field.attname in self.__dict__
            ]
            if seal.of and self._state.adding:
                holder: Any = column(model, seal.of).related_model
                key = getattr(self, f"{seal.of}_id")
                if holder._base_manager.filter(**{"pk": key, f"{seal.state}__in": seal.states}).exists():
                    refuse(getattr(self, seal.of))
            elif self.pk and not self._state.adding and columns:
                if not seal.of and getattr(self, seal.state, None) not in {None, *seal.states}:
                    columns.append(column(model, seal.state))  # unsealing is a change, too
                names = [field.attname for field in columns]
                stored = seal.sealed(model._base_manager.filter(pk=self.pk)).values_list(*names).first()
                if stored is not None and any(
                    field.to_python(getattr(self, field.attname)) != value
                    for field, value in zip(columns, stored, strict=True)
                ):
                    refuse(getattr(self, seal.of) if seal.of else self)
