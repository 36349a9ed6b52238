"""Who made the claim and where first; the languages of what is quoted, and its translations."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import factcheck.models.guards


class Migration(migrations.Migration):
    dependencies = [
        ("factcheck", "0024_reading"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="claimreview",
            name="review_changes_in_draft_only",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="claimreview",
            name="review_without_conflict_of_interest",
        ),
        migrations.AddField(
            model_name="claimreview",
            name="first_appearance",
            field=models.CharField(blank=True, max_length=2000, verbose_name="address where the claim was first made"),
        ),
        migrations.AddField(
            model_name="claimreview",
            name="quote_translated_by_machine",
            field=models.BooleanField(default=False, verbose_name="the translator is a machine"),
        ),
        migrations.AddField(
            model_name="claimreview",
            name="quote_translation",
            field=models.TextField(blank=True, verbose_name="the claim's own words, translated"),
        ),
        migrations.AddField(
            model_name="claimreview",
            name="quote_translator",
            field=models.CharField(blank=True, max_length=200, verbose_name="who translated them"),
        ),
        migrations.AddField(
            model_name="claimreview",
            name="speaker_kind",
            field=models.CharField(
                blank=True,
                choices=[("person", "A person"), ("organization", "An organisation")],
                max_length=12,
                verbose_name="what the speaker is",
            ),
        ),
        migrations.AddField(
            model_name="claimreview",
            name="speaker_same_as",
            field=models.CharField(blank=True, max_length=2000, verbose_name="address that says who the speaker is"),
        ),
        migrations.AddField(
            model_name="evidence",
            name="language",
            field=models.CharField(blank=True, max_length=35, verbose_name="language of the exact words (BCP 47)"),
        ),
        migrations.AddField(
            model_name="evidence",
            name="translated_by_machine",
            field=models.BooleanField(default=False, verbose_name="the translator is a machine"),
        ),
        migrations.AddField(
            model_name="evidence",
            name="translation",
            field=models.TextField(blank=True, verbose_name="the exact words, translated"),
        ),
        migrations.AddField(
            model_name="evidence",
            name="translator",
            field=models.CharField(blank=True, max_length=200, verbose_name="who translated them"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="claimreview",
            trigger=pgtrigger.compiler.Trigger(
                name="review_changes_in_draft_only",
                sql=factcheck.models.guards.GuardSql(
                    func="\n                    IF OLD.status <> 'draft' AND (NEW.claim_id IS DISTINCT FROM OLD.claim_id OR NEW.statement IS DISTINCT FROM OLD.statement OR NEW.speaker IS DISTINCT FROM OLD.speaker OR NEW.verdict IS DISTINCT FROM OLD.verdict OR NEW.rating IS DISTINCT FROM OLD.rating OR NEW.rationale IS DISTINCT FROM OLD.rationale OR NEW.as_of IS DISTINCT FROM OLD.as_of OR NEW.writer_id IS DISTINCT FROM OLD.writer_id OR NEW.speaker_kind IS DISTINCT FROM OLD.speaker_kind OR NEW.speaker_same_as IS DISTINCT FROM OLD.speaker_same_as OR NEW.first_appearance IS DISTINCT FROM OLD.first_appearance OR NEW.quote_translation IS DISTINCT FROM OLD.quote_translation OR NEW.quote_translator IS DISTINCT FROM OLD.quote_translator OR NEW.quote_translated_by_machine IS DISTINCT FROM OLD.quote_translated_by_machine) THEN\n                        RAISE EXCEPTION 'What a review says changes only while it is a draft.' USING ERRCODE = 'check_violation', CONSTRAINT = 'review_changes_in_draft_only', TABLE = TG_TABLE_NAME;\n                    END IF;\n                    IF NEW.claim_id <> OLD.claim_id OR NEW.id <> OLD.id THEN\n                        RAISE EXCEPTION 'A review stays with its claim.' USING ERRCODE = 'check_violation', CONSTRAINT = 'review_changes_in_draft_only', TABLE = TG_TABLE_NAME;\n                    END IF;\n                    IF OLD.status IN ('published', 'superseded', 'retracted', 'abandoned')\n                       AND NEW.written_by <> OLD.written_by THEN\n                        RAISE EXCEPTION 'What was published or abandoned has its writers.' USING ERRCODE = 'check_violation', CONSTRAINT = 'review_changes_in_draft_only', TABLE = TG_TABLE_NAME;\n                    END IF;\n                    IF NEW.approver_id IS DISTINCT FROM OLD.approver_id\n                       AND (NEW.status = OLD.status OR NEW.status IN ('published', 'superseded', 'retracted')) THEN\n                        RAISE EXCEPTION 'An approver is named by the act of approving.' USING ERRCODE = 'check_violation', CONSTRAINT = 'review_changes_in_draft_only', TABLE = TG_TABLE_NAME;\n                    END IF;\n                    RETURN NEW;\n                ",
                    hash="9a9da091718d77ee592ed9019a3320ba1d0e4e33",
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
                    func="\n                    -- What somebody wrote before declaring a conflict stands, words of the claim that a review begins\n                    -- with too; they write no more of it.\n                    comes := ARRAY[NEW.writer_id, NEW.approver_id];\n                    IF TG_OP = 'UPDATE' THEN\n                        comes := ARRAY(SELECT unnest(NEW.written_by) EXCEPT SELECT unnest(OLD.written_by));\n                        IF NEW.approver_id IS DISTINCT FROM OLD.approver_id THEN\n                            comes := comes || NEW.approver_id;\n                        END IF;\n                        IF NEW.claim_id IS DISTINCT FROM OLD.claim_id OR NEW.statement IS DISTINCT FROM OLD.statement OR NEW.speaker IS DISTINCT FROM OLD.speaker OR NEW.verdict IS DISTINCT FROM OLD.verdict OR NEW.rating IS DISTINCT FROM OLD.rating OR NEW.rationale IS DISTINCT FROM OLD.rationale OR NEW.as_of IS DISTINCT FROM OLD.as_of OR NEW.writer_id IS DISTINCT FROM OLD.writer_id OR NEW.speaker_kind IS DISTINCT FROM OLD.speaker_kind OR NEW.speaker_same_as IS DISTINCT FROM OLD.speaker_same_as OR NEW.first_appearance IS DISTINCT FROM OLD.first_appearance OR NEW.quote_translation IS DISTINCT FROM OLD.quote_translation OR NEW.quote_translator IS DISTINCT FROM OLD.quote_translator OR NEW.quote_translated_by_machine IS DISTINCT FROM OLD.quote_translated_by_machine THEN\n                            comes := comes || NEW.writer_id;\n                        END IF;\n                    END IF;\n                    IF EXISTS (SELECT FROM factcheck_conflictofinterest conflict\n                               WHERE conflict.claim_id = NEW.claim_id AND conflict.person_id = ANY(comes)\n                                 AND conflict.withdrawn_at IS NULL) THEN\n                        RAISE EXCEPTION 'Who declared a conflict of interest on a claim neither writes, approves nor publishes its review.' USING ERRCODE = 'check_violation', CONSTRAINT = 'review_without_conflict_of_interest', TABLE = TG_TABLE_NAME;\n                    END IF;\n                    RETURN NEW;\n                ",
                    hash="906c4b6b9fe6c8d59a8a70656a8bd6502ec47dec",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_review_without_conflict_of_interest_92cd8",
                    table="factcheck_claimreview",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="claimreview",
            constraint=models.CheckConstraint(
                condition=models.Q(("speaker_kind__in", ["", "person", "organization"])), name="speaker_kind_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="claimreview",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("speaker", ""), _negated=True),
                    models.Q(("speaker_kind", ""), ("speaker_same_as", "")),
                    _connector="OR",
                ),
                name="nobody_is_known_of_an_unknown_speaker",
            ),
        ),
        migrations.AddConstraint(
            model_name="claimreview",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("speaker_same_as", ""), ("speaker_same_as__startswith", "https://"), _connector="OR"
                ),
                name="speaker_is_told_by_https",
            ),
        ),
        migrations.AddConstraint(
            model_name="claimreview",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("quote_translated_by_machine", False), ("quote_translation", ""), ("quote_translator", "")
                    ),
                    models.Q(
                        models.Q(("quote_translation", ""), _negated=True),
                        models.Q(("quote_translator", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="quote_translation_has_translator",
            ),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind", "document"), models.Q(("language", ""), ("translation", "")), _connector="OR"
                ),
                name="only_a_documents_words_are_translated",
            ),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("translated_by_machine", False), ("translation", ""), ("translator", "")),
                    models.Q(models.Q(("translation", ""), _negated=True), models.Q(("translator", ""), _negated=True)),
                    _connector="OR",
                ),
                name="translation_has_translator",
            ),
        ),
    ]
