"""Publications are corrected, updated, scheduled, taken down and held."""

import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import factcheck.models.guards


class Migration(migrations.Migration):
    dependencies = [
        ("factcheck", "0025_originals"),
    ]

    operations = [
        migrations.CreateModel(
            name="LitigationHold",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.TextField(verbose_name="reason")),
                (
                    "placed_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name="placed"
                    ),
                ),
                ("lift_reason", models.TextField(blank=True, verbose_name="why it was lifted")),
                ("lifted_at", models.DateTimeField(blank=True, null=True, verbose_name="lifted")),
            ],
            options={
                "verbose_name": "litigation hold",
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="claimreview",
            name="review_changes_in_draft_only",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="claimreview",
            name="review_without_conflict_of_interest",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="publication",
            name="publications_stay_as_published",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="publication",
            name="publication_is_retracted_once",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="publication",
            name="publication_of_an_approved_review",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="publication",
            name="publication_without_conflict_of_interest",
        ),
        migrations.AddField(
            model_name="claimreview",
            name="change_kind",
            field=models.CharField(
                blank=True,
                choices=[("correction", "Correction: we were wrong"), ("update", "Update: the world has changed")],
                max_length=10,
                verbose_name="correction or update",
            ),
        ),
        migrations.AddField(
            model_name="claimreview",
            name="change_note",
            field=models.TextField(blank=True, verbose_name="what changed (public)"),
        ),
        migrations.AddField(
            model_name="claimreview",
            name="publish_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="goes out"),
        ),
        migrations.AddField(
            model_name="claimreview",
            name="scheduled_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="scheduled_reviews",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="evidence",
            name="copied_from",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="factcheck.evidence",
            ),
        ),
        migrations.AddField(
            model_name="publication",
            name="takedown_ground",
            field=models.TextField(blank=True, verbose_name="legal ground (public)"),
        ),
        migrations.AddField(
            model_name="publication",
            name="takedown_reason",
            field=models.TextField(blank=True, verbose_name="why it was taken down (public)"),
        ),
        migrations.AddField(
            model_name="publication",
            name="taken_down_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="taken down"),
        ),
        migrations.AddField(
            model_name="publication",
            name="taken_down_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="taken_down",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="notice",
            name="kind",
            field=models.CharField(
                choices=[
                    ("assigned", "A claim is put into your hands"),
                    ("mentioned", "Somebody mentions you"),
                    ("commented", "A comment on something that you follow"),
                    ("changes_requested", "Changes are requested"),
                    ("approved", "A review is approved"),
                    ("published", "A fact-check is published"),
                    ("retracted", "A fact-check is retracted"),
                    ("taken_down", "A fact-check is taken down"),
                    ("not_published", "A fact-check did not go out at its hour (for editors)"),
                    ("page_changed", "An article’s page has changed"),
                    ("orphaned", "A claim’s words are not in its article any more"),
                    ("dead_job", "A step of the machine has failed for good (for editors)"),
                ],
                max_length=20,
                verbose_name="what happened",
            ),
        ),
        migrations.AddIndex(
            model_name="claimreview",
            index=models.Index(
                models.F("publish_at"), condition=models.Q(("publish_at__isnull", False)), name="reviews_to_go_out"
            ),
        ),
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(
                models.F("published_at"),
                models.F("id"),
                condition=models.Q(("number__gt", 1)),
                name="publications_changing",
            ),
        ),
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(
                models.F("retracted_at"),
                models.F("id"),
                condition=models.Q(("retracted_at", None), _negated=True),
                name="publications_retracted",
            ),
        ),
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(
                models.F("taken_down_at"),
                models.F("id"),
                condition=models.Q(("taken_down_at", None), _negated=True),
                name="publications_gone",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="audittext",
            trigger=pgtrigger.compiler.Trigger(
                name="words_are_kept_under_hold",
                sql=factcheck.models.guards.GuardSql(
                    func="\n                    \n        PERFORM pg_advisory_xact_lock_shared(1752132708);\n        IF EXISTS (SELECT FROM factcheck_litigationhold hold JOIN factcheck_article article\n                   ON article.id = hold.article_id WHERE hold.lifted_at IS NULL AND (article.uuid::text = (SELECT entry.chain FROM factcheck_auditentry entry WHERE entry.id = OLD.entry_id))) THEN\n            RAISE EXCEPTION 'This is under litigation hold: nothing of it is erased or taken down until the hold is lifted.' USING ERRCODE = 'check_violation', CONSTRAINT = 'words_are_kept_under_hold', TABLE = TG_TABLE_NAME;\n        END IF;\n    \n                    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n                    RETURN NEW;\n                ",
                    hash="f6eab63f13c7f255d1098b1f8688dee5fe257e87",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_words_are_kept_under_hold_d7681",
                    table="factcheck_audittext",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="claimreview",
            trigger=pgtrigger.compiler.Trigger(
                name="review_changes_in_draft_only",
                sql=factcheck.models.guards.GuardSql(
                    func="\n                    IF OLD.status <> 'draft' AND (NEW.claim_id IS DISTINCT FROM OLD.claim_id OR NEW.statement IS DISTINCT FROM OLD.statement OR NEW.speaker IS DISTINCT FROM OLD.speaker OR NEW.verdict IS DISTINCT FROM OLD.verdict OR NEW.rating IS DISTINCT FROM OLD.rating OR NEW.rationale IS DISTINCT FROM OLD.rationale OR NEW.as_of IS DISTINCT FROM OLD.as_of OR NEW.change_kind IS DISTINCT FROM OLD.change_kind OR NEW.change_note IS DISTINCT FROM OLD.change_note OR NEW.writer_id IS DISTINCT FROM OLD.writer_id) THEN\n                        RAISE EXCEPTION 'What a review says changes only while it is a draft.' USING ERRCODE = 'check_violation', CONSTRAINT = 'review_changes_in_draft_only', TABLE = TG_TABLE_NAME;\n                    END IF;\n                    IF NEW.claim_id <> OLD.claim_id OR NEW.id <> OLD.id THEN\n                        RAISE EXCEPTION 'A review stays with its claim.' USING ERRCODE = 'check_violation', CONSTRAINT = 'review_changes_in_draft_only', TABLE = TG_TABLE_NAME;\n                    END IF;\n                    IF OLD.status IN ('published', 'superseded', 'retracted', 'abandoned')\n                       AND NEW.written_by <> OLD.written_by THEN\n                        RAISE EXCEPTION 'What was published or abandoned has its writers.' USING ERRCODE = 'check_violation', CONSTRAINT = 'review_changes_in_draft_only', TABLE = TG_TABLE_NAME;\n                    END IF;\n                    IF NEW.approver_id IS DISTINCT FROM OLD.approver_id\n                       AND (NEW.status = OLD.status OR NEW.status IN ('published', 'superseded', 'retracted')) THEN\n                        RAISE EXCEPTION 'An approver is named by the act of approving.' USING ERRCODE = 'check_violation', CONSTRAINT = 'review_changes_in_draft_only', TABLE = TG_TABLE_NAME;\n                    END IF;\n                    RETURN NEW;\n                ",
                    hash="701ec48c9c8bb7345d2d2066e59b7011a9b933af",
                    operation="UPDATE",
                    pgid="pgtrigger_review_changes_in_draft_only_7d505",
                    table="factcheck_claimreview",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="claimreview",
            trigger=pgtrigger.compiler.Trigger(
                name="review_without_conflict_of_interest",
                sql=factcheck.models.guards.GuardSql(
                    declare="DECLARE comes bigint[];",
                    func="\n                    -- What somebody wrote before declaring a conflict stands, words of the claim that a review begins\n                    -- with too; they write no more of it.\n                    comes := ARRAY[NEW.writer_id, NEW.approver_id];\n                    IF TG_OP = 'UPDATE' THEN\n                        comes := ARRAY(SELECT unnest(NEW.written_by) EXCEPT SELECT unnest(OLD.written_by));\n                        IF NEW.approver_id IS DISTINCT FROM OLD.approver_id THEN\n                            comes := comes || NEW.approver_id;\n                        END IF;\n                        IF NEW.claim_id IS DISTINCT FROM OLD.claim_id OR NEW.statement IS DISTINCT FROM OLD.statement OR NEW.speaker IS DISTINCT FROM OLD.speaker OR NEW.verdict IS DISTINCT FROM OLD.verdict OR NEW.rating IS DISTINCT FROM OLD.rating OR NEW.rationale IS DISTINCT FROM OLD.rationale OR NEW.as_of IS DISTINCT FROM OLD.as_of OR NEW.change_kind IS DISTINCT FROM OLD.change_kind OR NEW.change_note IS DISTINCT FROM OLD.change_note OR NEW.writer_id IS DISTINCT FROM OLD.writer_id THEN\n                            comes := comes || NEW.writer_id;\n                        END IF;\n                    END IF;\n                    IF EXISTS (SELECT FROM factcheck_conflictofinterest conflict\n                               WHERE conflict.claim_id = NEW.claim_id AND conflict.person_id = ANY(comes)\n                                 AND conflict.withdrawn_at IS NULL) THEN\n                        RAISE EXCEPTION 'Who declared a conflict of interest on a claim neither writes, approves nor publishes its review.' USING ERRCODE = 'check_violation', CONSTRAINT = 'review_without_conflict_of_interest', TABLE = TG_TABLE_NAME;\n                    END IF;\n                    RETURN NEW;\n                ",
                    hash="4728da8c8ea3de55195ab972ca3dc9594ff9ad1c",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_review_without_conflict_of_interest_92cd8",
                    table="factcheck_claimreview",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="claimreview",
            trigger=pgtrigger.compiler.Trigger(
                name="review_says_what_changed",
                sql=factcheck.models.guards.GuardSql(
                    func="\n                    IF NEW.status <> OLD.status AND NEW.status IN ('submitted', 'approved', 'published')\n                       AND (NEW.change_kind = '' OR NEW.change_note ~ '^\\s*$') AND EXISTS (\n                        SELECT FROM factcheck_publication publication\n                        JOIN factcheck_claimreview earlier ON earlier.id = publication.review_id\n                        WHERE earlier.claim_id = NEW.claim_id AND earlier.id <> NEW.id\n                    ) THEN\n                        RAISE EXCEPTION 'A fact-check of this claim was published before: say whether this corrects or updates it, and what changed.' USING ERRCODE = 'check_violation', CONSTRAINT = 'review_says_what_changed', TABLE = TG_TABLE_NAME;\n                    END IF;\n                    RETURN NEW;\n                ",
                    hash="b118c7f931e87be04991a4dee5ced497bfd7b03d",
                    operation="UPDATE",
                    pgid="pgtrigger_review_says_what_changed_f80c1",
                    table="factcheck_claimreview",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="claimreview",
            trigger=pgtrigger.compiler.Trigger(
                name="schedule_ends_with_the_approval",
                sql=factcheck.models.guards.GuardSql(
                    func="\n                    IF NEW.status <> 'approved' THEN\n                        NEW.publish_at := NULL;\n                        NEW.scheduled_by_id := NULL;\n                    END IF;\n                    RETURN NEW;\n                ",
                    hash="691d7819c3f13b3c626ee2c4a22bcc582abd3b07",
                    operation="UPDATE",
                    pgid="pgtrigger_schedule_ends_with_the_approval_970ad",
                    table="factcheck_claimreview",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="confidentialpart",
            trigger=pgtrigger.compiler.Trigger(
                name="confidence_is_kept_under_hold",
                sql=factcheck.models.guards.GuardSql(
                    func="\n                    \n        PERFORM pg_advisory_xact_lock_shared(1752132708);\n        IF EXISTS (SELECT FROM factcheck_litigationhold hold JOIN factcheck_article article\n                   ON article.id = hold.article_id WHERE hold.lifted_at IS NULL AND (\n    article.id = (SELECT claim.article_id FROM factcheck_evidence evidence\n                  JOIN factcheck_claimreview review ON review.id = evidence.review_id\n                  JOIN factcheck_claim claim ON claim.id = review.claim_id\n                  WHERE evidence.id = OLD.evidence_id)\n)) THEN\n            RAISE EXCEPTION 'This is under litigation hold: nothing of it is erased or taken down until the hold is lifted.' USING ERRCODE = 'check_violation', CONSTRAINT = 'confidence_is_kept_under_hold', TABLE = TG_TABLE_NAME;\n        END IF;\n    \n                    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n                    RETURN NEW;\n                ",
                    hash="19ef8de8259e28f667b2af47b9f83720c1a0d8c1",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_confidence_is_kept_under_hold_4f899",
                    table="factcheck_confidentialpart",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="conflictofinterest",
            trigger=pgtrigger.compiler.Trigger(
                name="conflict_reason_is_kept_under_hold",
                sql=factcheck.models.guards.GuardSql(
                    func="\n                    IF NEW.reason <> OLD.reason THEN\n                        \n        PERFORM pg_advisory_xact_lock_shared(1752132708);\n        IF EXISTS (SELECT FROM factcheck_litigationhold hold JOIN factcheck_article article\n                   ON article.id = hold.article_id WHERE hold.lifted_at IS NULL AND (article.id = (SELECT claim.article_id FROM factcheck_claim claim WHERE claim.id = OLD.claim_id))) THEN\n            RAISE EXCEPTION 'This is under litigation hold: nothing of it is erased or taken down until the hold is lifted.' USING ERRCODE = 'check_violation', CONSTRAINT = 'conflict_reason_is_kept_under_hold', TABLE = TG_TABLE_NAME;\n        END IF;\n    \n                    END IF;\n                    RETURN NEW;\n                ",
                    hash="6e53891cc2114be7a7c59a4d9b53adb3b022de8d",
                    operation="UPDATE",
                    pgid="pgtrigger_conflict_reason_is_kept_under_hold_45dd8",
                    table="factcheck_conflictofinterest",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="publication",
            trigger=pgtrigger.compiler.Trigger(
                name="publications_stay_as_published",
                sql=factcheck.models.guards.GuardSql(
                    func="IF NEW.id IS DISTINCT FROM OLD.id OR NEW.review_id IS DISTINCT FROM OLD.review_id OR NEW.slug IS DISTINCT FROM OLD.slug OR NEW.number IS DISTINCT FROM OLD.number OR NEW.sha256 IS DISTINCT FROM OLD.sha256 OR NEW.method_version IS DISTINCT FROM OLD.method_version OR NEW.published_by_id IS DISTINCT FROM OLD.published_by_id OR NEW.published_at IS DISTINCT FROM OLD.published_at THEN RAISE EXCEPTION 'What was published never changes.' USING ERRCODE = 'check_violation', CONSTRAINT = 'publications_stay_as_published', TABLE = TG_TABLE_NAME; END IF; RETURN NEW;",
                    hash="ebecf94de1afd12c19ac79fe230f06045ce88b1d",
                    operation="UPDATE",
                    pgid="pgtrigger_publications_stay_as_published_a08ec",
                    table="factcheck_publication",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="publication",
            trigger=pgtrigger.compiler.Trigger(
                name="publication_is_retracted_once",
                sql=factcheck.models.guards.GuardSql(
                    func="\n                    IF OLD.retraction_reason <> '' AND (\n                        NEW.taken_down_at IS NULL  -- nothing but a takedown follows it\n                        OR (NEW.retraction_reason, NEW.retracted_by_id, NEW.retracted_at)\n                           IS DISTINCT FROM (OLD.retraction_reason, OLD.retracted_by_id, OLD.retracted_at)\n                    ) THEN\n                        RAISE EXCEPTION 'A retraction stays as it was given.' USING ERRCODE = 'check_violation', CONSTRAINT = 'publication_is_retracted_once', TABLE = TG_TABLE_NAME;\n                    END IF;\n                    RETURN NEW;\n                ",
                    hash="96d8b99c3d0a309db7682f8653e312c47798c882",
                    operation="UPDATE",
                    pgid="pgtrigger_publication_is_retracted_once_42128",
                    table="factcheck_publication",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="publication",
            trigger=pgtrigger.compiler.Trigger(
                name="published_text_is_erased_by_its_takedown_alone",
                sql=factcheck.models.guards.GuardSql(
                    func="\n                    IF OLD.taken_down_at IS NOT NULL THEN\n                        RAISE EXCEPTION 'What was taken down stays so: neither its reason nor anything else of it changes.' USING ERRCODE = 'check_violation', CONSTRAINT = 'published_text_is_erased_by_its_takedown_alone', TABLE = TG_TABLE_NAME;\n                    END IF;\n                    IF NEW.frozen <> OLD.frozen AND NOT (NEW.frozen = '' AND NEW.taken_down_at IS NOT NULL) THEN\n                        RAISE EXCEPTION 'What was published never changes.' USING ERRCODE = 'check_violation', CONSTRAINT = 'published_text_is_erased_by_its_takedown_alone', TABLE = TG_TABLE_NAME;\n                    END IF;\n                    RETURN NEW;\n                ",
                    hash="9ec6b800425716f9e373a5ece0889697fa1ce952",
                    operation="UPDATE",
                    pgid="pgtrigger_published_text_is_erased_by_its_takedown_alone_d637a",
                    table="factcheck_publication",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="publication",
            trigger=pgtrigger.compiler.Trigger(
                name="publication_is_kept_under_hold",
                sql=factcheck.models.guards.GuardSql(
                    func="\n                    IF NEW.taken_down_at IS NOT NULL THEN\n                        \n        PERFORM pg_advisory_xact_lock_shared(1752132708);\n        IF EXISTS (SELECT FROM factcheck_litigationhold hold JOIN factcheck_article article\n                   ON article.id = hold.article_id WHERE hold.lifted_at IS NULL AND (\n    article.id = (SELECT claim.article_id FROM factcheck_claimreview review\n                  JOIN factcheck_claim claim ON claim.id = review.claim_id WHERE review.id = NEW.review_id)\n)) THEN\n            RAISE EXCEPTION 'This is under litigation hold: nothing of it is erased or taken down until the hold is lifted.' USING ERRCODE = 'check_violation', CONSTRAINT = 'publication_is_kept_under_hold', TABLE = TG_TABLE_NAME;\n        END IF;\n    \n                    END IF;\n                    RETURN NEW;\n                ",
                    hash="8fad92084f3dc66a8344d63f6710a0fd58e5ced7",
                    operation="UPDATE",
                    pgid="pgtrigger_publication_is_kept_under_hold_ee733",
                    table="factcheck_publication",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="publication",
            trigger=pgtrigger.compiler.Trigger(
                name="publication_of_an_approved_review",
                sql=factcheck.models.guards.GuardSql(
                    declare="DECLARE review_status text;",
                    func="\n                    SELECT status INTO review_status FROM factcheck_claimreview WHERE id = NEW.review_id FOR UPDATE;\n                    IF review_status IS DISTINCT FROM 'approved' OR NEW.retraction_reason <> ''\n                       OR NEW.taken_down_at IS NOT NULL THEN\n                        RAISE EXCEPTION 'Only an approved review is published.' USING ERRCODE = 'check_violation', CONSTRAINT = 'publication_of_an_approved_review', TABLE = TG_TABLE_NAME;\n                    END IF;\n                    IF NEW.sha256 <> encode(sha256(convert_to(NEW.frozen, 'UTF8')), 'hex') THEN\n                        RAISE EXCEPTION 'The sha256 of a publication does not match it.' USING ERRCODE = 'check_violation', CONSTRAINT = 'publication_of_an_approved_review', TABLE = TG_TABLE_NAME;\n                    END IF;\n                    RETURN NEW;\n                ",
                    hash="4355cc3fa00ab7189552d851b5cb95275d65a5b3",
                    operation="INSERT",
                    pgid="pgtrigger_publication_of_an_approved_review_d8262",
                    table="factcheck_publication",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="publication",
            trigger=pgtrigger.compiler.Trigger(
                name="publication_without_conflict_of_interest",
                sql=factcheck.models.guards.GuardSql(
                    declare="DECLARE acts bigint[];",
                    func="\n                    acts := ARRAY[NEW.published_by_id];\n                    IF TG_OP = 'UPDATE' THEN\n                        acts := ARRAY[NULLIF(NEW.retracted_by_id, OLD.retracted_by_id),\n                                      NULLIF(NEW.taken_down_by_id, OLD.taken_down_by_id)];\n                    END IF;\n                    IF EXISTS (SELECT FROM factcheck_conflictofinterest conflict\n                               JOIN factcheck_claimreview review ON review.claim_id = conflict.claim_id\n                               WHERE review.id = NEW.review_id AND conflict.person_id = ANY(acts)\n                                 AND conflict.withdrawn_at IS NULL) THEN\n                        RAISE EXCEPTION 'Who declared a conflict of interest on a claim neither writes, approves nor publishes its review.' USING ERRCODE = 'check_violation', CONSTRAINT = 'publication_without_conflict_of_interest', TABLE = TG_TABLE_NAME;\n                    END IF;\n                    RETURN NEW;\n                ",
                    hash="ef5ec21a445d6226822c01f00b0f012d3976cd81",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_publication_without_conflict_of_interest_13025",
                    table="factcheck_publication",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="user",
            trigger=pgtrigger.compiler.Trigger(
                name="who_worked_on_what_is_held_keeps_their_name",
                sql=factcheck.models.guards.GuardSql(
                    func="\n                    IF NEW.erased_at IS NOT NULL AND OLD.erased_at IS NULL THEN\n                        \n        PERFORM pg_advisory_xact_lock_shared(1752132708);\n        IF EXISTS (SELECT FROM factcheck_litigationhold hold JOIN factcheck_article article\n                   ON article.id = hold.article_id WHERE hold.lifted_at IS NULL AND (\n    EXISTS (SELECT FROM factcheck_auditentry entry\n            WHERE entry.chain = article.uuid::text AND entry.actor = NEW.id)\n    OR EXISTS (SELECT FROM factcheck_draft draft\n               JOIN factcheck_claimreview review ON review.id = draft.review_id\n               JOIN factcheck_claim claim ON claim.id = review.claim_id\n               WHERE claim.article_id = article.id AND draft.person_id = NEW.id)\n)) THEN\n            RAISE EXCEPTION 'This is under litigation hold: nothing of it is erased or taken down until the hold is lifted.' USING ERRCODE = 'check_violation', CONSTRAINT = 'who_worked_on_what_is_held_keeps_their_name', TABLE = TG_TABLE_NAME;\n        END IF;\n    \n                    END IF;\n                    RETURN NEW;\n                ",
                    hash="7c56b2ad6f024abfce10fcabedec372e4029ea24",
                    operation="UPDATE",
                    pgid="pgtrigger_who_worked_on_what_is_held_keeps_their_name_59c96",
                    table="factcheck_user",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="claimreview",
            constraint=models.CheckConstraint(
                condition=models.Q(("change_kind__in", ["", "correction", "update"])), name="review_change_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="claimreview",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("publish_at__isnull", True), ("scheduled_by__isnull", True)),
                    models.Q(("publish_at__isnull", False), ("scheduled_by__isnull", False), ("status", "approved")),
                    _connector="OR",
                ),
                name="only_what_is_approved_is_scheduled",
            ),
        ),
        migrations.AddConstraint(
            model_name="publication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("takedown_ground", ""),
                        ("takedown_reason", ""),
                        ("taken_down_by__isnull", True),
                        ("taken_down_at__isnull", True),
                        models.Q(("frozen", ""), _negated=True),
                    ),
                    models.Q(
                        ("frozen", ""),
                        ("taken_down_at__isnull", False),
                        ("taken_down_by__isnull", False),
                        models.Q(("takedown_reason__regex", "^\\s*$"), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="takedown_is_whole",
            ),
        ),
        migrations.AddField(
            model_name="litigationhold",
            name="article",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="holds", to="factcheck.article"
            ),
        ),
        migrations.AddField(
            model_name="litigationhold",
            name="lifted_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="litigationhold",
            name="placed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="litigationhold",
            constraint=models.UniqueConstraint(
                condition=models.Q(("lifted_at__isnull", True)),
                fields=("article",),
                name="one_standing_hold_per_article",
            ),
        ),
        migrations.AddConstraint(
            model_name="litigationhold",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason__regex", "^\\s*$"), _negated=True), name="hold_has_a_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="litigationhold",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("lift_reason", ""), ("lifted_at__isnull", True), ("lifted_by__isnull", True)),
                    models.Q(
                        ("lifted_at__isnull", False),
                        ("lifted_by__isnull", False),
                        models.Q(("lift_reason__regex", "^\\s*$"), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="hold_is_lifted_with_a_reason",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="litigationhold",
            trigger=pgtrigger.compiler.Trigger(
                name="holds_stay_as_placed",
                sql=factcheck.models.guards.GuardSql(
                    func="IF NEW.id IS DISTINCT FROM OLD.id OR NEW.article_id IS DISTINCT FROM OLD.article_id OR NEW.reason IS DISTINCT FROM OLD.reason OR NEW.placed_by_id IS DISTINCT FROM OLD.placed_by_id OR NEW.placed_at IS DISTINCT FROM OLD.placed_at THEN RAISE EXCEPTION 'A litigation hold stays as it was placed.' USING ERRCODE = 'check_violation', CONSTRAINT = 'holds_stay_as_placed', TABLE = TG_TABLE_NAME; END IF; RETURN NEW;",
                    hash="25c293901cc89969b1aa8eebcca7a712e49b02ed",
                    operation="UPDATE",
                    pgid="pgtrigger_holds_stay_as_placed_decc5",
                    table="factcheck_litigationhold",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="litigationhold",
            trigger=pgtrigger.compiler.Trigger(
                name="holds_stay",
                sql=factcheck.models.guards.GuardSql(
                    func="RAISE EXCEPTION 'A litigation hold is never deleted; it can be lifted with a reason.' USING ERRCODE = 'check_violation', CONSTRAINT = 'holds_stay', TABLE = TG_TABLE_NAME;",
                    hash="b3565140c141a04657f6ff5fa6f148413de367eb",
                    level="STATEMENT",
                    operation="DELETE OR TRUNCATE",
                    pgid="pgtrigger_holds_stay_0fc0a",
                    table="factcheck_litigationhold",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="litigationhold",
            trigger=pgtrigger.compiler.Trigger(
                name="hold_is_placed_standing",
                sql=factcheck.models.guards.GuardSql(
                    func="\n                    IF NEW.lifted_at IS NOT NULL THEN\n                        RAISE EXCEPTION 'A litigation hold stands from the moment it is placed.' USING ERRCODE = 'check_violation', CONSTRAINT = 'hold_is_placed_standing', TABLE = TG_TABLE_NAME;\n                    END IF;\n                    -- What is being erased at this moment is either gone before the hold stands, or kept by it.\n                    PERFORM pg_advisory_xact_lock(1752132708);\n                    RETURN NEW;\n                ",
                    hash="aa0e6a8d137da21452e956c800ade0216ba69106",
                    operation="INSERT",
                    pgid="pgtrigger_hold_is_placed_standing_1b77c",
                    table="factcheck_litigationhold",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="litigationhold",
            trigger=pgtrigger.compiler.Trigger(
                name="hold_is_lifted_once",
                sql=factcheck.models.guards.GuardSql(
                    func="\n                    IF OLD.lifted_at IS NOT NULL THEN\n                        RAISE EXCEPTION 'This litigation hold has been lifted; another can be placed.' USING ERRCODE = 'check_violation', CONSTRAINT = 'hold_is_lifted_once', TABLE = TG_TABLE_NAME;\n                    END IF;\n                    RETURN NEW;\n                ",
                    hash="e332cfbc23222c306bc00ad185c7dbcde553d930",
                    operation="UPDATE",
                    pgid="pgtrigger_hold_is_lifted_once_b19ee",
                    table="factcheck_litigationhold",
                    when="BEFORE",
                ),
            ),
        ),
    ]
