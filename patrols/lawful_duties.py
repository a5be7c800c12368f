"""The database itself lets nobody on duty who may not patrol: ``certificates.bar`` as a trigger."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

TABLE = "patrols_dutyguard"
LAWFUL = """
SELECT 1 FROM patrols_guard g, patrols_duty d JOIN patrols_dutynight n ON n.id = d.night_id
WHERE g.id = NEW.guard_id AND d.id = NEW.duty_id AND n.night_on = NEW.night_on
  AND g.certificate <> '' AND g.certificate_until > NEW.night_on
  AND g.joined_on <= NEW.night_on AND (g.left_on IS NULL OR g.left_on > NEW.night_on)
  AND g.outside NOT IN ('inside', 'not')
"""
SAID = "this guard may not patrol on this night"
# Sharing the guard's row waits for whoever is changing the certificate, and reads what came of it.
ON_POSTGRES = f"""
CREATE OR REPLACE FUNCTION refuse_unlawful_duty() RETURNS trigger AS $$
BEGIN
  PERFORM 1 FROM patrols_guard WHERE id = NEW.guard_id FOR SHARE;
  IF NOT EXISTS ({LAWFUL}) THEN
    RAISE EXCEPTION '{SAID}' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$ LANGUAGE plpgsql
"""
VERBS = {f"{TABLE}_lawful_insert": "INSERT", f"{TABLE}_lawful_update": "UPDATE"}


def refuse_unlawful_duties() -> migrations.RunPython:
    """A migration operation after which a row of a duty whose guard may not patrol on that night,
    or that gives another night than its duty's, fails with an IntegrityError on both databases."""

    def forwards(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        postgres = editor.connection.vendor == "postgresql"
        if postgres:
            editor.execute(ON_POSTGRES, params=None)
        for name, verb in VERBS.items():
            does = (
                "FOR EACH ROW EXECUTE FUNCTION refuse_unlawful_duty()"
                if postgres
                else f"WHEN NOT EXISTS ({LAWFUL}) BEGIN SELECT RAISE(ABORT, '{SAID}'); END"
            )
            editor.execute(f"CREATE TRIGGER {name} BEFORE {verb} ON {TABLE} {does}", params=None)

    def backwards(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        on_table = f" ON {TABLE}" if editor.connection.vendor == "postgresql" else ""
        for name in VERBS:
            editor.execute(f"DROP TRIGGER IF EXISTS {name}{on_table}")

    return migrations.RunPython(forwards, backwards)
