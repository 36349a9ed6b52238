"""What publications are found by, and when each last changed: kept by the database from what was frozen."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.functions.comparison
import django.db.models.functions.text
from django.db import migrations, models

# What is stored may have been altered to be no JSON any more, or be gone: then nothing is found by it.
FUNCTION = """
CREATE FUNCTION factcheck_frozen_part(frozen text, VARIADIC path text[]) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog AS $$
BEGIN
    RETURN coalesce(frozen::jsonb #>> path, '');
EXCEPTION WHEN OTHERS THEN
    RETURN '';
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("factcheck", "0028_readers"),
    ]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION factcheck_frozen_part(text, text[]);"),
        migrations.AddField(
            model_name="publication",
            name="changed_at",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.db.models.functions.comparison.Greatest(
                    "published_at", "retracted_at", "taken_down_at"
                ),
                output_field=models.DateTimeField(),
            ),
        ),
        migrations.AddField(
            model_name="publication",
            name="outlet",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Func(
                    "frozen",
                    models.Value("content"),
                    models.Value("article"),
                    models.Value("outlet"),
                    function="factcheck_frozen_part",
                    output_field=models.TextField(),
                ),
                output_field=models.TextField(),
            ),
        ),
        migrations.AddField(
            model_name="publication",
            name="robots",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Func(
                    "frozen",
                    models.Value("content"),
                    models.Value("robots"),
                    function="factcheck_frozen_part",
                    output_field=models.TextField(),
                ),
                output_field=models.TextField(),
            ),
        ),
        migrations.AddField(
            model_name="publication",
            name="speaker",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Func(
                    "frozen",
                    models.Value("content"),
                    models.Value("speaker"),
                    function="factcheck_frozen_part",
                    output_field=models.TextField(),
                ),
                output_field=models.TextField(),
            ),
        ),
        migrations.AddField(
            model_name="publication",
            name="tsv",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.contrib.postgres.search.SearchVector(
                    models.Func(
                        "frozen",
                        models.Value("content"),
                        models.Value("statement"),
                        function="factcheck_frozen_part",
                        output_field=models.TextField(),
                    ),
                    models.Func(
                        "frozen",
                        models.Value("content"),
                        models.Value("speaker"),
                        function="factcheck_frozen_part",
                        output_field=models.TextField(),
                    ),
                    models.Func(
                        "frozen",
                        models.Value("content"),
                        models.Value("rationale"),
                        function="factcheck_frozen_part",
                        output_field=models.TextField(),
                    ),
                    config="english",
                ),
                output_field=django.contrib.postgres.search.SearchVectorField(),
            ),
        ),
        migrations.AddField(
            model_name="publication",
            name="verdict",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Func(
                    "frozen",
                    models.Value("content"),
                    models.Value("verdict"),
                    function="factcheck_frozen_part",
                    output_field=models.TextField(),
                ),
                output_field=models.TextField(),
            ),
        ),
        migrations.AddIndex(
            model_name="publication",
            index=django.contrib.postgres.indexes.GinIndex(fields=["tsv"], name="publications_by_words"),
        ),
        migrations.AddIndex(
            model_name="publication",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Upper("speaker"), name="gin_trgm_ops"
                ),
                name="publications_by_speaker",
            ),
        ),
        migrations.AddIndex(
            model_name="publication",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Upper("outlet"), name="gin_trgm_ops"
                ),
                name="publications_by_outlet",
            ),
        ),
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(fields=["-changed_at", "-id"], name="publications_newest_changed"),
        ),
    ]
