"""Which claims took the place of which, when a person splits or merges them. Their version is of what people read."""

import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import factcheck.models.guards


class Migration(migrations.Migration):
    dependencies = [
        ("factcheck", "0007_captures"),
    ]

    operations = [
        migrations.CreateModel(
            name="Lineage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("act", models.UUIDField(verbose_name="act")),
                (
                    "kind",
                    models.CharField(
                        choices=[("split", "Split"), ("merge", "Merged"), ("undo", "Put back")],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name="when"
                    ),
                ),
                ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="undone")),
            ],
            options={
                "verbose_name": "lineage",
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="claim",
            name="a_claim_version_rises",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="claim",
            trigger=pgtrigger.compiler.Trigger(
                name="a_claim_version_rises",
                sql=factcheck.models.guards.GuardSql(
                    func="IF NOT (to_jsonb(NEW) - 'embedding' = to_jsonb(OLD) - 'embedding' AND NEW.embedding IS DISTINCT FROM OLD.embedding) THEN NEW.version := OLD.version + 1; END IF; RETURN NEW;",
                    hash="29350edca2cc9859b891d2bd50a0a132c8c384dc",
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
                name="superseded_claim_has_successors",
                sql=factcheck.models.guards.GuardSql(
                    constraint="CONSTRAINT",
                    func="\n                    IF NOT EXISTS (SELECT FROM factcheck_claim WHERE id = NEW.id AND \n    (status = 'superseded') = EXISTS (\n        SELECT FROM factcheck_lineage lineage\n        WHERE lineage.before_id = factcheck_claim.id AND lineage.undone_at IS NULL)\n) THEN\n                        RAISE EXCEPTION 'A claim is superseded exactly while others stand in its place.' USING ERRCODE = 'check_violation', CONSTRAINT = 'superseded_claim_has_successors', TABLE = TG_TABLE_NAME;\n                    END IF;\n                    RETURN NULL;\n                ",
                    hash="21c3a98234db333c4722312e74257af54737acfa",
                    operation="UPDATE",
                    pgid="pgtrigger_superseded_claim_has_successors_b9bbc",
                    table="factcheck_claim",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="lineage",
            name="after",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="origins", to="factcheck.claim"
            ),
        ),
        migrations.AddField(
            model_name="lineage",
            name="before",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="successions", to="factcheck.claim"
            ),
        ),
        migrations.AddField(
            model_name="lineage",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="lineage",
            constraint=models.UniqueConstraint(fields=("act", "before", "after"), name="one_lineage_per_act_and_pair"),
        ),
        migrations.AddConstraint(
            model_name="lineage",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["split", "merge", "undo"])), name="lineage_kind_is_known"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="lineage",
            trigger=pgtrigger.compiler.Trigger(
                name="lineages_stay_as_recorded",
                sql=factcheck.models.guards.GuardSql(
                    func="IF NEW.id IS DISTINCT FROM OLD.id OR NEW.act IS DISTINCT FROM OLD.act OR NEW.kind IS DISTINCT FROM OLD.kind OR NEW.before_id IS DISTINCT FROM OLD.before_id OR NEW.after_id IS DISTINCT FROM OLD.after_id OR NEW.by_id IS DISTINCT FROM OLD.by_id OR NEW.at IS DISTINCT FROM OLD.at THEN RAISE EXCEPTION 'Which claim took the place of which stays as it was recorded; it can only be undone.' USING ERRCODE = 'check_violation', CONSTRAINT = 'lineages_stay_as_recorded', TABLE = TG_TABLE_NAME; END IF; RETURN NEW;",
                    hash="63024b2c8b2a72d59eee46f12db7062b0ebe9729",
                    operation="UPDATE",
                    pgid="pgtrigger_lineages_stay_as_recorded_cb7ab",
                    table="factcheck_lineage",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="lineage",
            trigger=pgtrigger.compiler.Trigger(
                name="lineages_stay",
                sql=factcheck.models.guards.GuardSql(
                    func="RAISE EXCEPTION 'A lineage is never deleted; it can be undone.' USING ERRCODE = 'check_violation', CONSTRAINT = 'lineages_stay', TABLE = TG_TABLE_NAME;",
                    hash="c1ca9194089528bd9e204c82bced15cadc3c074a",
                    level="STATEMENT",
                    operation="DELETE OR TRUNCATE",
                    pgid="pgtrigger_lineages_stay_08014",
                    table="factcheck_lineage",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="lineage",
            trigger=pgtrigger.compiler.Trigger(
                name="lineage_stays_in_its_article",
                sql=factcheck.models.guards.GuardSql(
                    func="\n                    IF NEW.before_id = NEW.after_id OR NOT EXISTS (\n                        SELECT FROM factcheck_claim claim\n                        JOIN factcheck_claim successor ON successor.article_id = claim.article_id\n                        WHERE claim.id = NEW.before_id AND successor.id = NEW.after_id\n                    ) THEN\n                        RAISE EXCEPTION 'A claim is replaced by others of its own article.' USING ERRCODE = 'check_violation', CONSTRAINT = 'lineage_stays_in_its_article', TABLE = TG_TABLE_NAME;\n                    END IF;\n                    RETURN NEW;\n                ",
                    hash="4d1af7f9960a6d348f08930ec9cf22a941f30a03",
                    operation="INSERT",
                    pgid="pgtrigger_lineage_stays_in_its_article_628ed",
                    table="factcheck_lineage",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="lineage",
            trigger=pgtrigger.compiler.Trigger(
                name="lineage_fits_claim_status",
                sql=factcheck.models.guards.GuardSql(
                    constraint="CONSTRAINT",
                    func="\n                    IF NOT EXISTS (SELECT FROM factcheck_claim WHERE id = NEW.before_id AND \n    (status = 'superseded') = EXISTS (\n        SELECT FROM factcheck_lineage lineage\n        WHERE lineage.before_id = factcheck_claim.id AND lineage.undone_at IS NULL)\n) THEN\n                        RAISE EXCEPTION 'A claim is superseded exactly while others stand in its place.' USING ERRCODE = 'check_violation', CONSTRAINT = 'lineage_fits_claim_status', TABLE = TG_TABLE_NAME;\n                    END IF;\n                    RETURN NULL;\n                ",
                    hash="c2afbc36a5d0c21887d7ddf0ac805f1c144a60e3",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_lineage_fits_claim_status_26ba8",
                    table="factcheck_lineage",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
    ]
