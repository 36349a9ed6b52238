"""The desk's queue: assignees, due dates and priorities, leases, saved views, and what its orders and filters need."""

import datetime

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
import django.db.models.functions.text
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import factcheck.models.guards


class Migration(migrations.Migration):
    dependencies = [
        ("factcheck", "0018_imports"),
    ]

    operations = [
        migrations.CreateModel(
            name="Lease",
            fields=[
                (
                    "claim",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="lease",
                        serialize=False,
                        to="factcheck.claim",
                    ),
                ),
                ("until", models.DateTimeField(verbose_name="until")),
            ],
            options={
                "verbose_name": "lease of a claim",
                "verbose_name_plural": "leases of claims",
            },
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("shared", models.BooleanField(default=False, verbose_name="shared with the desk")),
                ("query", models.CharField(blank=True, max_length=2000, verbose_name="filter, as a query string")),
            ],
            options={
                "verbose_name": "saved view",
            },
        ),
        migrations.RemoveIndex(
            model_name="claim",
            name="claims_by_checkworthiness",
        ),
        migrations.AddField(
            model_name="claim",
            name="assignee",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="assigned_claims",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="claim",
            name="due_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="due"),
        ),
        migrations.AddField(
            model_name="claim",
            name="priority",
            field=models.PositiveSmallIntegerField(
                choices=[(1, "Low"), (2, "Normal"), (3, "High"), (4, "Urgent")],
                db_default=2,
                default=2,
                verbose_name="priority",
            ),
        ),
        migrations.AddField(
            model_name="suggestion",
            name="conflicts",
            field=models.BooleanField(default=False, editable=False, verbose_name="has another value than the claim"),
        ),
        migrations.AddField(
            model_name="suggestion",
            name="of_fact_check",
            field=models.BooleanField(default=False, editable=False, verbose_name="leads to an earlier fact-check"),
        ),
        migrations.AddField(
            model_name="user",
            name="timezone",
            field=models.CharField(blank=True, max_length=64, verbose_name="time zone"),
        ),
        migrations.AddField(
            model_name="lease",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="leases", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="savedview",
            name="owner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="saved_views", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="claim",
            name="tsv",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.contrib.postgres.search.SearchVector("statement", "speaker", config="english"),
                output_field=django.contrib.postgres.search.SearchVectorField(),
            ),
        ),
        # A row's version is the clients': what was known of it all along is no change to them.
        migrations.RunSQL(
            """
            ALTER TABLE factcheck_suggestion DISABLE TRIGGER USER;
            UPDATE factcheck_suggestion suggestion
            SET of_fact_check = source.kind = 'fact_check',
                conflicts = jsonb_path_exists(suggestion.features, '$.values[*] ? (@.relation == "conflict")')
            FROM factcheck_passage passage JOIN factcheck_source source ON source.id = passage.source_id
            WHERE passage.id = suggestion.passage_id;
            ALTER TABLE factcheck_suggestion ENABLE TRIGGER USER;
            """,
            migrations.RunSQL.noop,
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="claim",
            name="a_claim_version_rises",
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(
                django.db.models.expressions.CombinedExpression(models.F("priority"), "*", models.Value(-1)),
                django.db.models.expressions.CombinedExpression(
                    django.db.models.functions.comparison.Coalesce("checkworthiness", models.Value(-1.0)),
                    "*",
                    models.Value(-1.0),
                ),
                models.F("id"),
                condition=models.Q(
                    models.Q(("not_checkable", ""), ("status", "detected")), ("status", "in_review"), _connector="OR"
                ),
                name="claims_to_do_by_worth",
            ),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(
                django.db.models.functions.comparison.Coalesce(
                    "due_at",
                    models.Value(datetime.datetime(9999, 1, 1, 0, 0, tzinfo=datetime.UTC), models.DateTimeField()),
                ),
                models.F("id"),
                condition=models.Q(
                    models.Q(("not_checkable", ""), ("status", "detected")), ("status", "in_review"), _connector="OR"
                ),
                name="claims_to_do_by_due",
            ),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(
                models.ExpressionWrapper(
                    django.db.models.expressions.CombinedExpression(models.F("article_id"), "*", models.Value(-1)),
                    models.BigIntegerField(),
                ),
                models.F("id"),
                condition=models.Q(
                    models.Q(("not_checkable", ""), ("status", "detected")), ("status", "in_review"), _connector="OR"
                ),
                name="claims_to_do_by_article",
            ),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(
                django.db.models.expressions.CombinedExpression(models.F("priority"), "*", models.Value(-1)),
                django.db.models.expressions.CombinedExpression(
                    django.db.models.functions.comparison.Coalesce("checkworthiness", models.Value(-1.0)),
                    "*",
                    models.Value(-1.0),
                ),
                models.F("id"),
                name="claims_by_worth",
            ),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(
                django.db.models.functions.comparison.Coalesce(
                    "due_at",
                    models.Value(datetime.datetime(9999, 1, 1, 0, 0, tzinfo=datetime.UTC), models.DateTimeField()),
                ),
                models.F("id"),
                name="claims_by_due",
            ),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(
                models.ExpressionWrapper(
                    django.db.models.expressions.CombinedExpression(models.F("article_id"), "*", models.Value(-1)),
                    models.BigIntegerField(),
                ),
                models.F("id"),
                name="claims_by_article",
            ),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(fields=["status", "kind"], name="claims_by_status"),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(django.db.models.functions.text.Upper("speaker"), name="claims_by_speaker"),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=django.contrib.postgres.indexes.GinIndex(fields=["tsv"], name="claims_by_words"),
        ),
        migrations.AddIndex(
            model_name="suggestion",
            index=models.Index(
                condition=models.Q(("of_fact_check", True), models.Q(("status", "dismissed"), _negated=True)),
                fields=["claim"],
                name="claims_checked_before",
            ),
        ),
        migrations.AddIndex(
            model_name="suggestion",
            index=models.Index(
                condition=models.Q(("conflicts", True), models.Q(("status", "dismissed"), _negated=True)),
                fields=["claim"],
                name="claims_in_conflict",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="claim",
            trigger=pgtrigger.compiler.Trigger(
                name="a_claim_version_rises",
                sql=factcheck.models.guards.GuardSql(
                    func="IF NOT (to_jsonb(NEW) - '{embedding,tsv}'::text[] = to_jsonb(OLD) - '{embedding,tsv}'::text[] AND NEW.embedding IS DISTINCT FROM OLD.embedding) THEN NEW.version := OLD.version + 1; END IF; RETURN NEW;",
                    hash="e2b71b30b810a20de4404b90d501b797c5281b9e",
                    operation="UPDATE",
                    pgid="pgtrigger_a_claim_version_rises_3f4e2",
                    table="factcheck_claim",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="claim",
            trigger=pgtrigger.compiler.Trigger(
                name="assignee_keeps_away_from_no_claim",
                sql=factcheck.models.guards.GuardSql(
                    func="\n                    IF NEW.assignee_id IS NOT NULL AND EXISTS (\n                        SELECT FROM factcheck_conflictofinterest conflict\n                        WHERE conflict.claim_id = NEW.id AND conflict.person_id = NEW.assignee_id\n                          AND conflict.withdrawn_at IS NULL\n                    ) THEN\n                        RAISE EXCEPTION 'Who has a conflict of interest on a claim is not assigned to it.' USING ERRCODE = 'check_violation', CONSTRAINT = 'assignee_keeps_away_from_no_claim', TABLE = TG_TABLE_NAME;\n                    END IF;\n                    RETURN NEW;\n                ",
                    hash="92c0d1f304060559203bad060680db60cb58a18d",
                    operation="UPDATE",
                    pgid="pgtrigger_assignee_keeps_away_from_no_claim_2471d",
                    table="factcheck_claim",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="conflictofinterest",
            trigger=pgtrigger.compiler.Trigger(
                name="who_keeps_away_is_not_assigned",
                sql=factcheck.models.guards.GuardSql(
                    constraint="CONSTRAINT",
                    func="\n                    IF NEW.withdrawn_at IS NULL AND EXISTS (\n                        SELECT FROM factcheck_claim claim\n                        WHERE claim.id = NEW.claim_id AND claim.assignee_id = NEW.person_id\n                    ) THEN\n                        RAISE EXCEPTION 'Who has a conflict of interest on a claim is not assigned to it.' USING ERRCODE = 'check_violation', CONSTRAINT = 'who_keeps_away_is_not_assigned', TABLE = TG_TABLE_NAME;\n                    END IF;\n                    RETURN NULL;\n                ",
                    hash="907e7c002dd152efba6cdc9e0c26c262e79e0258",
                    operation="INSERT",
                    pgid="pgtrigger_who_keeps_away_is_not_assigned_aa540",
                    table="factcheck_conflictofinterest",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="suggestion",
            trigger=pgtrigger.compiler.Trigger(
                name="suggestion_tells_what_it_leads_to",
                sql=factcheck.models.guards.GuardSql(
                    func="\n    NEW.of_fact_check := EXISTS (\n        SELECT FROM factcheck_passage passage JOIN factcheck_source source ON source.id = passage.source_id\n        WHERE passage.id = NEW.passage_id AND source.kind = 'fact_check');\n    NEW.conflicts := jsonb_path_exists(NEW.features, '$.values[*] ? (@.relation == \"conflict\")');\n    RETURN NEW;\n",
                    hash="bfddcf01851bfc322ea592c664418ee9e46ce8c3",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_suggestion_tells_what_it_leads_to_8cd86",
                    table="factcheck_suggestion",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(("priority__in", [1, 2, 3, 4])), name="priority_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("due_at__isnull", True),
                    ("due_at__lt", datetime.datetime(9999, 1, 1, 0, 0, tzinfo=datetime.UTC)),
                    _connector="OR",
                ),
                name="due_in_a_year_of_four_digits",
            ),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.UniqueConstraint(fields=("owner", "name"), name="one_view_per_owner_and_name"),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.CheckConstraint(
                condition=models.Q(("name__regex", "^\\s*$"), _negated=True), name="saved_view_has_a_name"
            ),
        ),
    ]
