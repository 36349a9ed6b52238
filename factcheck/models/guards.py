"""Rules that hold whatever speaks to the database: bulk updates, raw SQL, a shell.

pgtrigger installs them with the migrations. Its own template asks the session variable `pgtrigger.ignore` first, which
any role may set: a guard that the guarded can switch off. `Guard` renders the trigger without that question. All guards
refuse with SQLSTATE 23514 (check_violation) and their name as the constraint, so that the whole desk meets one kind of
refusal: django.db.IntegrityError with a constraint's name.
"""

from collections.abc import Iterable, Mapping

import pgtrigger
from pgtrigger import compiler


class GuardSql(compiler.UpsertTriggerSql):
    """The trigger and its function. Migrations name this class: change it only so that they still mean the same."""

    def get_template(self) -> str:
        return """
            CREATE OR REPLACE FUNCTION {pgid}()
            RETURNS TRIGGER AS $$
                {declare}
                BEGIN
                    {func}
                END;
            $$ LANGUAGE plpgsql SET search_path = public, pg_temp;

            DROP TRIGGER IF EXISTS {pgid} ON {table};
            CREATE {constraint} TRIGGER {pgid}
                {when} {operation} ON {table}
                {timing}
                {referencing}
                FOR EACH {level} {condition}
                EXECUTE FUNCTION {execute};

            COMMENT ON TRIGGER {pgid} ON {table} IS '{hash}';
        """


class Guard(pgtrigger.Trigger):
    """A trigger that no session can ask to be ignored."""

    def compile(self, model):
        compiled = super().compile(model)
        rendered = {key: value for key, value in compiled.sql.kwargs.items() if key != "ignore_func_name"}
        return compiler.Trigger(name=self.name, sql=GuardSql(**rendered))


def refuse(rule: str, message: str, *values: str) -> str:
    """PL/pgSQL that refuses with `message`, whose % are filled with the SQL expressions `values`."""
    text = message.replace("'", "''")
    parts = "".join(f", {value}" for value in values)
    return (
        f"RAISE EXCEPTION '{text}'{parts} USING ERRCODE = 'check_violation', CONSTRAINT = '{rule}',"
        " TABLE = TG_TABLE_NAME;"
    )


def arrows(rule: str, transitions: Mapping[str, Iterable[str]], column: str = "status") -> Guard:
    """Only the drawn arrows. `transitions`: from -> the statuses it may become."""
    old, new = f"OLD.{column}", f"NEW.{column}"
    drawn = " OR ".join(
        f"({old} = '{start}' AND {new} IN ({', '.join(repr(end) for end in sorted(ends))}))"
        for start, ends in transitions.items()
        if ends
    )
    return Guard(
        name=rule,
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func=f"""
            IF {new} IS DISTINCT FROM {old} AND NOT ({drawn}) THEN
                {refuse(rule, "% cannot become %", old, new)}
            END IF;
            RETURN NEW;
        """,
    )


def born(rule: str, condition: str, message: str) -> Guard:
    """A row begins at the beginning: `condition` over NEW must hold at INSERT."""
    return Guard(
        name=rule,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=f"""
            IF NOT coalesce({condition}, false) THEN
                {refuse(rule, message)}
            END IF;
            RETURN NEW;
        """,
    )


def rises(rule: str, but_for: Iterable[str] = ()) -> Guard:
    """Every UPDATE raises `version` by one, whoever sends it: a client that read before it will notice.

    but_for: columns that no client reads, the one that is written first. An UPDATE of nothing else is no change to
    them, and leaves the version.
    Its name must sort before the table's other guards, which may look at the version.
    """
    raised = "NEW.version := OLD.version + 1;"
    if but_for:
        written, unread = next(iter(but_for)), f"'{{{','.join(but_for)}}}'::text[]"
        same = f"to_jsonb(NEW) - {unread} = to_jsonb(OLD) - {unread}"
        raised = f"IF NOT ({same} AND NEW.{written} IS DISTINCT FROM OLD.{written}) THEN {raised} END IF;"
    return Guard(
        name=rule,
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func=f"{raised} RETURN NEW;",
    )


def unchanging(rule: str, columns: Iterable[str], message: str) -> Guard:
    """Columns that keep what they were born with. Name the key among them: whoever could exchange the keys of two rows
    would exchange everything that points at them, and Django's foreign keys are looked at only at COMMIT.
    """
    changed = " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in columns)
    return Guard(
        name=rule,
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func=f"IF {changed} THEN {refuse(rule, message)} END IF; RETURN NEW;",
    )


HOLDS = 0x686F6C64  # the key of an advisory lock, "hold": none is placed while something is being erased
HELD = "This is under litigation hold: nothing of it is erased or taken down until the hold is lifted."


def unless_held(rule: str, belongs: str) -> str:
    """PL/pgSQL that refuses while a litigation hold stands on the article to which the row belongs.

    belongs: SQL over `article`, a held one, and the trigger's NEW and OLD.
    """
    return f"""
        PERFORM pg_advisory_xact_lock_shared({HOLDS});
        IF EXISTS (SELECT FROM factcheck_litigationhold hold JOIN factcheck_article article
                   ON article.id = hold.article_id WHERE hold.lifted_at IS NULL AND ({belongs})) THEN
            {refuse(rule, HELD)}
        END IF;
    """


def forever(rule: str, message: str) -> Guard:
    """Rows that are never changed, deleted or truncated."""
    return Guard(
        name=rule,
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete | pgtrigger.Truncate,
        func=refuse(rule, message),
    )


def undeletable(rule: str, message: str) -> Guard:
    """Rows that may change and may not vanish."""
    return Guard(
        name=rule,
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Delete | pgtrigger.Truncate,
        func=refuse(rule, message),
    )


def event(kind: str, subject: str, key: str, article: str, source: str = "") -> str:
    """PL/pgSQL that adds events (models/events.py), one for each row of `source`: all but it are SQL expressions."""
    return f"""
        INSERT INTO factcheck_event (kind, subject, subject_id, article_id)
        SELECT {kind}, '{subject}', {key}, {article} {source};
    """


def told(rule: str, operation: pgtrigger.Operation, func: str, timing: pgtrigger.Timing | None = None) -> Guard:
    """What changes leaves its event() in the same transaction, whoever changes it and through whatever door."""
    return Guard(name=rule, when=pgtrigger.After, operation=operation, timing=timing, func=f"{func} RETURN NULL;")
