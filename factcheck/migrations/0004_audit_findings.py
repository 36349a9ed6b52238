"""What checks of the trail find, and the indexes that its pages are filtered by."""

import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import factcheck.models.guards


class Migration(migrations.Migration):
    dependencies = [
        ("factcheck", "0003_confidence"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "finished_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name="finished"
                    ),
                ),
                ("entries", models.BigIntegerField(verbose_name="entries")),
                ("chains", models.BigIntegerField(verbose_name="chains")),
                ("roots", models.BigIntegerField(verbose_name="roots")),
                ("publications", models.BigIntegerField(verbose_name="publications")),
                ("problems", models.BigIntegerField(verbose_name="problems")),
            ],
            options={
                "verbose_name": "check of the trail",
                "get_latest_by": "pk",
            },
        ),
        migrations.CreateModel(
            name="AuditFinding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("chain", models.CharField(blank=True, max_length=36, verbose_name="chain")),
                ("publication", models.BigIntegerField(null=True, verbose_name="publication (key)")),
                ("sentence", models.CharField(max_length=600, verbose_name="what was found")),
                (
                    "found_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name="found"
                    ),
                ),
                ("resolved_at", models.DateTimeField(null=True, verbose_name="found no more since")),
            ],
            options={
                "verbose_name": "finding",
            },
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["verb", "id"], name="audit_by_verb"),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["actor", "id"], name="audit_by_actor"),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["at"], name="audit_by_time"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="auditcheck",
            trigger=pgtrigger.compiler.Trigger(
                name="checks_stay",
                sql=factcheck.models.guards.GuardSql(
                    func="RAISE EXCEPTION 'A check of the trail is never changed.' USING ERRCODE = 'check_violation', CONSTRAINT = 'checks_stay', TABLE = TG_TABLE_NAME;",
                    hash="68c9383cc0673128536061e37566a01ba8b1fbdd",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_checks_stay_99833",
                    table="factcheck_auditcheck",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="auditfinding",
            constraint=models.UniqueConstraint(
                condition=models.Q(("resolved_at__isnull", True)), fields=("sentence",), name="a_finding_is_open_once"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="auditfinding",
            trigger=pgtrigger.compiler.Trigger(
                name="findings_stay_as_found",
                sql=factcheck.models.guards.GuardSql(
                    func="IF NEW.id IS DISTINCT FROM OLD.id OR NEW.chain IS DISTINCT FROM OLD.chain OR NEW.publication IS DISTINCT FROM OLD.publication OR NEW.sentence IS DISTINCT FROM OLD.sentence OR NEW.found_at IS DISTINCT FROM OLD.found_at THEN RAISE EXCEPTION 'A finding is never changed; it can only be resolved.' USING ERRCODE = 'check_violation', CONSTRAINT = 'findings_stay_as_found', TABLE = TG_TABLE_NAME; END IF; RETURN NEW;",
                    hash="d40f575f4ca6205360ea80b2e3a15c0ccebfd9b2",
                    operation="UPDATE",
                    pgid="pgtrigger_findings_stay_as_found_c217d",
                    table="factcheck_auditfinding",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="auditfinding",
            trigger=pgtrigger.compiler.Trigger(
                name="findings_stay",
                sql=factcheck.models.guards.GuardSql(
                    func="RAISE EXCEPTION 'A finding is never deleted; it can only be resolved.' USING ERRCODE = 'check_violation', CONSTRAINT = 'findings_stay', TABLE = TG_TABLE_NAME;",
                    hash="0245d2b4870158b896ea4a2ca14b9ab30229d5ea",
                    level="STATEMENT",
                    operation="DELETE OR TRUNCATE",
                    pgid="pgtrigger_findings_stay_be873",
                    table="factcheck_auditfinding",
                    when="BEFORE",
                ),
            ),
        ),
    ]
