"""An anchor may be born orphaned in a changed text, and takes other words when a person places it again."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

import factcheck.models.guards


class Migration(migrations.Migration):
    dependencies = [
        ("factcheck", "0008_lineage"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="anchor",
            name="anchors_are_born_exact",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="anchor",
            name="anchors_keep_their_words",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="anchor",
            trigger=pgtrigger.compiler.Trigger(
                name="anchors_are_born_exact",
                sql=factcheck.models.guards.GuardSql(
                    func="\n            IF NOT coalesce(NEW.version = 1 AND (NEW.status = 'exact' OR (NEW.status = 'orphaned' AND EXISTS (\n    SELECT FROM factcheck_anchor earlier\n    JOIN factcheck_articleversion before ON before.id = earlier.article_version_id\n    JOIN factcheck_articleversion this ON this.id = NEW.article_version_id\n    WHERE earlier.claim_id = NEW.claim_id AND before.article_id = this.article_id AND before.number < this.number))), false) THEN\n                RAISE EXCEPTION 'An anchor is born exact; orphaned only in a later text, when its claim stood in one before.' USING ERRCODE = 'check_violation', CONSTRAINT = 'anchors_are_born_exact', TABLE = TG_TABLE_NAME;\n            END IF;\n            RETURN NEW;\n        ",
                    hash="d904ee268b56e712beaab251d5f7ca0f77a139b8",
                    operation="INSERT",
                    pgid="pgtrigger_anchors_are_born_exact_69efa",
                    table="factcheck_anchor",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="anchor",
            trigger=pgtrigger.compiler.Trigger(
                name="anchors_keep_their_claim",
                sql=factcheck.models.guards.GuardSql(
                    func="IF NEW.id IS DISTINCT FROM OLD.id OR NEW.claim_id IS DISTINCT FROM OLD.claim_id OR NEW.article_version_id IS DISTINCT FROM OLD.article_version_id THEN RAISE EXCEPTION 'An anchor keeps its claim and its text.' USING ERRCODE = 'check_violation', CONSTRAINT = 'anchors_keep_their_claim', TABLE = TG_TABLE_NAME; END IF; RETURN NEW;",
                    hash="c4556b0d57790ec79de34ab7db0d3f5b576684e1",
                    operation="UPDATE",
                    pgid="pgtrigger_anchors_keep_their_claim_dc549",
                    table="factcheck_anchor",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="anchor",
            trigger=pgtrigger.compiler.Trigger(
                name="anchors_keep_their_words",
                sql=factcheck.models.guards.GuardSql(
                    func="\n                    IF NEW.exact IS DISTINCT FROM OLD.exact\n                       AND NOT (OLD.status = 'orphaned' AND NEW.status = 'exact') THEN\n                        RAISE EXCEPTION 'An anchor keeps its words until it is placed again.' USING ERRCODE = 'check_violation', CONSTRAINT = 'anchors_keep_their_words', TABLE = TG_TABLE_NAME;\n                    END IF;\n                    RETURN NEW;\n                ",
                    hash="233d9f81e671ddab1e3162c46c39bbcad5a5b136",
                    operation="UPDATE",
                    pgid="pgtrigger_anchors_keep_their_words_50f41",
                    table="factcheck_anchor",
                    when="BEFORE",
                ),
            ),
        ),
    ]
