"""Lists of sources and files of fact-checks are one kind of thing, an import; fetching a source's page is one step.

Everything that was sent in stays: lists keep their keys, files of fact-checks have new ones behind them. Of a file the
records that were taken had no rows any more, and are counted on.
"""

import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import factcheck.models.guards

# Two people could be at the same list at once, which is one import now: the later one keeps a sha256 of its own.
LISTS = """
INSERT INTO factcheck_import
    (id, kind, name, submission, said, without_row, sent_by_id, act, created_at, finished_at)
SELECT
    made.id, 'sources', made.name,
    CASE WHEN row_number() OVER (PARTITION BY made.submission, waits ORDER BY made.id) = 1 OR NOT waits
        THEN made.submission ELSE encode(sha256(convert_to(made.submission || made.id, 'UTF8')), 'hex') END,
    made.said, '{}', made.sent_by_id,
    coalesce(
        (SELECT entry.act FROM factcheck_auditentry entry
         WHERE entry.subject = 'sourceimport' AND entry.subject_id = made.id AND entry.verb = 'sourceimport.begun' LIMIT 1),
        gen_random_uuid()
    ),
    made.created_at,
    CASE WHEN NOT waits THEN coalesce(
        (SELECT max(job.finished_at) FROM factcheck_job job WHERE job.kind = 'import' AND job.target = made.id),
        made.created_at
    ) END
FROM factcheck_sourceimport made
CROSS JOIN LATERAL (
    SELECT EXISTS (SELECT FROM factcheck_importrow r WHERE r.of_id = made.id AND r.state = 'waiting') AS waits
) AS how_far;
SET CONSTRAINTS ALL IMMEDIATE;
"""
# A job keeps its step, and its guard stands aside for this once. Where both steps that fetch a page were alive for one
# source, the one that stays does the work of the other.
FILES = """
INSERT INTO factcheck_import
    (id, kind, name, size, submission, said, without_row, sent_by_id, act, created_at, finished_at)
SELECT
    behind.lists + made.id, 'fact_checks', made.file_name, made.size, made.sha256, '{}',
    jsonb_strip_nulls(jsonb_build_object(
        'repeated', nullif(made.repeated, 0), 'added', nullif(made.added, 0),
        'changed', nullif(made.changed, 0), 'known', nullif(made.same, 0)
    )),
    made.imported_by_id,
    coalesce(
        (SELECT entry.act FROM factcheck_auditentry entry WHERE entry.subject = 'factcheckimport'
         AND entry.subject_id = made.id AND entry.verb = 'factcheckimport.begun' LIMIT 1),
        gen_random_uuid()
    ),
    made.created_at, made.finished_at
FROM factcheck_factcheckimport made,
    (SELECT coalesce(max(id), 0) AS lists FROM factcheck_sourceimport) behind;

SELECT setval(pg_get_serial_sequence('factcheck_import', 'id'), coalesce(max(id), 1), max(id) IS NOT NULL)
FROM factcheck_import;

INSERT INTO factcheck_importrow (of_id, line, place, raw, state, sentence)
SELECT
    behind.lists + record.of_id, record.number, record.place,
    CASE WHEN record.sentence = '' THEN record.record::text ELSE record.raw END,
    CASE WHEN record.sentence = '' THEN 'waiting' ELSE 'refused' END,
    record.sentence
FROM factcheck_importedrecord record,
    (SELECT coalesce(max(id), 0) AS lists FROM factcheck_sourceimport) behind;
SET CONSTRAINTS ALL IMMEDIATE;

ALTER TABLE factcheck_job DISABLE TRIGGER USER;
UPDATE factcheck_job SET kind = 'import', target = behind.lists + target
FROM (SELECT coalesce(max(id), 0) AS lists FROM factcheck_sourceimport) behind
WHERE kind = 'fact_checks';
UPDATE factcheck_job page SET state = 'done', lease_until = NULL, finished_at = now()
WHERE page.kind = 'snapshot' AND page.state <> 'done' AND EXISTS (
    SELECT FROM factcheck_job other
    WHERE other.kind = 'read' AND other.target = page.target AND other.state <> 'done'
);
UPDATE factcheck_job SET kind = 'read' WHERE kind = 'snapshot';
ALTER TABLE factcheck_job ENABLE TRIGGER USER;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("factcheck", "0017_earlier_wording"),
    ]

    operations = [
        migrations.CreateModel(
            name="Import",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("sources", "List of sources"), ("fact_checks", "File of fact-checks")],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=255, verbose_name="name of the list or file")),
                ("size", models.PositiveBigIntegerField(blank=True, null=True, verbose_name="bytes")),
                (
                    "submission",
                    models.CharField(editable=False, max_length=64, verbose_name="sha256 of what was sent in"),
                ),
                (
                    "said",
                    models.JSONField(
                        blank=True, default=dict, verbose_name="what holds for every row that says nothing else"
                    ),
                ),
                ("without_row", models.JSONField(blank=True, default=dict, verbose_name="rows that are only counted")),
                ("act", models.UUIDField(editable=False, verbose_name="act")),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="finished")),
            ],
            options={
                "verbose_name": "import",
            },
        ),
        migrations.AddField(
            model_name="import",
            name="sent_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="who sent it",
            ),
        ),
        migrations.RunSQL(LISTS, migrations.RunSQL.noop),
        pgtrigger.migrations.RemoveTrigger(
            model_name="importrow",
            name="import_row_arrows",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="importrow",
            name="import_rows_are_born_waiting",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="importrow",
            name="import_rows_keep_their_place",
        ),
        migrations.RemoveConstraint(
            model_name="importrow",
            name="import_row_says_what_became_of_it",
        ),
        migrations.AlterModelOptions(
            name="importrow",
            options={"verbose_name": "row of an import", "verbose_name_plural": "rows of imports"},
        ),
        migrations.AddField(
            model_name="importrow",
            name="place",
            field=models.TextField(blank=True, verbose_name="place in the file, where that is no line"),
        ),
        migrations.AlterField(
            model_name="importrow",
            name="line",
            field=models.PositiveIntegerField(verbose_name="number of the row"),
        ),
        migrations.AlterField(
            model_name="importrow",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "Waits"),
                    ("added", "Added"),
                    ("changed", "Brought up to date"),
                    ("known", "In the library already"),
                    ("refused", "Refused"),
                ],
                default="waiting",
                max_length=10,
                verbose_name="what became of it",
            ),
        ),
        migrations.AlterField(
            model_name="importrow",
            name="of",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="rows", to="factcheck.import"
            ),
        ),
        migrations.AlterField(
            model_name="job",
            name="kind",
            field=models.CharField(
                choices=[
                    ("fetch", "Fetch the page"),
                    ("split", "Split a text into claims"),
                    ("suggest", "Find sources in the library"),
                    ("pair", "Find the same claims elsewhere"),
                    ("read", "Fetch the page of a source"),
                    ("import", "Take in a list or a file of fact-checks"),
                    ("index", "Make a source searchable"),
                    ("poll", "Poll a feed"),
                    ("search", "Ask a service outside"),
                ],
                max_length=20,
                verbose_name="kind",
            ),
        ),
        migrations.RunSQL(FILES, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="importrow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("sentence", ""), ("source", None), ("state", "waiting")),
                    models.Q(
                        ("raw", ""),
                        ("sentence", ""),
                        ("source__isnull", False),
                        ("state__in", ["added", "changed", "known"]),
                    ),
                    models.Q(("source", None), ("state", "refused"), models.Q(("sentence", ""), _negated=True)),
                    _connector="OR",
                ),
                name="import_row_says_what_became_of_it",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="importrow",
            trigger=pgtrigger.compiler.Trigger(
                name="import_row_arrows",
                sql=factcheck.models.guards.GuardSql(
                    func="\n            IF NEW.state IS DISTINCT FROM OLD.state AND NOT ((OLD.state = 'waiting' AND NEW.state IN ('added', 'changed', 'known', 'refused'))) THEN\n                RAISE EXCEPTION '% cannot become %', OLD.state, NEW.state USING ERRCODE = 'check_violation', CONSTRAINT = 'import_row_arrows', TABLE = TG_TABLE_NAME;\n            END IF;\n            RETURN NEW;\n        ",
                    hash="22f41474c0875a91cb7fefc7996cac941fec6026",
                    operation="UPDATE",
                    pgid="pgtrigger_import_row_arrows_9d4f1",
                    table="factcheck_importrow",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="importrow",
            trigger=pgtrigger.compiler.Trigger(
                name="import_rows_are_born_waiting",
                sql=factcheck.models.guards.GuardSql(
                    func="\n            IF NOT coalesce(NEW.state IN ('waiting', 'refused'), false) THEN\n                RAISE EXCEPTION 'A row waits first, or is refused because it cannot be read.' USING ERRCODE = 'check_violation', CONSTRAINT = 'import_rows_are_born_waiting', TABLE = TG_TABLE_NAME;\n            END IF;\n            RETURN NEW;\n        ",
                    hash="4b5d3ed545ba507c8047695f332241ce96d106ce",
                    operation="INSERT",
                    pgid="pgtrigger_import_rows_are_born_waiting_bb1b9",
                    table="factcheck_importrow",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="importrow",
            trigger=pgtrigger.compiler.Trigger(
                name="import_rows_keep_their_place",
                sql=factcheck.models.guards.GuardSql(
                    func="IF NEW.id IS DISTINCT FROM OLD.id OR NEW.of_id IS DISTINCT FROM OLD.of_id OR NEW.line IS DISTINCT FROM OLD.line OR NEW.place IS DISTINCT FROM OLD.place THEN RAISE EXCEPTION 'A row stays in its list.' USING ERRCODE = 'check_violation', CONSTRAINT = 'import_rows_keep_their_place', TABLE = TG_TABLE_NAME; END IF; RETURN NEW;",
                    hash="8bfc86401d28e426d1ee49d1dd16a75d0fd4a0da",
                    operation="UPDATE",
                    pgid="pgtrigger_import_rows_keep_their_place_42dbb",
                    table="factcheck_importrow",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="import",
            constraint=models.UniqueConstraint(
                condition=models.Q(("finished_at", None)),
                fields=("kind", "submission"),
                name="the_same_is_imported_once_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="import",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["sources", "fact_checks"])), name="import_kind_is_known"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="import",
            trigger=pgtrigger.compiler.Trigger(
                name="imports_stay_what_was_sent",
                sql=factcheck.models.guards.GuardSql(
                    func="IF NEW.id IS DISTINCT FROM OLD.id OR NEW.kind IS DISTINCT FROM OLD.kind OR NEW.name IS DISTINCT FROM OLD.name OR NEW.size IS DISTINCT FROM OLD.size OR NEW.submission IS DISTINCT FROM OLD.submission OR NEW.said IS DISTINCT FROM OLD.said OR NEW.without_row IS DISTINCT FROM OLD.without_row OR NEW.sent_by_id IS DISTINCT FROM OLD.sent_by_id OR NEW.act IS DISTINCT FROM OLD.act OR NEW.created_at IS DISTINCT FROM OLD.created_at THEN RAISE EXCEPTION 'What was sent in stays what it was.' USING ERRCODE = 'check_violation', CONSTRAINT = 'imports_stay_what_was_sent', TABLE = TG_TABLE_NAME; END IF; RETURN NEW;",
                    hash="5a30c2c287f53ac88d37ec72e9de5eb62f8db657",
                    operation="UPDATE",
                    pgid="pgtrigger_imports_stay_what_was_sent_9f264",
                    table="factcheck_import",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="import",
            trigger=pgtrigger.compiler.Trigger(
                name="imports_stay",
                sql=factcheck.models.guards.GuardSql(
                    func="RAISE EXCEPTION 'An import is never deleted: it says where sources came from.' USING ERRCODE = 'check_violation', CONSTRAINT = 'imports_stay', TABLE = TG_TABLE_NAME;",
                    hash="328bf1a435b57140cbcfd25d60ababd01891bfe5",
                    level="STATEMENT",
                    operation="DELETE OR TRUNCATE",
                    pgid="pgtrigger_imports_stay_76443",
                    table="factcheck_import",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.DeleteModel(
            name="ImportedRecord",
        ),
        migrations.DeleteModel(
            name="FactCheckImport",
        ),
        migrations.DeleteModel(
            name="SourceImport",
        ),
    ]
