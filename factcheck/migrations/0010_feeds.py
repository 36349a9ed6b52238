"""Feeds, how their last poll went, and which of their entries were met."""

import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import factcheck.models.guards


class Migration(migrations.Migration):
    dependencies = [
        ("factcheck", "0009_changed_pages"),
    ]

    operations = [
        migrations.CreateModel(
            name="Feed",
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
                ("url", models.URLField(max_length=2000, verbose_name="address")),
                (
                    "name",
                    models.CharField(
                        blank=True, help_text="Left empty, its own title is shown.", max_length=300, verbose_name="name"
                    ),
                ),
                (
                    "every",
                    models.PositiveIntegerField(
                        choices=[
                            (15, "every 15 minutes"),
                            (30, "every 30 minutes"),
                            (60, "every hour"),
                            (180, "every 3 hours"),
                            (360, "every 6 hours"),
                            (1440, "every day"),
                            (10080, "every week"),
                        ],
                        default=60,
                        verbose_name="how often it is polled",
                    ),
                ),
                ("is_on", models.BooleanField(default=True, verbose_name="switched on")),
                ("off_because", models.TextField(blank=True, verbose_name="why the machine switched it off")),
                (
                    "added_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="added_feeds",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "outlet",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="feeds",
                        to="factcheck.outlet",
                    ),
                ),
            ],
            options={
                "verbose_name": "feed",
            },
        ),
        migrations.AlterField(
            model_name="job",
            name="kind",
            field=models.CharField(
                choices=[
                    ("fetch", "Fetch the page"),
                    ("split", "Split a text into claims"),
                    ("suggest", "Find sources in the library"),
                    ("index", "Make a source searchable"),
                    ("poll", "Poll a feed"),
                ],
                max_length=20,
                verbose_name="kind",
            ),
        ),
        migrations.CreateModel(
            name="FeedEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("link", models.CharField(max_length=64, verbose_name="sha256 of the address")),
                ("guid", models.CharField(blank=True, max_length=64, verbose_name="sha256 of the id")),
                ("refused", models.TextField(blank=True, verbose_name="why it is no article")),
                (
                    "met_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name="met"
                    ),
                ),
                (
                    "article",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="feed_entries",
                        to="factcheck.article",
                    ),
                ),
                (
                    "feed",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="entries", to="factcheck.feed"
                    ),
                ),
            ],
            options={
                "verbose_name": "entry of a feed",
                "verbose_name_plural": "entries of feeds",
            },
        ),
        migrations.CreateModel(
            name="Polling",
            fields=[
                (
                    "feed",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="polling",
                        serialize=False,
                        to="factcheck.feed",
                    ),
                ),
                (
                    "due_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), db_index=True, verbose_name="next poll"
                    ),
                ),
                ("polled_at", models.DateTimeField(blank=True, null=True, verbose_name="last poll")),
                (
                    "changed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="last poll that found something new"),
                ),
                ("title", models.CharField(blank=True, max_length=1000, verbose_name="its own title")),
                ("found", models.PositiveIntegerField(default=0, verbose_name="new entries at the last poll")),
                ("failures", models.PositiveIntegerField(default=0, verbose_name="failures in a row")),
                ("last_error", models.TextField(blank=True, verbose_name="why the last poll failed")),
                ("etag", models.CharField(blank=True, max_length=1000)),
                ("last_modified", models.CharField(blank=True, max_length=1000)),
            ],
            options={
                "verbose_name": "polling of a feed",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("failures", 0), ("last_error", "")),
                            models.Q(("failures__gt", 0), models.Q(("last_error", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="failed_poll_says_why",
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="feed",
            constraint=models.UniqueConstraint(fields=("url",), name="one_feed_per_address"),
        ),
        migrations.AddConstraint(
            model_name="feed",
            constraint=models.CheckConstraint(
                condition=models.Q(("url__regex", "^https?://")), name="feed_address_is_of_the_web"
            ),
        ),
        migrations.AddConstraint(
            model_name="feed",
            constraint=models.CheckConstraint(
                condition=models.Q(("every__gte", 15), ("every__lte", 10080)), name="feed_is_polled_within_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="feed",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_on", False), ("off_because", ""), _connector="OR"),
                name="feed_that_is_on_is_not_off_for_a_reason",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="feed",
            trigger=pgtrigger.compiler.Trigger(
                name="a_feed_version_rises",
                sql=factcheck.models.guards.GuardSql(
                    func="NEW.version := OLD.version + 1; RETURN NEW;",
                    hash="50665f34499dd935f04483a457dc6306a3f77182",
                    operation="UPDATE",
                    pgid="pgtrigger_a_feed_version_rises_a618b",
                    table="factcheck_feed",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="feed",
            trigger=pgtrigger.compiler.Trigger(
                name="feed_address_stays",
                sql=factcheck.models.guards.GuardSql(
                    func="IF NEW.id IS DISTINCT FROM OLD.id OR NEW.url IS DISTINCT FROM OLD.url THEN RAISE EXCEPTION 'A feed keeps its address; another address is another feed.' USING ERRCODE = 'check_violation', CONSTRAINT = 'feed_address_stays', TABLE = TG_TABLE_NAME; END IF; RETURN NEW;",
                    hash="7d96e87680d1b7302368c32d0a5d27ce21e0974b",
                    operation="UPDATE",
                    pgid="pgtrigger_feed_address_stays_565c4",
                    table="factcheck_feed",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="feed",
            trigger=pgtrigger.compiler.Trigger(
                name="feeds_stay",
                sql=factcheck.models.guards.GuardSql(
                    func="RAISE EXCEPTION 'A feed is never deleted; it is switched off.' USING ERRCODE = 'check_violation', CONSTRAINT = 'feeds_stay', TABLE = TG_TABLE_NAME;",
                    hash="663c067fa4f3be6acb080c9092a4c832665259c7",
                    level="STATEMENT",
                    operation="DELETE OR TRUNCATE",
                    pgid="pgtrigger_feeds_stay_f00e8",
                    table="factcheck_feed",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="feedentry",
            constraint=models.UniqueConstraint(fields=("feed", "link"), name="one_entry_per_feed_and_address"),
        ),
        migrations.AddConstraint(
            model_name="feedentry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("guid", ""), _negated=True),
                fields=("feed", "guid"),
                name="one_entry_per_feed_and_id",
            ),
        ),
        migrations.AddConstraint(
            model_name="feedentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("article__isnull", False), ("refused", "")),
                    models.Q(("article__isnull", True), models.Q(("refused", ""), _negated=True)),
                    _connector="OR",
                ),
                name="entry_is_an_article_or_says_why_not",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="feedentry",
            trigger=pgtrigger.compiler.Trigger(
                name="feed_entries_stay",
                sql=factcheck.models.guards.GuardSql(
                    func="RAISE EXCEPTION 'An entry that was met is never forgotten: it would be taken twice.' USING ERRCODE = 'check_violation', CONSTRAINT = 'feed_entries_stay', TABLE = TG_TABLE_NAME;",
                    hash="6faf33eba2ab1191e155afc729ce4fc97e36980c",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_feed_entries_stay_e58e3",
                    table="factcheck_feedentry",
                    when="BEFORE",
                ),
            ),
        ),
    ]
