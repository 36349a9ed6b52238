"""Where the speaker of a claim is named; indexes for a desk with a million claims; due dates of four digits from both
sides.
"""

import datetime

import django.contrib.postgres.fields.ranges
import django.db.models.expressions
import django.db.models.functions.comparison
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import factcheck.models.guards


class Migration(migrations.Migration):
    dependencies = [
        ("factcheck", "0023_checklist"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="anchor",
            name="anchor_words_stand_there",
        ),
        migrations.RemoveConstraint(
            model_name="claim",
            name="due_in_a_year_of_four_digits",
        ),
        migrations.RemoveIndex(
            model_name="suggestion",
            name="claims_checked_before",
        ),
        migrations.RemoveIndex(
            model_name="suggestion",
            name="claims_in_conflict",
        ),
        migrations.AddField(
            model_name="anchor",
            name="cue_span",
            field=django.contrib.postgres.fields.ranges.IntegerRangeField(
                blank=True, null=True, verbose_name="where the cue stands"
            ),
        ),
        migrations.AddField(
            model_name="anchor",
            name="speaker_span",
            field=django.contrib.postgres.fields.ranges.IntegerRangeField(
                blank=True, null=True, verbose_name="where the speaker is named"
            ),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(
                models.F("status"),
                django.db.models.expressions.CombinedExpression(models.F("priority"), "*", models.Value(-1)),
                django.db.models.expressions.CombinedExpression(
                    django.db.models.functions.comparison.Coalesce("checkworthiness", models.Value(-1.0)),
                    "*",
                    models.Value(-1.0),
                ),
                models.F("id"),
                name="claims_of_a_status_by_worth",
            ),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(
                condition=models.Q(
                    models.Q(("not_checkable", ""), ("status", "detected")), ("status", "in_review"), _connector="OR"
                ),
                fields=["created_at"],
                include=("status", "article"),
                name="claims_waiting",
            ),
        ),
        migrations.AddIndex(
            model_name="suggestion",
            index=models.Index(
                condition=models.Q(("of_fact_check", True), models.Q(("status", "dismissed"), _negated=True)),
                fields=["claim"],
                include=("passage",),
                name="claims_checked_before",
            ),
        ),
        migrations.AddIndex(
            model_name="suggestion",
            index=models.Index(
                condition=models.Q(("conflicts", True), models.Q(("status", "dismissed"), _negated=True)),
                fields=["claim"],
                include=("passage",),
                name="claims_in_conflict",
            ),
        ),
        migrations.AddIndex(
            model_name="suggestion",
            index=models.Index(
                condition=models.Q(("status", "pending"), _negated=True),
                fields=["updated_at"],
                name="suggestions_decided",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="anchor",
            trigger=pgtrigger.compiler.Trigger(
                name="anchor_words_stand_there",
                sql=factcheck.models.guards.GuardSql(
                    declare="DECLARE version factcheck_articleversion%ROWTYPE;",
                    func="\n                    SELECT * INTO version FROM factcheck_articleversion WHERE id = NEW.article_version_id;\n                    IF NOT EXISTS (SELECT FROM factcheck_claim\n                                   WHERE id = NEW.claim_id AND article_id = version.article_id) THEN\n                        RAISE EXCEPTION 'An anchor joins a claim to a text of its own article.' USING ERRCODE = 'check_violation', CONSTRAINT = 'anchor_words_stand_there', TABLE = TG_TABLE_NAME;\n                    END IF;\n                    IF NEW.status = 'exact' AND (\n                        NEW.\"end\" - NEW.\"start\" IS DISTINCT FROM char_length(NEW.exact)\n                        OR substr(version.text, NEW.\"start\" + 1, char_length(NEW.exact)) IS DISTINCT FROM NEW.exact\n                    ) THEN\n                        RAISE EXCEPTION 'The anchored words do not stand there in the text.' USING ERRCODE = 'check_violation', CONSTRAINT = 'anchor_words_stand_there', TABLE = TG_TABLE_NAME;\n                    END IF;\n                    IF EXISTS (\n                        SELECT FROM (VALUES (NEW.speaker_span), (NEW.cue_span)) AS named (place)\n                        WHERE place IS NOT NULL AND (NEW.status <> 'exact' OR isempty(place)\n                                                     OR NOT place <@ int4range(0, char_length(version.text)))\n                    ) THEN\n                        RAISE EXCEPTION 'Speaker and cue stand in the text, as the claim does.' USING ERRCODE = 'check_violation', CONSTRAINT = 'anchor_words_stand_there', TABLE = TG_TABLE_NAME;\n                    END IF;\n                    RETURN NEW;\n                ",
                    hash="9338f1cb7b2b740ca11ba3028f017bffed1b32c7",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_anchor_words_stand_there_6f090",
                    table="factcheck_anchor",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("due_at__isnull", True),
                    models.Q(
                        ("due_at__gte", datetime.datetime(1000, 1, 1, 0, 0, tzinfo=datetime.UTC)),
                        ("due_at__lt", datetime.datetime(9999, 1, 1, 0, 0, tzinfo=datetime.UTC)),
                    ),
                    _connector="OR",
                ),
                name="due_in_a_year_of_four_digits",
            ),
        ),
    ]
