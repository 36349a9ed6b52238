"""Sources that come by address, as files and in lists."""

import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import factcheck.models.guards


class Migration(migrations.Migration):
    dependencies = [
        ("factcheck", "0014_factchecks"),
    ]

    operations = [
        migrations.CreateModel(
            name="ImportRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line", models.PositiveIntegerField(verbose_name="line of the list")),
                ("raw", models.TextField(blank=True, verbose_name="the row by itself")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waits"),
                            ("added", "Added"),
                            ("known", "In the library already"),
                            ("refused", "Refused"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="what became of it",
                    ),
                ),
                ("sentence", models.TextField(blank=True, verbose_name="why it was refused")),
            ],
            options={
                "verbose_name": "row of a list of sources",
                "verbose_name_plural": "rows of lists of sources",
            },
        ),
        migrations.CreateModel(
            name="SourceCapture",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("url", models.CharField(blank=True, max_length=2000, verbose_name="address asked")),
                ("final_url", models.CharField(blank=True, max_length=2000, verbose_name="address that answered")),
                ("file_name", models.CharField(blank=True, max_length=255, verbose_name="name of the file")),
                ("media_type", models.CharField(max_length=255, verbose_name="media type")),
                ("sha256", models.CharField(max_length=64, verbose_name="sha256 of the bytes")),
                ("raw", models.BinaryField(verbose_name="bytes as they came")),
                (
                    "taken_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name="taken"
                    ),
                ),
            ],
            options={
                "verbose_name": "capture of a source",
            },
        ),
        migrations.CreateModel(
            name="SourceImport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=255, verbose_name="name of the list")),
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
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
            ],
            options={
                "verbose_name": "list of sources",
                "verbose_name_plural": "lists of sources",
            },
        ),
        migrations.RemoveConstraint(
            model_name="source",
            name="source_seen_is_known",
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
                    ("read", "Fetch and read a source"),
                    ("import", "Add sources from a list"),
                    ("index", "Make a source searchable"),
                    ("poll", "Poll a feed"),
                    ("fact_checks", "Import fact-checks"),
                ],
                max_length=20,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="source",
            name="seen",
            field=models.CharField(
                choices=[
                    ("page", "The page itself was read"),
                    ("mirror", "Read on another site that carries it"),
                    ("cited", "Not read: known from a document that cites it"),
                    ("memory", "Not read: from memory, to be confirmed"),
                    ("unread", "Not read yet"),
                ],
                max_length=10,
                verbose_name="seen",
            ),
        ),
        migrations.AddIndex(
            model_name="passage",
            index=models.Index(fields=["model_version"], name="passages_by_model"),
        ),
        migrations.AddIndex(
            model_name="source",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.search.SearchVector("title", config="english"), name="sources_by_words"
            ),
        ),
        migrations.AddIndex(
            model_name="source",
            index=django.contrib.postgres.indexes.HashIndex(models.F("title"), name="sources_by_title"),
        ),
        migrations.AddConstraint(
            model_name="source",
            constraint=models.CheckConstraint(
                condition=models.Q(("seen__in", ["page", "mirror", "cited", "memory", "unread"])),
                name="source_seen_is_known",
            ),
        ),
        migrations.AddField(
            model_name="importrow",
            name="source",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="factcheck.source",
            ),
        ),
        migrations.AddField(
            model_name="sourcecapture",
            name="source",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="captures", to="factcheck.source"
            ),
        ),
        migrations.AddField(
            model_name="sourceimport",
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
        migrations.AddField(
            model_name="importrow",
            name="of",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="rows", to="factcheck.sourceimport"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="sourcecapture",
            trigger=pgtrigger.compiler.Trigger(
                name="source_captures_stay",
                sql=factcheck.models.guards.GuardSql(
                    func="RAISE EXCEPTION 'What was fetched or sent in stays as it came.' USING ERRCODE = 'check_violation', CONSTRAINT = 'source_captures_stay', TABLE = TG_TABLE_NAME;",
                    hash="736dedf24fb3da5d13d86d835de271aa1debd66e",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_source_captures_stay_9f9e9",
                    table="factcheck_sourcecapture",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="sourcecapture",
            trigger=pgtrigger.compiler.Trigger(
                name="source_capture_has_its_hash",
                sql=factcheck.models.guards.GuardSql(
                    func="\n            IF NOT coalesce(NEW.sha256 = encode(sha256(NEW.raw), 'hex'), false) THEN\n                RAISE EXCEPTION 'The sha256 of a capture is that of its bytes.' USING ERRCODE = 'check_violation', CONSTRAINT = 'source_capture_has_its_hash', TABLE = TG_TABLE_NAME;\n            END IF;\n            RETURN NEW;\n        ",
                    hash="1718aa11c6054a078cf5df199e4e5415a574e37f",
                    operation="INSERT",
                    pgid="pgtrigger_source_capture_has_its_hash_221ac",
                    table="factcheck_sourcecapture",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="sourceimport",
            constraint=models.UniqueConstraint(
                fields=("sent_by", "submission"), name="one_import_per_list_and_person", nulls_distinct=False
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="sourceimport",
            trigger=pgtrigger.compiler.Trigger(
                name="source_imports_stay",
                sql=factcheck.models.guards.GuardSql(
                    func="RAISE EXCEPTION 'What was sent in stays what it was.' USING ERRCODE = 'check_violation', CONSTRAINT = 'source_imports_stay', TABLE = TG_TABLE_NAME;",
                    hash="b714edce87c3535e5272b276a57bb27ab6a57a47",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_source_imports_stay_5b506",
                    table="factcheck_sourceimport",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="importrow",
            index=models.Index(
                condition=models.Q(("state", "waiting")), fields=["of", "line"], name="import_rows_waiting"
            ),
        ),
        migrations.AddIndex(
            model_name="importrow",
            index=models.Index(
                condition=models.Q(("state", "refused")), fields=["of", "line"], name="import_rows_refused"
            ),
        ),
        migrations.AddConstraint(
            model_name="importrow",
            constraint=models.UniqueConstraint(fields=("of", "line"), name="one_row_per_list_and_line"),
        ),
        migrations.AddConstraint(
            model_name="importrow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("sentence", ""), ("source", None), ("state", "waiting")),
                    models.Q(
                        ("raw", ""), ("sentence", ""), ("source__isnull", False), ("state__in", ["added", "known"])
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
                    func="\n            IF NEW.state IS DISTINCT FROM OLD.state AND NOT ((OLD.state = 'waiting' AND NEW.state IN ('added', 'known', 'refused'))) THEN\n                RAISE EXCEPTION '% cannot become %', OLD.state, NEW.state USING ERRCODE = 'check_violation', CONSTRAINT = 'import_row_arrows', TABLE = TG_TABLE_NAME;\n            END IF;\n            RETURN NEW;\n        ",
                    hash="788f16f3641e8f6d80d82a169f7bb254bd1a3e61",
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
                    func="\n            IF NOT coalesce(NEW.state = 'waiting', false) THEN\n                RAISE EXCEPTION 'A row of a list waits first.' USING ERRCODE = 'check_violation', CONSTRAINT = 'import_rows_are_born_waiting', TABLE = TG_TABLE_NAME;\n            END IF;\n            RETURN NEW;\n        ",
                    hash="f7e909779ca55ff5e1ddcfbdaabe06e88313f0fa",
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
                    func="IF NEW.id IS DISTINCT FROM OLD.id OR NEW.of_id IS DISTINCT FROM OLD.of_id OR NEW.line IS DISTINCT FROM OLD.line THEN RAISE EXCEPTION 'A row stays in its list.' USING ERRCODE = 'check_violation', CONSTRAINT = 'import_rows_keep_their_place', TABLE = TG_TABLE_NAME; END IF; RETURN NEW;",
                    hash="bc69901b68d6c222020bcf109528f738ab843511",
                    operation="UPDATE",
                    pgid="pgtrigger_import_rows_keep_their_place_42dbb",
                    table="factcheck_importrow",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="importrow",
            trigger=pgtrigger.compiler.Trigger(
                name="import_rows_stay",
                sql=factcheck.models.guards.GuardSql(
                    func="RAISE EXCEPTION 'What became of a row of a list stays known.' USING ERRCODE = 'check_violation', CONSTRAINT = 'import_rows_stay', TABLE = TG_TABLE_NAME;",
                    hash="1f4fbf10ebd7e55cd6759884fd9922e2805022e7",
                    level="STATEMENT",
                    operation="DELETE OR TRUNCATE",
                    pgid="pgtrigger_import_rows_stay_d907c",
                    table="factcheck_importrow",
                    when="BEFORE",
                ),
            ),
        ),
    ]
