"""Services outside are asked for sources, and what was sent to them is recorded."""

import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import factcheck.models.guards


class Migration(migrations.Migration):
    dependencies = [
        ("factcheck", "0015_library"),
    ]

    operations = [
        migrations.CreateModel(
            name="Search",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("provider", models.CharField(max_length=50, verbose_name="service")),
                ("words", models.TextField(verbose_name="words as they are sent")),
                ("sent_to", models.CharField(blank=True, max_length=255, verbose_name="sent to")),
                ("sent_at", models.DateTimeField(null=True, verbose_name="last sent")),
                ("sendings", models.PositiveIntegerField(default=0, verbose_name="how often sent")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("found", "Found something"),
                            ("empty", "Found nothing"),
                            ("stays", "Not sent: the article stays in the house"),
                            ("dropped", "Not needed any more"),
                        ],
                        max_length=10,
                        verbose_name="outcome",
                    ),
                ),
                ("found", models.PositiveIntegerField(default=0, verbose_name="pages found")),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
            ],
            options={
                "verbose_name": "search outside",
                "verbose_name_plural": "searches outside",
            },
        ),
        migrations.CreateModel(
            name="Turns",
            fields=[
                (
                    "provider",
                    models.CharField(max_length=50, primary_key=True, serialize=False, verbose_name="service"),
                ),
                (
                    "free_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="free from"
                    ),
                ),
                (
                    "named_until",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="waiting until"
                    ),
                ),
                (
                    "bulk_until",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="in bulk waiting until"
                    ),
                ),
                ("failures", models.PositiveIntegerField(default=0, verbose_name="failures in a row")),
                ("open_until", models.DateTimeField(blank=True, null=True, verbose_name="nobody asks until")),
                ("probe_until", models.DateTimeField(blank=True, null=True, verbose_name="one call tries until")),
            ],
            options={
                "verbose_name": "turns at a service outside",
                "verbose_name_plural": "turns at services outside",
            },
        ),
        migrations.RemoveConstraint(
            model_name="source",
            name="source_seen_is_known",
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
                    ("read", "Fetch and read a source"),
                    ("import", "Add sources from a list"),
                    ("index", "Make a source searchable"),
                    ("poll", "Poll a feed"),
                    ("fact_checks", "Import fact-checks"),
                    ("search", "Ask a service outside"),
                    ("snapshot", "Fetch a source’s page"),
                ],
                max_length=20,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="source",
            name="seen",
            field=models.CharField(
                choices=[
                    ("page", "The page itself was read"),
                    ("mirror", "Read on another site that carries it"),
                    ("cited", "Not read: known from a document that cites it"),
                    ("memory", "Not read: from memory, to be confirmed"),
                    ("unread", "Not read yet"),
                    ("found", "Found by a search service; nobody has read it yet"),
                ],
                max_length=10,
                verbose_name="seen",
            ),
        ),
        migrations.AddConstraint(
            model_name="source",
            constraint=models.CheckConstraint(
                condition=models.Q(("seen__in", ["page", "mirror", "cited", "memory", "unread", "found"])),
                name="source_seen_is_known",
            ),
        ),
        migrations.AddField(
            model_name="search",
            name="claim",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="searches", to="factcheck.claim"
            ),
        ),
        migrations.AddConstraint(
            model_name="search",
            constraint=models.UniqueConstraint(
                condition=models.Q(("outcome__in", ["stays", "dropped"]), _negated=True),
                fields=("claim", "provider", "words"),
                name="the_same_is_asked_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="search",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome__in", ["", "found", "empty", "stays", "dropped"])),
                name="search_outcome_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="search",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("found__gte", 1), ("outcome", "found")),
                    models.Q(models.Q(("outcome", "found"), _negated=True), ("found", 0)),
                    _connector="OR",
                ),
                name="search_found_what_it_says",
            ),
        ),
        migrations.AddConstraint(
            model_name="search",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("sendings", 0),
                        ("sent_at__isnull", True),
                        ("sent_to", ""),
                        models.Q(("outcome__in", ["found", "empty"]), _negated=True),
                    ),
                    models.Q(
                        ("sendings__gte", 1), ("sent_at__isnull", False), models.Q(("sent_to", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="search_that_was_sent_says_when_and_to_whom",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="search",
            trigger=pgtrigger.compiler.Trigger(
                name="searches_are_born_unsent",
                sql=factcheck.models.guards.GuardSql(
                    func="\n            IF NOT coalesce(NEW.sendings = 0 AND NEW.outcome = '', false) THEN\n                RAISE EXCEPTION 'A search is born before it is sent.' USING ERRCODE = 'check_violation', CONSTRAINT = 'searches_are_born_unsent', TABLE = TG_TABLE_NAME;\n            END IF;\n            RETURN NEW;\n        ",
                    hash="c6538f072dbad06a479ea504e0980dde089c7162",
                    operation="INSERT",
                    pgid="pgtrigger_searches_are_born_unsent_7f89c",
                    table="factcheck_search",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="search",
            trigger=pgtrigger.compiler.Trigger(
                name="searches_keep_their_question",
                sql=factcheck.models.guards.GuardSql(
                    func="IF NEW.id IS DISTINCT FROM OLD.id OR NEW.claim_id IS DISTINCT FROM OLD.claim_id OR NEW.provider IS DISTINCT FROM OLD.provider OR NEW.words IS DISTINCT FROM OLD.words OR NEW.created_at IS DISTINCT FROM OLD.created_at THEN RAISE EXCEPTION 'Whom a search asks, and with what words, stays.' USING ERRCODE = 'check_violation', CONSTRAINT = 'searches_keep_their_question', TABLE = TG_TABLE_NAME; END IF; RETURN NEW;",
                    hash="a5d52b7425fa56c83b0a687347ece01c3068651b",
                    operation="UPDATE",
                    pgid="pgtrigger_searches_keep_their_question_55dfb",
                    table="factcheck_search",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="search",
            trigger=pgtrigger.compiler.Trigger(
                name="searches_stay",
                sql=factcheck.models.guards.GuardSql(
                    func="RAISE EXCEPTION 'A search is never deleted: it says what left the house.' USING ERRCODE = 'check_violation', CONSTRAINT = 'searches_stay', TABLE = TG_TABLE_NAME;",
                    hash="d97fc280bda4e200ac522626f0417a52ac41f170",
                    level="STATEMENT",
                    operation="DELETE OR TRUNCATE",
                    pgid="pgtrigger_searches_stay_b0565",
                    table="factcheck_search",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="search",
            trigger=pgtrigger.compiler.Trigger(
                name="searches_only_go_on",
                sql=factcheck.models.guards.GuardSql(
                    func="\n                    IF NEW.sendings < OLD.sendings OR (OLD.outcome <> '' AND NEW IS DISTINCT FROM OLD)\n                       OR (NEW.sendings = OLD.sendings AND NEW.sent_at IS DISTINCT FROM OLD.sent_at) THEN\n                        RAISE EXCEPTION 'What was sent stays recorded, and a search that has ended stays as it ended.' USING ERRCODE = 'check_violation', CONSTRAINT = 'searches_only_go_on', TABLE = TG_TABLE_NAME;\n                    END IF;\n                    RETURN NEW;\n                ",
                    hash="4cbd3246a7028f2ca198bb8da3f8ead9b7df1062",
                    operation="UPDATE",
                    pgid="pgtrigger_searches_only_go_on_0ab84",
                    table="factcheck_search",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="search",
            trigger=pgtrigger.compiler.Trigger(
                name="searches_stay_in_the_house",
                sql=factcheck.models.guards.GuardSql(
                    func="\n                    IF TG_OP = 'UPDATE' THEN\n                        IF NEW.sendings = OLD.sendings THEN RETURN NEW; END IF;\n                    END IF;\n                    PERFORM FROM factcheck_article article\n                    JOIN factcheck_claim claim ON claim.article_id = article.id\n                    WHERE claim.id = NEW.claim_id AND article.outside_search = 'allowed' AND NOT article.confidential\n                    FOR SHARE OF article;\n                    IF NOT FOUND THEN\n                        RAISE EXCEPTION 'The claims of this article are never sent outside.' USING ERRCODE = 'check_violation', CONSTRAINT = 'searches_stay_in_the_house', TABLE = TG_TABLE_NAME;\n                    END IF;\n                    RETURN NEW;\n                ",
                    hash="de0d35f711c9425f5389d9353a43080b0caf1817",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_searches_stay_in_the_house_53503",
                    table="factcheck_search",
                    when="BEFORE",
                ),
            ),
        ),
    ]
