"""What may be written once and never changed, held by the database itself."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def append_only(table: str) -> migrations.RunPython:
    """A migration operation that makes UPDATE and DELETE on ``table`` fail on both databases."""
    said = f"{table} is append-only"
    return _refuse(
        table, {f"{table}_no_{verb.lower()}": verb for verb in ("UPDATE", "DELETE")}, said
    )


def frozen(table: str, *columns: str) -> migrations.RunPython:
    """The same for these columns of ``table``: others may change, and rows may go."""
    quoted = ", ".join(f'"{column}"' for column in columns)
    return _refuse(table, {f"{table}_frozen": f"UPDATE OF {quoted}"}, f"{table} has frozen columns")


def _refuse(table: str, events: dict[str, str], said: str) -> migrations.RunPython:
    """A trigger of each name refuses its event."""

    def forwards(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        for name, event in events.items():
            if editor.connection.vendor == "postgresql":
                editor.execute(
                    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger AS $$ "
                    "BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME "
                    "USING ERRCODE = 'integrity_constraint_violation'; END $$ LANGUAGE plpgsql",
                    params=None,  # else the driver takes the % for a placeholder
                )
                editor.execute(
                    f"CREATE TRIGGER {name} BEFORE {event} ON {table} "
                    "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
                )
            else:
                editor.execute(
                    f"CREATE TRIGGER {name} BEFORE {event} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{said}'); END"
                )

    def backwards(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        on_table = f" ON {table}" if editor.connection.vendor == "postgresql" else ""
        for name in events:
            editor.execute(f"DROP TRIGGER IF EXISTS {name}{on_table}")

    return migrations.RunPython(forwards, backwards)
