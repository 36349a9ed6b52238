"""How each text came to the desk, where its details come from, and what was sent in, to know it again."""

import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import factcheck.models.guards


class Migration(migrations.Migration):
    dependencies = [
        ("factcheck", "0006_shared_cache"),
    ]

    operations = [
        migrations.CreateModel(
            name="Capture",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("url", models.TextField(blank=True, verbose_name="address asked")),
                ("final_url", models.TextField(blank=True, verbose_name="address that answered")),
                ("file_name", models.CharField(blank=True, max_length=255, verbose_name="name of the file")),
                ("media_type", models.CharField(max_length=255, verbose_name="media type")),
                ("headers", models.JSONField(default=list, verbose_name="headers of the answer, as pairs")),
                ("sha256", models.CharField(max_length=64, verbose_name="sha256 of the bytes")),
                (
                    "captured_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name="came"
                    ),
                ),
            ],
            options={
                "verbose_name": "capture",
            },
        ),
        migrations.AddField(
            model_name="article",
            name="said",
            field=models.JSONField(blank=True, default=dict, editable=False, verbose_name="what the sender says of it"),
        ),
        migrations.AddField(
            model_name="article",
            name="submission",
            field=models.CharField(
                blank=True, editable=False, max_length=64, verbose_name="sha256 of what was sent in"
            ),
        ),
        migrations.AddField(
            model_name="articleversion",
            name="blocks",
            field=models.JSONField(blank=True, default=list, verbose_name="blocks"),
        ),
        migrations.AddField(
            model_name="articleversion",
            name="canonical_url",
            field=models.CharField(blank=True, max_length=2000, verbose_name="canonical address"),
        ),
        migrations.AddField(
            model_name="articleversion",
            name="modified_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="changed by its publisher"),
        ),
        migrations.AddField(
            model_name="articleversion",
            name="origins",
            field=models.JSONField(blank=True, default=dict, verbose_name="where each detail comes from"),
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
                ],
                max_length=20,
                verbose_name="kind",
            ),
        ),
        migrations.AddIndex(
            model_name="article",
            index=django.contrib.postgres.indexes.HashIndex(models.F("url"), name="articles_by_address"),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                models.F("submission"),
                condition=models.Q(("submission", ""), _negated=True),
                name="articles_by_submission",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="article",
            trigger=pgtrigger.compiler.Trigger(
                name="article_submission_stays",
                sql=factcheck.models.guards.GuardSql(
                    func="IF NEW.submission IS DISTINCT FROM OLD.submission OR NEW.said IS DISTINCT FROM OLD.said THEN RAISE EXCEPTION 'What was sent in stays what it was.' USING ERRCODE = 'check_violation', CONSTRAINT = 'article_submission_stays', TABLE = TG_TABLE_NAME; END IF; RETURN NEW;",
                    hash="2d5c6e07ea8c5bbb8b0b421dc9289f25dd3178f3",
                    operation="UPDATE",
                    pgid="pgtrigger_article_submission_stays_3b448",
                    table="factcheck_article",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="articleversion",
            trigger=pgtrigger.compiler.Trigger(
                name="article_text_has_its_capture",
                sql=factcheck.models.guards.GuardSql(
                    func="\n                    IF NEW.capture_id IS NOT NULL AND NOT EXISTS (\n                        SELECT FROM factcheck_capture capture\n                        WHERE capture.id = NEW.capture_id AND capture.article_id = NEW.article_id\n                          AND capture.sha256 = NEW.raw_sha256\n                    ) THEN\n                        RAISE EXCEPTION 'A text''s capture is of its own article and bytes.' USING ERRCODE = 'check_violation', CONSTRAINT = 'article_text_has_its_capture', TABLE = TG_TABLE_NAME;\n                    END IF;\n                    RETURN NEW;\n                ",
                    hash="de38e57446cb2c9dac70b7ea490bbde2784a6dec",
                    operation="INSERT",
                    pgid="pgtrigger_article_text_has_its_capture_5445a",
                    table="factcheck_articleversion",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddField(
            model_name="capture",
            name="article",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="captures", to="factcheck.article"
            ),
        ),
        migrations.AddField(
            model_name="articleversion",
            name="capture",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="version",
                to="factcheck.capture",
            ),
        ),
        migrations.AddIndex(
            model_name="articleversion",
            index=django.contrib.postgres.indexes.HashIndex(
                models.F("canonical_url"), name="texts_by_canonical_address"
            ),
        ),
        migrations.AddConstraint(
            model_name="articleversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("canonical_url", ""), ("canonical_url__regex", "^https?://"), _connector="OR"),
                name="canonical_address_is_of_the_web",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="capture",
            trigger=pgtrigger.compiler.Trigger(
                name="captures_stay",
                sql=factcheck.models.guards.GuardSql(
                    func="RAISE EXCEPTION 'What is known of how a text came is never changed.' USING ERRCODE = 'check_violation', CONSTRAINT = 'captures_stay', TABLE = TG_TABLE_NAME;",
                    hash="f15cb1a6b97a2d9ea487edcd68a5395342c0f9f8",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_captures_stay_6b051",
                    table="factcheck_capture",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="capture",
            trigger=pgtrigger.compiler.Trigger(
                name="captures_keep_no_cookies",
                sql=factcheck.models.guards.GuardSql(
                    func="\n            IF NOT coalesce(NOT jsonb_path_exists(NEW.headers, '$[*][0] ? (@ like_regex \"cookie\" flag \"i\")'), false) THEN\n                RAISE EXCEPTION 'A capture keeps no cookies: they are secrets between two machines.' USING ERRCODE = 'check_violation', CONSTRAINT = 'captures_keep_no_cookies', TABLE = TG_TABLE_NAME;\n            END IF;\n            RETURN NEW;\n        ",
                    hash="cb83285afff7db6b6d4993d756c84c27d9432028",
                    operation="INSERT",
                    pgid="pgtrigger_captures_keep_no_cookies_64cb3",
                    table="factcheck_capture",
                    when="BEFORE",
                ),
            ),
        ),
    ]
