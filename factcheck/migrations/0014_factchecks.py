"""Fact-checks of others and our own in the library, and imports of files of them."""

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import factcheck.models.guards


class Migration(migrations.Migration):
    dependencies = [
        ("factcheck", "0013_pairs"),
    ]

    operations = [
        migrations.CreateModel(
            name="FactCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "updated_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("claim_reviewed", models.TextField(verbose_name="claim reviewed")),
                ("claimant", models.TextField(blank=True, verbose_name="who made the claim")),
                ("claim_date", models.CharField(blank=True, max_length=10, verbose_name="claim made")),
                ("appearances", models.JSONField(blank=True, default=list, verbose_name="where the claim was made")),
                ("title", models.TextField(blank=True, verbose_name="title")),
                ("publisher", models.TextField(blank=True, verbose_name="publisher")),
                ("site", models.TextField(blank=True, verbose_name="publisher’s site")),
                ("review_date", models.CharField(blank=True, max_length=10, verbose_name="reviewed")),
                ("rating", models.TextField(blank=True, verbose_name="rating, in their words")),
                ("rating_value", models.TextField(blank=True, verbose_name="rating as a number, as given")),
                ("rating_best", models.TextField(blank=True, verbose_name="best rating, as given")),
                ("rating_worst", models.TextField(blank=True, verbose_name="worst rating, as given")),
                ("language", models.CharField(blank=True, max_length=35, verbose_name="language, as given")),
                ("raw", models.TextField(verbose_name="the record as it came (JSON)")),
            ],
            options={
                "verbose_name": "fact-check",
            },
        ),
        migrations.CreateModel(
            name="FactCheckImport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                (
                    "updated_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("file_name", models.CharField(blank=True, max_length=255, verbose_name="name of the file")),
                ("size", models.PositiveBigIntegerField(verbose_name="bytes")),
                ("sha256", models.CharField(max_length=64, verbose_name="sha256 of the bytes")),
                ("total", models.PositiveIntegerField(verbose_name="records in the file")),
                (
                    "repeated",
                    models.PositiveIntegerField(default=0, verbose_name="stand again further down in the file"),
                ),
                ("added", models.PositiveIntegerField(default=0, verbose_name="new to the library")),
                ("changed", models.PositiveIntegerField(default=0, verbose_name="known, and changed since")),
                ("same", models.PositiveIntegerField(default=0, verbose_name="known as they are")),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="finished")),
            ],
            options={
                "verbose_name": "import of fact-checks",
                "verbose_name_plural": "imports of fact-checks",
            },
        ),
        migrations.CreateModel(
            name="ImportedRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="number in the file")),
                ("place", models.TextField(verbose_name="place in the file")),
                ("record", models.JSONField(blank=True, default=dict, verbose_name="record")),
                ("raw", models.TextField(blank=True, verbose_name="how it begins")),
                ("sentence", models.TextField(blank=True, verbose_name="why it was refused")),
            ],
            options={
                "verbose_name": "record of an import",
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="source",
            name="sources_keep_their_key",
        ),
        migrations.RemoveConstraint(
            model_name="source",
            name="one_source_per_address",
        ),
        migrations.AddField(
            model_name="source",
            name="part",
            field=models.CharField(blank=True, editable=False, max_length=64, verbose_name="part of the page"),
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
                    ("index", "Make a source searchable"),
                    ("poll", "Poll a feed"),
                    ("fact_checks", "Import fact-checks"),
                ],
                max_length=20,
                verbose_name="kind",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="source",
            trigger=pgtrigger.compiler.Trigger(
                name="sources_keep_their_key",
                sql=factcheck.models.guards.GuardSql(
                    func="IF NEW.id IS DISTINCT FROM OLD.id OR NEW.confidential_with_id IS DISTINCT FROM OLD.confidential_with_id OR NEW.part IS DISTINCT FROM OLD.part THEN RAISE EXCEPTION 'A source''s key stays: evidence may rest on it.' USING ERRCODE = 'check_violation', CONSTRAINT = 'sources_keep_their_key', TABLE = TG_TABLE_NAME; END IF; RETURN NEW;",
                    hash="136fa5758b4a7dcf469b02479943bb29de8a98b7",
                    operation="UPDATE",
                    pgid="pgtrigger_sources_keep_their_key_89496",
                    table="factcheck_source",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="source",
            constraint=models.UniqueConstraint(
                condition=models.Q(models.Q(("url", ""), _negated=True), ("confidential_with__isnull", True)),
                fields=("url", "part"),
                name="one_source_per_address",
            ),
        ),
        migrations.AddConstraint(
            model_name="source",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("part", ""),
                    models.Q(("kind", "fact_check"), models.Q(("url", ""), _negated=True)),
                    _connector="OR",
                ),
                name="parts_of_pages_are_fact_checks",
            ),
        ),
        migrations.AddField(
            model_name="factcheck",
            name="publication",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="fact_check",
                to="factcheck.publication",
                verbose_name="our publication",
            ),
        ),
        migrations.AddField(
            model_name="factcheck",
            name="source",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="fact_check", to="factcheck.source"
            ),
        ),
        migrations.AddField(
            model_name="factcheckimport",
            name="imported_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="importedrecord",
            name="of",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="records",
                to="factcheck.factcheckimport",
                verbose_name="import",
            ),
        ),
        migrations.AddConstraint(
            model_name="factcheck",
            constraint=models.CheckConstraint(
                condition=models.Q(("claim_reviewed__regex", "^\\s*$"), _negated=True),
                name="fact_check_names_its_claim",
            ),
        ),
        migrations.AddConstraint(
            model_name="factcheck",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("claim_date__regex", "^(\\d{4}(-\\d{2}(-\\d{2})?)?)?$"),
                    ("review_date__regex", "^(\\d{4}(-\\d{2}(-\\d{2})?)?)?$"),
                ),
                name="fact_check_dates_are_partial_dates",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="factcheck",
            trigger=pgtrigger.compiler.Trigger(
                name="a_fact_check_version_rises",
                sql=factcheck.models.guards.GuardSql(
                    func="NEW.version := OLD.version + 1; RETURN NEW;",
                    hash="370b9f733527a741b5d80743a2f103832e616d2e",
                    operation="UPDATE",
                    pgid="pgtrigger_a_fact_check_version_rises_65b51",
                    table="factcheck_factcheck",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="factcheck",
            trigger=pgtrigger.compiler.Trigger(
                name="fact_checks_keep_their_source",
                sql=factcheck.models.guards.GuardSql(
                    func="IF NEW.id IS DISTINCT FROM OLD.id OR NEW.source_id IS DISTINCT FROM OLD.source_id THEN RAISE EXCEPTION 'A fact-check stays with its source.' USING ERRCODE = 'check_violation', CONSTRAINT = 'fact_checks_keep_their_source', TABLE = TG_TABLE_NAME; END IF; RETURN NEW;",
                    hash="01b7ac87dec7abaeb553c761822006b67654b9e6",
                    operation="UPDATE",
                    pgid="pgtrigger_fact_checks_keep_their_source_56e9a",
                    table="factcheck_factcheck",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="factcheck",
            trigger=pgtrigger.compiler.Trigger(
                name="fact_checks_stay",
                sql=factcheck.models.guards.GuardSql(
                    func="RAISE EXCEPTION 'A fact-check is never deleted: a suggestion may show it.' USING ERRCODE = 'check_violation', CONSTRAINT = 'fact_checks_stay', TABLE = TG_TABLE_NAME;",
                    hash="398d432727a72fdcf76bae83a5062c102c910904",
                    level="STATEMENT",
                    operation="DELETE OR TRUNCATE",
                    pgid="pgtrigger_fact_checks_stay_88199",
                    table="factcheck_factcheck",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="factcheck",
            trigger=pgtrigger.compiler.Trigger(
                name="fact_check_is_of_its_source",
                sql=factcheck.models.guards.GuardSql(
                    func="\n                    IF NOT EXISTS (\n                        SELECT FROM factcheck_source source\n                        WHERE source.id = NEW.source_id AND source.kind = 'fact_check' AND source.part = CASE\n                            WHEN NEW.publication_id IS NOT NULL THEN ''\n                            ELSE encode(sha256(convert_to(NEW.claim_reviewed, 'UTF8')), 'hex') END\n                    ) THEN\n                        RAISE EXCEPTION 'A fact-check belongs to a source of that kind, and to the part of its page that reviews its claim.' USING ERRCODE = 'check_violation', CONSTRAINT = 'fact_check_is_of_its_source', TABLE = TG_TABLE_NAME;\n                    END IF;\n                    RETURN NEW;\n                ",
                    hash="73ec60f146d273dcbff0ee999f5b9bc4d30a723e",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_fact_check_is_of_its_source_9760a",
                    table="factcheck_factcheck",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="factcheckimport",
            constraint=models.UniqueConstraint(
                condition=models.Q(("finished_at", None)), fields=("sha256",), name="a_file_is_imported_once_at_a_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="factcheckimport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "total__gte",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    models.F("repeated"), "+", models.F("added")
                                ),
                                "+",
                                models.F("changed"),
                            ),
                            "+",
                            models.F("same"),
                        ),
                    )
                ),
                name="import_counts_no_more_than_there_are",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="factcheckimport",
            trigger=pgtrigger.compiler.Trigger(
                name="a_import_version_rises",
                sql=factcheck.models.guards.GuardSql(
                    func="NEW.version := OLD.version + 1; RETURN NEW;",
                    hash="583649ce4febf6aa813ba9a9b27f39c41825b04f",
                    operation="UPDATE",
                    pgid="pgtrigger_a_import_version_rises_d514b",
                    table="factcheck_factcheckimport",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="factcheckimport",
            trigger=pgtrigger.compiler.Trigger(
                name="imports_stay_what_was_sent",
                sql=factcheck.models.guards.GuardSql(
                    func="IF NEW.id IS DISTINCT FROM OLD.id OR NEW.file_name IS DISTINCT FROM OLD.file_name OR NEW.size IS DISTINCT FROM OLD.size OR NEW.sha256 IS DISTINCT FROM OLD.sha256 OR NEW.imported_by_id IS DISTINCT FROM OLD.imported_by_id OR NEW.total IS DISTINCT FROM OLD.total OR NEW.repeated IS DISTINCT FROM OLD.repeated OR NEW.created_at IS DISTINCT FROM OLD.created_at THEN RAISE EXCEPTION 'What was sent in stays what it was.' USING ERRCODE = 'check_violation', CONSTRAINT = 'imports_stay_what_was_sent', TABLE = TG_TABLE_NAME; END IF; RETURN NEW;",
                    hash="9af7e64631e955645ff7fe506f26fa7b9716a21c",
                    operation="UPDATE",
                    pgid="pgtrigger_imports_stay_what_was_sent_26585",
                    table="factcheck_factcheckimport",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="factcheckimport",
            trigger=pgtrigger.compiler.Trigger(
                name="imports_stay",
                sql=factcheck.models.guards.GuardSql(
                    func="RAISE EXCEPTION 'An import is never deleted: it says where fact-checks came from.' USING ERRCODE = 'check_violation', CONSTRAINT = 'imports_stay', TABLE = TG_TABLE_NAME;",
                    hash="60f54908c92008b754470dfb9a1538a37d344824",
                    level="STATEMENT",
                    operation="DELETE OR TRUNCATE",
                    pgid="pgtrigger_imports_stay_40c93",
                    table="factcheck_factcheckimport",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="importedrecord",
            constraint=models.UniqueConstraint(fields=("of", "number"), name="one_record_per_import_and_number"),
        ),
        migrations.AddConstraint(
            model_name="importedrecord",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("record", {}), _negated=True),
                    models.Q(("sentence__regex", "^\\s*$"), _negated=True),
                    _connector="OR",
                ),
                name="record_waits_or_says_why",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="importedrecord",
            trigger=pgtrigger.compiler.Trigger(
                name="refused_records_stay",
                sql=factcheck.models.guards.GuardSql(
                    func="\n                    IF OLD.sentence <> '' THEN\n                        RAISE EXCEPTION 'A record that could not be taken stays, with the reason.' USING ERRCODE = 'check_violation', CONSTRAINT = 'refused_records_stay', TABLE = TG_TABLE_NAME;\n                    END IF;\n                    RETURN coalesce(NEW, OLD);\n                ",
                    hash="8bf88ec1773ddb698f9662da6deade489bac482f",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_refused_records_stay_cb82a",
                    table="factcheck_importedrecord",
                    when="BEFORE",
                ),
            ),
        ),
    ]
