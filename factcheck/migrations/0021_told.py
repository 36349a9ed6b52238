"""People talk about claims, follow them, and are told once what happens."""

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import factcheck.models.guards
import factcheck.models.notices


class Migration(migrations.Migration):
    dependencies = [
        ("factcheck", "0020_drafts"),
    ]

    operations = [
        migrations.CreateModel(
            name="Follow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                (
                    "article",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="follows",
                        to="factcheck.article",
                    ),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="follows",
                        to="factcheck.claim",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="follows", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "follow",
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("assigned", "A claim is put into your hands"),
                            ("mentioned", "Somebody mentions you"),
                            ("commented", "A comment on something that you follow"),
                            ("changes_requested", "Changes are requested"),
                            ("approved", "A review is approved"),
                            ("published", "A fact-check is published"),
                            ("retracted", "A fact-check is retracted"),
                            ("page_changed", "An article’s page has changed"),
                            ("orphaned", "A claim’s words are not in its article any more"),
                            ("dead_job", "A step of the machine has failed for good (for editors)"),
                        ],
                        max_length=20,
                        verbose_name="what happened",
                    ),
                ),
                ("event", models.CharField(max_length=100, verbose_name="event")),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ("read_at", models.DateTimeField(blank=True, null=True, verbose_name="read")),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="to be mailed")),
                ("mailed_at", models.DateTimeField(blank=True, null=True, verbose_name="mailed")),
                ("mail_attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts to mail it")),
                (
                    "article",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="factcheck.article",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="factcheck.claim",
                    ),
                ),
                (
                    "job",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="factcheck.job",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="notices", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "notice",
            },
        ),
        migrations.CreateModel(
            name="NoticeSettings",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="notice_settings",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "at_once",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20),
                        default=factcheck.models.notices.mailed_at_once,
                        size=None,
                        verbose_name="mailed at once",
                    ),
                ),
                (
                    "daily",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20),
                        default=factcheck.models.notices.mailed_daily,
                        size=None,
                        verbose_name="in the daily digest",
                    ),
                ),
                (
                    "hour",
                    models.PositiveSmallIntegerField(
                        default=8,
                        validators=[django.core.validators.MaxValueValidator(23)],
                        verbose_name="hour of the digest, in the desk’s time zone",
                    ),
                ),
            ],
            options={
                "verbose_name": "settings for notices",
                "verbose_name_plural": "settings for notices",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("hour__lte", 23)), name="hour_is_of_a_day"),
                    models.CheckConstraint(
                        condition=models.Q(("at_once__overlap", models.F("daily")), _negated=True),
                        name="a_kind_is_mailed_one_way",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Sighting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(verbose_name="version of the review")),
                ("printed", models.JSONField(verbose_name="what it said")),
                ("sha256", models.CharField(max_length=64, verbose_name="sha256 of what it said")),
                (
                    "seen_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="seen"),
                ),
                ("before", models.JSONField(null=True, verbose_name="what it said before")),
                ("before_version", models.PositiveIntegerField(null=True, verbose_name="version of the review before")),
                ("before_at", models.DateTimeField(null=True, verbose_name="seen before")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sightings",
                        to="factcheck.claimreview",
                    ),
                ),
            ],
            options={
                "verbose_name": "sighting",
            },
        ),
        migrations.CreateModel(
            name="Comment",
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
                (
                    "part",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("statement", "Statement"),
                            ("finding", "Finding"),
                            ("rationale", "Rationale"),
                            ("evidence", "Evidence"),
                        ],
                        max_length=10,
                        verbose_name="part of the review",
                    ),
                ),
                ("piece", models.BigIntegerField(blank=True, null=True, verbose_name="key of the piece of evidence")),
                ("text", models.TextField(blank=True, verbose_name="words")),
                (
                    "status",
                    models.CharField(
                        choices=[("open", "Open"), ("resolved", "Resolved"), ("withdrawn", "Withdrawn")],
                        default="open",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("resolved_at", models.DateTimeField(blank=True, null=True, verbose_name="resolved")),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comments",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="comments", to="factcheck.claim"
                    ),
                ),
                (
                    "resolved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comments",
                        to="factcheck.claimreview",
                    ),
                ),
            ],
            options={
                "verbose_name": "comment",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["open", "resolved", "withdrawn"])),
                        name="comment_status_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("part", ""), ("piece__isnull", True), ("review__isnull", True)),
                            models.Q(
                                ("part__in", ["statement", "finding", "rationale"]),
                                ("piece__isnull", True),
                                ("review__isnull", False),
                            ),
                            models.Q(("part", "evidence"), ("piece__isnull", False), ("review__isnull", False)),
                            _connector="OR",
                        ),
                        name="comment_is_about_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "withdrawn"), ("text", "")),
                            models.Q(
                                ("status__in", ["open", "resolved"]), models.Q(("text__regex", "^\\s*$"), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="comment_says_something_until_it_is_withdrawn",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("resolved_at__isnull", False), ("resolved_by__isnull", False), ("status", "resolved")
                            ),
                            models.Q(
                                models.Q(("status", "resolved"), _negated=True),
                                ("resolved_at__isnull", True),
                                ("resolved_by__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="comment_is_resolved_by_somebody",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="comment",
            trigger=pgtrigger.compiler.Trigger(
                name="a_comment_version_rises",
                sql=factcheck.models.guards.GuardSql(
                    func="NEW.version := OLD.version + 1; RETURN NEW;",
                    hash="7dfa4301b6d032fe6b211cbb7b7b4e5230b47766",
                    operation="UPDATE",
                    pgid="pgtrigger_a_comment_version_rises_c4ad4",
                    table="factcheck_comment",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="comment",
            trigger=pgtrigger.compiler.Trigger(
                name="comment_arrows",
                sql=factcheck.models.guards.GuardSql(
                    func="\n            IF NEW.status IS DISTINCT FROM OLD.status AND NOT ((OLD.status = 'open' AND NEW.status IN ('resolved', 'withdrawn')) OR (OLD.status = 'resolved' AND NEW.status IN ('open'))) THEN\n                RAISE EXCEPTION '% cannot become %', OLD.status, NEW.status USING ERRCODE = 'check_violation', CONSTRAINT = 'comment_arrows', TABLE = TG_TABLE_NAME;\n            END IF;\n            RETURN NEW;\n        ",
                    hash="d0a58009852139efb200d01bf7c10ddd169e73cc",
                    operation="UPDATE",
                    pgid="pgtrigger_comment_arrows_db52e",
                    table="factcheck_comment",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="comment",
            trigger=pgtrigger.compiler.Trigger(
                name="comments_are_born_open",
                sql=factcheck.models.guards.GuardSql(
                    func="\n            IF NOT coalesce(NEW.status = 'open' AND NEW.version = 1, false) THEN\n                RAISE EXCEPTION 'A comment is born open.' USING ERRCODE = 'check_violation', CONSTRAINT = 'comments_are_born_open', TABLE = TG_TABLE_NAME;\n            END IF;\n            RETURN NEW;\n        ",
                    hash="d018d48f9d0f434132370ac8e9cea6dee1376ec3",
                    operation="INSERT",
                    pgid="pgtrigger_comments_are_born_open_e558f",
                    table="factcheck_comment",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="comment",
            trigger=pgtrigger.compiler.Trigger(
                name="comments_stay_where_they_were_made",
                sql=factcheck.models.guards.GuardSql(
                    func="IF NEW.id IS DISTINCT FROM OLD.id OR NEW.claim_id IS DISTINCT FROM OLD.claim_id OR NEW.review_id IS DISTINCT FROM OLD.review_id OR NEW.part IS DISTINCT FROM OLD.part OR NEW.piece IS DISTINCT FROM OLD.piece OR NEW.author_id IS DISTINCT FROM OLD.author_id OR NEW.created_at IS DISTINCT FROM OLD.created_at THEN RAISE EXCEPTION 'A comment stays with its author and with what it is about.' USING ERRCODE = 'check_violation', CONSTRAINT = 'comments_stay_where_they_were_made', TABLE = TG_TABLE_NAME; END IF; RETURN NEW;",
                    hash="c2d7b874cb41dbf6eac1643c17db038e463c317e",
                    operation="UPDATE",
                    pgid="pgtrigger_comments_stay_where_they_were_made_58162",
                    table="factcheck_comment",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="comment",
            trigger=pgtrigger.compiler.Trigger(
                name="comments_stay",
                sql=factcheck.models.guards.GuardSql(
                    func="RAISE EXCEPTION 'A comment is never deleted; its author can withdraw it.' USING ERRCODE = 'check_violation', CONSTRAINT = 'comments_stay', TABLE = TG_TABLE_NAME;",
                    hash="d28dfdd16445c9ae1835b1579923a39c14420506",
                    level="STATEMENT",
                    operation="DELETE OR TRUNCATE",
                    pgid="pgtrigger_comments_stay_a1c95",
                    table="factcheck_comment",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="comment",
            trigger=pgtrigger.compiler.Trigger(
                name="comments_keep_their_words",
                sql=factcheck.models.guards.GuardSql(
                    func="\n                    IF NEW.text <> OLD.text AND NOT (OLD.status = 'open' AND NEW.status = 'withdrawn') THEN\n                        RAISE EXCEPTION 'A comment keeps its words until it is withdrawn.' USING ERRCODE = 'check_violation', CONSTRAINT = 'comments_keep_their_words', TABLE = TG_TABLE_NAME;\n                    END IF;\n                    RETURN NEW;\n                ",
                    hash="dca739c8f983cb371a3063a73276fcfe88bc9b4b",
                    operation="UPDATE",
                    pgid="pgtrigger_comments_keep_their_words_32af1",
                    table="factcheck_comment",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="comment",
            trigger=pgtrigger.compiler.Trigger(
                name="comment_is_on_a_review_of_its_claim",
                sql=factcheck.models.guards.GuardSql(
                    func="\n                    IF NEW.review_id IS NOT NULL AND NOT EXISTS (\n                        SELECT FROM factcheck_claimreview WHERE id = NEW.review_id AND claim_id = NEW.claim_id\n                    ) THEN\n                        RAISE EXCEPTION 'A comment is about a review of its own claim.' USING ERRCODE = 'check_violation', CONSTRAINT = 'comment_is_on_a_review_of_its_claim', TABLE = TG_TABLE_NAME;\n                    END IF;\n                    RETURN NEW;\n                ",
                    hash="7bab6fd62cdd5172cbe5a0793f9784d7ecca758d",
                    operation="INSERT",
                    pgid="pgtrigger_comment_is_on_a_review_of_its_claim_b1875",
                    table="factcheck_comment",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="follow",
            constraint=models.UniqueConstraint(fields=("person", "claim"), name="a_claim_is_followed_once"),
        ),
        migrations.AddConstraint(
            model_name="follow",
            constraint=models.UniqueConstraint(fields=("person", "article"), name="an_article_is_followed_once"),
        ),
        migrations.AddConstraint(
            model_name="follow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("article__isnull", True), ("claim__isnull", False)),
                    models.Q(("article__isnull", False), ("claim__isnull", True)),
                    _connector="OR",
                ),
                name="one_thing_is_followed",
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(fields=["person", "-id"], name="notices_by_person"),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                models.F("person"), condition=models.Q(("read_at__isnull", True)), name="notices_unread"
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                models.F("due_at"),
                condition=models.Q(("mailed_at__isnull", True), ("read_at__isnull", True)),
                name="notices_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.UniqueConstraint(fields=("person", "event"), name="told_once"),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("by__isnull", True), models.Q(("by", models.F("person")), _negated=True), _connector="OR"
                ),
                name="nobody_is_told_what_they_did",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("article__isnull", True), ("claim__isnull", False), ("job__isnull", True)),
                    models.Q(("article__isnull", False), ("claim__isnull", True), ("job__isnull", True)),
                    models.Q(("article__isnull", True), ("claim__isnull", True), ("job__isnull", False)),
                    _connector="OR",
                ),
                name="a_notice_is_about_one_thing",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="notice",
            trigger=pgtrigger.compiler.Trigger(
                name="notices_stay_as_told",
                sql=factcheck.models.guards.GuardSql(
                    func="IF NEW.id IS DISTINCT FROM OLD.id OR NEW.person_id IS DISTINCT FROM OLD.person_id OR NEW.kind IS DISTINCT FROM OLD.kind OR NEW.event IS DISTINCT FROM OLD.event OR NEW.by_id IS DISTINCT FROM OLD.by_id OR NEW.claim_id IS DISTINCT FROM OLD.claim_id OR NEW.article_id IS DISTINCT FROM OLD.article_id OR NEW.job_id IS DISTINCT FROM OLD.job_id OR NEW.made_at IS DISTINCT FROM OLD.made_at THEN RAISE EXCEPTION 'A notice stays what it told, and whom.' USING ERRCODE = 'check_violation', CONSTRAINT = 'notices_stay_as_told', TABLE = TG_TABLE_NAME; END IF; RETURN NEW;",
                    hash="d95f5639859604ebad2edad10f2524087f671d6e",
                    operation="UPDATE",
                    pgid="pgtrigger_notices_stay_as_told_8c762",
                    table="factcheck_notice",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="notice",
            trigger=pgtrigger.compiler.Trigger(
                name="notices_stay",
                sql=factcheck.models.guards.GuardSql(
                    func="RAISE EXCEPTION 'A notice is never deleted: nobody is told the same again.' USING ERRCODE = 'check_violation', CONSTRAINT = 'notices_stay', TABLE = TG_TABLE_NAME;",
                    hash="bbbb99e78904537936c94f407587c53712c660e5",
                    level="STATEMENT",
                    operation="DELETE OR TRUNCATE",
                    pgid="pgtrigger_notices_stay_40996",
                    table="factcheck_notice",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="notice",
            trigger=pgtrigger.compiler.Trigger(
                name="notices_are_mailed_once",
                sql=factcheck.models.guards.GuardSql(
                    func="\n                    IF OLD.mailed_at IS NOT NULL AND NEW.mailed_at IS DISTINCT FROM OLD.mailed_at THEN\n                        RAISE EXCEPTION 'This notice was mailed already.' USING ERRCODE = 'check_violation', CONSTRAINT = 'notices_are_mailed_once', TABLE = TG_TABLE_NAME;\n                    END IF;\n                    RETURN NEW;\n                ",
                    hash="b874f7499f4397763c8d15e27d3b43e203974b3b",
                    operation="UPDATE",
                    pgid="pgtrigger_notices_are_mailed_once_4957b",
                    table="factcheck_notice",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="sighting",
            constraint=models.UniqueConstraint(fields=("review", "person"), name="one_sighting_per_review_and_person"),
        ),
    ]
