"""Triggers of PostgreSQL that refuse to change what is signed or published, whoever asks: behind the models that say so.

``set_config('portal.opened', 'on', true)`` opens them for the rest of a transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass

FUNCTION = """
CREATE OR REPLACE FUNCTION portal_refuse_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
-- Without arguments: the trigger has looked at the row itself. With (table, key column, own column, state column, states)
-- the state stands in another row, which the own column leads to.
DECLARE
    held boolean := true;
    own jsonb;
BEGIN
    IF TG_OP = 'INSERT' THEN own := to_jsonb(NEW); ELSE own := to_jsonb(OLD); END IF;
    IF coalesce(current_setting('portal.opened', true), '') <> 'on' THEN
        IF TG_NARGS > 0 THEN
            EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I WHERE %I = $1 AND %I = ANY ($2))', TG_ARGV[0], TG_ARGV[1], TG_ARGV[3])
                INTO held USING (own ->> TG_ARGV[2])::bigint, string_to_array(TG_ARGV[4], ',');
        END IF;
        IF held THEN
            RAISE EXCEPTION 'sealed: this row of % is signed or published', TG_TABLE_NAME USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END
$$
"""


@dataclass(frozen=True)
class Trigger:
    """``table`` whose ``columns`` stand while ``state`` of a row of ``holder`` is one of ``states``.

    key: (own column, the holder's column it leads to); None where the row holds its own state.
    rows: which of INSERT and DELETE is refused besides, "" for neither.
    taken_back: whether the state may leave ``states``, and what with it changes.
    """

    holder: str
    table: str
    columns: tuple[str, ...]
    state: str
    states: tuple[str, ...]
    key: tuple[str, str] | None = None
    rows: str = ""
    taken_back: bool = False

    def sql(self) -> list[str]:
        found = []
        if self.columns:
            found.append(self._create("", "UPDATE", f"WHEN ({self._when()})"))
        if self.key is None:
            found.append(self._create("_gone", "DELETE", f"WHEN (OLD.{self.state} IN {self._states()})"))
        elif self.rows:
            found.append(self._create("_rows", self.rows, ""))
        return found

    def _states(self) -> str:
        return "(" + ", ".join(f"'{one}'" for one in self.states) + ")"

    def _when(self) -> str:
        changed = " OR ".join(f'OLD."{name}" IS DISTINCT FROM NEW."{name}"' for name in self.columns)
        if self.key is not None:
            return changed
        stays = f"NEW.{self.state} IN {self._states()}"
        changed = f"({changed}) AND {stays}" if self.taken_back else f"{changed} OR NOT {stays}"
        return f"OLD.{self.state} IN {self._states()} AND ({changed})"

    def _create(self, suffix: str, event: str, when: str) -> str:
        words = []
        if self.key is not None:
            own, theirs = self.key
            words = [self.holder, theirs, own, self.state, ",".join(self.states)]
        arguments = ", ".join(f"'{one}'" for one in words)
        name = f"sealed_{self.holder}{suffix}"
        return (
            f'DROP TRIGGER IF EXISTS "{name}" ON "{self.table}"; '
            f'CREATE TRIGGER "{name}" BEFORE {event} ON "{self.table}" FOR EACH ROW {when} '
            f"EXECUTE FUNCTION portal_refuse_sealed({arguments})"
        )


def install(triggers: Sequence[Trigger]):
    """For ``RunPython`` in a migration; does nothing on SQLite."""

    def run(apps, schema_editor) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(FUNCTION, params=None)  # its % are its own
            for trigger in triggers:
                for sql in trigger.sql():
                    schema_editor.execute(sql, params=None)

    return run


def remove(triggers: Sequence[Trigger]):
    def run(apps, schema_editor) -> None:
        if schema_editor.connection.vendor == "postgresql":
            for trigger in triggers:
                for suffix in ("", "_gone", "_rows"):
                    schema_editor.execute(
                        f'DROP TRIGGER IF EXISTS "sealed_{trigger.holder}{suffix}" ON "{trigger.table}"'
                    )

    return run
