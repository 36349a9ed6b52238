"""What could not be read is kept, with who sent it and why."""

import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import factcheck.models.guards


class Migration(migrations.Migration):
    dependencies = [
        ("factcheck", "0010_feeds"),
    ]

    operations = [
        migrations.CreateModel(
            name="Unreadable",
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
                ("file_name", models.CharField(blank=True, max_length=255, verbose_name="name of the file or list")),
                ("line", models.PositiveIntegerField(blank=True, null=True, verbose_name="line of the list")),
                (
                    "media_type",
                    models.CharField(blank=True, max_length=255, verbose_name="media type, as its sender says"),
                ),
                ("size", models.PositiveBigIntegerField(verbose_name="bytes")),
                ("sha256", models.CharField(max_length=64, verbose_name="sha256 of the bytes")),
                ("raw", models.BinaryField(default=b"", verbose_name="bytes as they came")),
                ("said", models.JSONField(blank=True, default=dict, verbose_name="what was said of it")),
                ("confidential", models.BooleanField(default=False, verbose_name="confidential")),
                ("sentence", models.TextField(verbose_name="why it could not be read")),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Waits"), ("taken", "Taken in later"), ("set_aside", "Set aside")],
                        default="waiting",
                        max_length=10,
                        verbose_name="what became of it",
                    ),
                ),
                ("reason", models.TextField(blank=True, verbose_name="why it was set aside")),
                (
                    "article",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="unreadable",
                        to="factcheck.article",
                    ),
                ),
                ("readers", models.ManyToManyField(blank=True, related_name="+", to=settings.AUTH_USER_MODEL)),
                (
                    "sent_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who sent it",
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "unread submission",
                "verbose_name_plural": "unread submissions",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["sent_by", "sha256"],
                        name="unreadable_waiting",
                    ),
                    models.Index(
                        models.F("id"),
                        condition=models.Q(("article", None), ("confidential", True)),
                        name="unreadable_confidential",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "taken", "set_aside"])),
                        name="unreadable_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", "waiting"), ("raw", b""), _connector="OR"),
                        name="settled_lets_go_of_its_bytes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "taken"), _negated=True),
                            models.Q(("article", None), _negated=True),
                            _connector="OR",
                        ),
                        name="taken_names_its_article",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "set_aside"), _negated=True),
                            models.Q(("reason__regex", "^\\s*$"), _negated=True),
                            _connector="OR",
                        ),
                        name="set_aside_has_a_reason",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="unreadable",
            trigger=pgtrigger.compiler.Trigger(
                name="a_unreadable_version_rises",
                sql=factcheck.models.guards.GuardSql(
                    func="NEW.version := OLD.version + 1; RETURN NEW;",
                    hash="7bbba613139e0ce72a9cdb782b6417d4257227e7",
                    operation="UPDATE",
                    pgid="pgtrigger_a_unreadable_version_rises_99aae",
                    table="factcheck_unreadable",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="unreadable",
            trigger=pgtrigger.compiler.Trigger(
                name="unreadable_arrows",
                sql=factcheck.models.guards.GuardSql(
                    func="\n            IF NEW.state IS DISTINCT FROM OLD.state AND NOT ((OLD.state = 'waiting' AND NEW.state IN ('set_aside', 'taken'))) THEN\n                RAISE EXCEPTION '% cannot become %', OLD.state, NEW.state USING ERRCODE = 'check_violation', CONSTRAINT = 'unreadable_arrows', TABLE = TG_TABLE_NAME;\n            END IF;\n            RETURN NEW;\n        ",
                    hash="a98719ce4e4a0c46365d1894d767c58e12c62c7e",
                    operation="UPDATE",
                    pgid="pgtrigger_unreadable_arrows_4a028",
                    table="factcheck_unreadable",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="unreadable",
            trigger=pgtrigger.compiler.Trigger(
                name="unreadable_is_born_waiting_with_its_hash",
                sql=factcheck.models.guards.GuardSql(
                    func="\n            IF NOT coalesce(NEW.state = 'waiting' AND (NEW.raw = '' OR NEW.sha256 = encode(sha256(NEW.raw), 'hex') AND NEW.size = length(NEW.raw)), false) THEN\n                RAISE EXCEPTION 'What could not be read waits first, and its sha256 and size are those of its bytes.' USING ERRCODE = 'check_violation', CONSTRAINT = 'unreadable_is_born_waiting_with_its_hash', TABLE = TG_TABLE_NAME;\n            END IF;\n            RETURN NEW;\n        ",
                    hash="d05c642f081f0df3722885295aa369c7b5c4b079",
                    operation="INSERT",
                    pgid="pgtrigger_unreadable_is_born_waiting_with_its_hash_87bf4",
                    table="factcheck_unreadable",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="unreadable",
            trigger=pgtrigger.compiler.Trigger(
                name="unreadable_stays_what_was_sent",
                sql=factcheck.models.guards.GuardSql(
                    func="IF NEW.id IS DISTINCT FROM OLD.id OR NEW.sent_by_id IS DISTINCT FROM OLD.sent_by_id OR NEW.file_name IS DISTINCT FROM OLD.file_name OR NEW.line IS DISTINCT FROM OLD.line OR NEW.media_type IS DISTINCT FROM OLD.media_type OR NEW.size IS DISTINCT FROM OLD.size OR NEW.sha256 IS DISTINCT FROM OLD.sha256 OR NEW.said IS DISTINCT FROM OLD.said OR NEW.confidential IS DISTINCT FROM OLD.confidential OR NEW.created_at IS DISTINCT FROM OLD.created_at THEN RAISE EXCEPTION 'What was sent in stays what it was.' USING ERRCODE = 'check_violation', CONSTRAINT = 'unreadable_stays_what_was_sent', TABLE = TG_TABLE_NAME; END IF; RETURN NEW;",
                    hash="0e50e5df6d14986b7fd5986918d21f974a0259f1",
                    operation="UPDATE",
                    pgid="pgtrigger_unreadable_stays_what_was_sent_75825",
                    table="factcheck_unreadable",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="unreadable",
            trigger=pgtrigger.compiler.Trigger(
                name="unreadable_stays",
                sql=factcheck.models.guards.GuardSql(
                    func="RAISE EXCEPTION 'What could not be read is set aside, and never deleted.' USING ERRCODE = 'check_violation', CONSTRAINT = 'unreadable_stays', TABLE = TG_TABLE_NAME;",
                    hash="ce618c9796a9bc99182f3c53cf82c2aa90651d0a",
                    level="STATEMENT",
                    operation="DELETE OR TRUNCATE",
                    pgid="pgtrigger_unreadable_stays_d3b9e",
                    table="factcheck_unreadable",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="unreadable",
            trigger=pgtrigger.compiler.Trigger(
                name="unreadable_bytes_only_go",
                sql=factcheck.models.guards.GuardSql(
                    func="\n                    IF NEW.raw <> OLD.raw AND NEW.raw <> '' THEN\n                        RAISE EXCEPTION 'Bytes are kept as they came, or not at all.' USING ERRCODE = 'check_violation', CONSTRAINT = 'unreadable_bytes_only_go', TABLE = TG_TABLE_NAME;\n                    END IF;\n                    RETURN NEW;\n                ",
                    hash="294dc346696ee99fb7f553f0603f5825f05cb65a",
                    operation="UPDATE",
                    pgid="pgtrigger_unreadable_bytes_only_go_4ea3f",
                    table="factcheck_unreadable",
                    when="BEFORE",
                ),
            ),
        ),
    ]
