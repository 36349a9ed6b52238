"""A claim that somebody put into words who keeps away from it now can be reviewed by others."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

import factcheck.models.guards


class Migration(migrations.Migration):
    dependencies = [
        ("factcheck", "0016_searches"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="claimreview",
            name="review_without_conflict_of_interest",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="claimreview",
            trigger=pgtrigger.compiler.Trigger(
                name="review_without_conflict_of_interest",
                sql=factcheck.models.guards.GuardSql(
                    declare="DECLARE comes bigint[];",
                    func="\n                    -- What somebody wrote before declaring a conflict stands, words of the claim that a review begins\n                    -- with too; they write no more of it.\n                    comes := ARRAY[NEW.writer_id, NEW.approver_id];\n                    IF TG_OP = 'UPDATE' THEN\n                        comes := ARRAY(SELECT unnest(NEW.written_by) EXCEPT SELECT unnest(OLD.written_by));\n                        IF NEW.approver_id IS DISTINCT FROM OLD.approver_id THEN\n                            comes := comes || NEW.approver_id;\n                        END IF;\n                        IF NEW.claim_id IS DISTINCT FROM OLD.claim_id OR NEW.statement IS DISTINCT FROM OLD.statement OR NEW.speaker IS DISTINCT FROM OLD.speaker OR NEW.verdict IS DISTINCT FROM OLD.verdict OR NEW.rating IS DISTINCT FROM OLD.rating OR NEW.rationale IS DISTINCT FROM OLD.rationale OR NEW.as_of IS DISTINCT FROM OLD.as_of OR NEW.writer_id IS DISTINCT FROM OLD.writer_id THEN\n                            comes := comes || NEW.writer_id;\n                        END IF;\n                    END IF;\n                    IF EXISTS (SELECT FROM factcheck_conflictofinterest conflict\n                               WHERE conflict.claim_id = NEW.claim_id AND conflict.person_id = ANY(comes)\n                                 AND conflict.withdrawn_at IS NULL) THEN\n                        RAISE EXCEPTION 'Who declared a conflict of interest on a claim neither writes, approves nor publishes its review.' USING ERRCODE = 'check_violation', CONSTRAINT = 'review_without_conflict_of_interest', TABLE = TG_TABLE_NAME;\n                    END IF;\n                    RETURN NEW;\n                ",
                    hash="4aad62d3c24ef020d5a7b82c88889bcf5cb2ff9a",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_review_without_conflict_of_interest_92cd8",
                    table="factcheck_claimreview",
                    when="BEFORE",
                ),
            ),
        ),
    ]
