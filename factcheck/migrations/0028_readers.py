"""What the desk says about itself is kept by versions; readers ask, and are answered."""

import json

import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import factcheck.models.guards


def keep_versions(apps, schema_editor):
    """The method's text becomes a page. Its earlier versions stand in the trail, as far as they were not erased there,
    with who wrote them and when."""
    Desk, DeskPage, Entry, Text = (
        apps.get_model("factcheck", name) for name in ("Desk", "DeskPage", "AuditEntry", "AuditText")
    )
    desk, found = Desk.objects.first(), {}
    if desk is None:
        return
    edits = {entry.pk: entry for entry in Entry.objects.filter(verb="desk.edited").order_by("pk")}
    for words in Text.objects.filter(pk__in=edits).order_by("pk"):
        changed, entry = json.loads(words.text), edits[words.pk]
        written = {"written_by_id": entry.actor, "written_at": entry.at}
        before, after = changed.get("method", ("", ""))
        old, new = changed.get("method_version", (None, 1))
        if old is not None:
            found.setdefault(old, {"text": before})
        if after:
            found[new] = {"text": after, **written}
    found.setdefault(desk.method_version, {})["text"] = desk.method
    for version, written in sorted(found.items()):
        if (written["text"] or "").strip():
            DeskPage.objects.create(desk=desk, kind="method", version=version, **written)
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks still to be made cannot be altered
    schema_editor.execute("SET CONSTRAINTS ALL DEFERRED")


def put_back(apps, schema_editor):
    page = apps.get_model("factcheck", "DeskPage").objects.filter(kind="method").order_by("-version").first()
    if page is not None:
        apps.get_model("factcheck", "Desk").objects.update(method=page.text, method_version=page.version)


class Migration(migrations.Migration):
    dependencies = [
        ("factcheck", "0027_gate"),
    ]

    operations = [
        migrations.CreateModel(
            name="DeskPage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("method", "How we check"),
                            ("about", "About the desk"),
                            ("corrections-policy", "Corrections policy"),
                            ("funding", "Who pays for the desk"),
                            ("contact", "Contact"),
                            ("on-fairness", "On nonpartisanship and fairness"),
                            ("on-sources", "On sources"),
                            ("on-organisation", "On funding and organisation"),
                            ("on-method", "On methodology"),
                            ("on-corrections", "On corrections"),
                        ],
                        max_length=20,
                        verbose_name="page",
                    ),
                ),
                ("version", models.PositiveIntegerField(verbose_name="version")),
                ("text", models.TextField(verbose_name="text")),
                (
                    "written_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name="written"
                    ),
                ),
            ],
            options={
                "verbose_name": "page of the desk",
                "verbose_name_plural": "pages of the desk",
            },
        ),
        migrations.AddField(
            model_name="deskpage",
            name="desk",
            field=models.ForeignKey(
                default=1, on_delete=django.db.models.deletion.PROTECT, related_name="pages", to="factcheck.desk"
            ),
        ),
        migrations.AddField(
            model_name="deskpage",
            name="written_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="written by",
            ),
        ),
        migrations.RunPython(keep_versions, put_back),
        migrations.RemoveField(model_name="desk", name="method"),
        migrations.RemoveField(model_name="desk", name="method_version"),
        migrations.CreateModel(
            name="ReaderRequest",
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
                    "status",
                    models.CharField(
                        choices=[("open", "Open"), ("answered", "Answered"), ("spam", "Spam")],
                        default="open",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("text", models.TextField(verbose_name="what the reader writes")),
                ("url", models.URLField(blank=True, max_length=2000, verbose_name="source that the reader names")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("corrected", "Corrected"), ("no_change", "No change"), ("not_for_us", "Not for us")],
                        max_length=10,
                        verbose_name="outcome",
                    ),
                ),
                ("answer", models.TextField(blank=True, verbose_name="answer, as the reader sees it")),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="answered")),
            ],
            options={
                "verbose_name": "request from a reader",
                "verbose_name_plural": "requests from readers",
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="notice",
            name="notices_stay_as_told",
        ),
        migrations.RemoveConstraint(
            model_name="notice",
            name="a_notice_is_about_one_thing",
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
                    ("page_changed", "An article’s page has changed"),
                    ("orphaned", "A claim’s words are not in its article any more"),
                    ("dead_job", "A step of the machine has failed for good (for editors)"),
                    ("reader_request", "A reader asks for a correction, or tells the desk something (for editors)"),
                ],
                max_length=20,
                verbose_name="what happened",
            ),
        ),
        migrations.CreateModel(
            name="ReplyAddress",
            fields=[
                (
                    "request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="reply_address",
                        serialize=False,
                        to="factcheck.readerrequest",
                    ),
                ),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail address")),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="answer to be mailed")),
                ("mail_attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts to mail it")),
                ("mailed_at", models.DateTimeField(blank=True, null=True, verbose_name="answer mailed")),
                ("erased_at", models.DateTimeField(blank=True, null=True, verbose_name="erased")),
            ],
            options={
                "verbose_name": "address for an answer",
            },
        ),
        migrations.AddField(
            model_name="readerrequest",
            name="answered_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="readerrequest",
            name="assignee",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="taken by",
            ),
        ),
        migrations.AddField(
            model_name="readerrequest",
            name="publication",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="requests",
                to="factcheck.publication",
                verbose_name="fact-check",
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="readerrequest",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="factcheck.readerrequest",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("article__isnull", True),
                        ("claim__isnull", False),
                        ("job__isnull", True),
                        ("readerrequest__isnull", True),
                    ),
                    models.Q(
                        ("article__isnull", False),
                        ("claim__isnull", True),
                        ("job__isnull", True),
                        ("readerrequest__isnull", True),
                    ),
                    models.Q(
                        ("article__isnull", True),
                        ("claim__isnull", True),
                        ("job__isnull", False),
                        ("readerrequest__isnull", True),
                    ),
                    models.Q(
                        ("article__isnull", True),
                        ("claim__isnull", True),
                        ("job__isnull", True),
                        ("readerrequest__isnull", False),
                    ),
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
                    func="IF NEW.id IS DISTINCT FROM OLD.id OR NEW.person_id IS DISTINCT FROM OLD.person_id OR NEW.kind IS DISTINCT FROM OLD.kind OR NEW.event IS DISTINCT FROM OLD.event OR NEW.by_id IS DISTINCT FROM OLD.by_id OR NEW.claim_id IS DISTINCT FROM OLD.claim_id OR NEW.article_id IS DISTINCT FROM OLD.article_id OR NEW.job_id IS DISTINCT FROM OLD.job_id OR NEW.readerrequest_id IS DISTINCT FROM OLD.readerrequest_id OR NEW.made_at IS DISTINCT FROM OLD.made_at THEN RAISE EXCEPTION 'A notice stays what it told, and whom.' USING ERRCODE = 'check_violation', CONSTRAINT = 'notices_stay_as_told', TABLE = TG_TABLE_NAME; END IF; RETURN NEW;",
                    hash="fbeaecb649a8335d506bc83a7b44b50c911a40f8",
                    operation="UPDATE",
                    pgid="pgtrigger_notices_stay_as_told_8c762",
                    table="factcheck_notice",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="deskpage",
            constraint=models.UniqueConstraint(fields=("kind", "version"), name="one_text_per_page_and_version"),
        ),
        migrations.AddConstraint(
            model_name="deskpage",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("text__regex", "^\\s*$"), _negated=True), ("version__gte", 1)),
                name="a_page_says_something",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="deskpage",
            trigger=pgtrigger.compiler.Trigger(
                name="desk_pages_stay",
                sql=factcheck.models.guards.GuardSql(
                    func="RAISE EXCEPTION 'What a page of the desk said stays: write its next version.' USING ERRCODE = 'check_violation', CONSTRAINT = 'desk_pages_stay', TABLE = TG_TABLE_NAME;",
                    hash="473d803dd79bf23ae6572343050c98954236ce8c",
                    level="STATEMENT",
                    operation="UPDATE OR DELETE OR TRUNCATE",
                    pgid="pgtrigger_desk_pages_stay_d5b52",
                    table="factcheck_deskpage",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="deskpage",
            trigger=pgtrigger.compiler.Trigger(
                name="desk_page_takes_the_next_version",
                sql=factcheck.models.guards.GuardSql(
                    declare="DECLARE newest bigint;",
                    func="\n                    SELECT coalesce(max(version), 0) INTO newest FROM factcheck_deskpage WHERE kind = NEW.kind;\n                    IF NEW.version <> newest + 1 THEN\n                        RAISE EXCEPTION 'The versions of a page are numbered one after the other: somebody else has written one.' USING ERRCODE = 'check_violation', CONSTRAINT = 'desk_page_takes_the_next_version', TABLE = TG_TABLE_NAME;\n                    END IF;\n                    RETURN NEW;\n                ",
                    hash="f5189d8cfe938e30580b584e96dad3c0f3d5b69c",
                    operation="INSERT",
                    pgid="pgtrigger_desk_page_takes_the_next_version_b73f1",
                    table="factcheck_deskpage",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="replyaddress",
            index=models.Index(condition=models.Q(("erased_at__isnull", True)), fields=["due_at"], name="answers_due"),
        ),
        migrations.AddConstraint(
            model_name="replyaddress",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("erased_at__isnull", True), models.Q(("email", ""), _negated=True)),
                    models.Q(("email", ""), ("erased_at__isnull", False)),
                    _connector="OR",
                ),
                name="reply_address_stands_until_erased",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="replyaddress",
            trigger=pgtrigger.compiler.Trigger(
                name="reply_addresses_only_go",
                sql=factcheck.models.guards.GuardSql(
                    func="\n                    IF NEW.request_id <> OLD.request_id OR (NEW.email <> OLD.email AND NEW.email <> '') THEN\n                        RAISE EXCEPTION 'An address for an answer stays until it is erased.' USING ERRCODE = 'check_violation', CONSTRAINT = 'reply_addresses_only_go', TABLE = TG_TABLE_NAME;\n                    END IF;\n                    RETURN NEW;\n                ",
                    hash="8e2e8567db5bf25f263b698c4e38af979dd90c2a",
                    operation="UPDATE",
                    pgid="pgtrigger_reply_addresses_only_go_c8906",
                    table="factcheck_replyaddress",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="readerrequest",
            index=models.Index(fields=["status", "-id"], name="reader_requests_by_status"),
        ),
        migrations.AddConstraint(
            model_name="readerrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["open", "answered", "spam"])), name="reader_request_status_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="readerrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("text__regex", "^\\s*$"), _negated=True), name="reader_request_says_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="readerrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("url", ""), ("url__regex", "^https?://"), _connector="OR"),
                name="reader_request_names_a_web_address",
            ),
        ),
        migrations.AddConstraint(
            model_name="readerrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("answered_at__isnull", False),
                        ("answered_by__isnull", False),
                        ("status", "answered"),
                        ("outcome__in", ["corrected", "no_change", "not_for_us"]),
                        models.Q(("answer__regex", "^\\s*$"), _negated=True),
                    ),
                    models.Q(
                        models.Q(("status", "answered"), _negated=True),
                        ("answer", ""),
                        ("answered_at__isnull", True),
                        ("answered_by__isnull", True),
                        ("outcome", ""),
                    ),
                    _connector="OR",
                ),
                name="answer_is_whole",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="readerrequest",
            trigger=pgtrigger.compiler.Trigger(
                name="a_reader_request_version_rises",
                sql=factcheck.models.guards.GuardSql(
                    func="NEW.version := OLD.version + 1; RETURN NEW;",
                    hash="47fc3a806a43b5b7a814b88c61cfb419d04f44f8",
                    operation="UPDATE",
                    pgid="pgtrigger_a_reader_request_version_rises_231f3",
                    table="factcheck_readerrequest",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="readerrequest",
            trigger=pgtrigger.compiler.Trigger(
                name="reader_request_arrows",
                sql=factcheck.models.guards.GuardSql(
                    func="\n            IF NEW.status IS DISTINCT FROM OLD.status AND NOT ((OLD.status = 'open' AND NEW.status IN ('answered', 'spam')) OR (OLD.status = 'spam' AND NEW.status IN ('open'))) THEN\n                RAISE EXCEPTION '% cannot become %', OLD.status, NEW.status USING ERRCODE = 'check_violation', CONSTRAINT = 'reader_request_arrows', TABLE = TG_TABLE_NAME;\n            END IF;\n            RETURN NEW;\n        ",
                    hash="245180dbcc5e82a5508d8e7e82c43bb8f7412e5b",
                    operation="UPDATE",
                    pgid="pgtrigger_reader_request_arrows_d1a27",
                    table="factcheck_readerrequest",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="readerrequest",
            trigger=pgtrigger.compiler.Trigger(
                name="reader_requests_are_born_open",
                sql=factcheck.models.guards.GuardSql(
                    func="\n            IF NOT coalesce(NEW.status = 'open' AND NEW.version = 1, false) THEN\n                RAISE EXCEPTION 'A request from a reader is open first.' USING ERRCODE = 'check_violation', CONSTRAINT = 'reader_requests_are_born_open', TABLE = TG_TABLE_NAME;\n            END IF;\n            RETURN NEW;\n        ",
                    hash="41cb0ce82c394ccbab27705aa9cd79786ad5725a",
                    operation="INSERT",
                    pgid="pgtrigger_reader_requests_are_born_open_92dad",
                    table="factcheck_readerrequest",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="readerrequest",
            trigger=pgtrigger.compiler.Trigger(
                name="reader_requests_stay_as_asked",
                sql=factcheck.models.guards.GuardSql(
                    func="IF NEW.id IS DISTINCT FROM OLD.id OR NEW.publication_id IS DISTINCT FROM OLD.publication_id OR NEW.text IS DISTINCT FROM OLD.text OR NEW.url IS DISTINCT FROM OLD.url OR NEW.created_at IS DISTINCT FROM OLD.created_at THEN RAISE EXCEPTION 'What a reader wrote stays as it was written.' USING ERRCODE = 'check_violation', CONSTRAINT = 'reader_requests_stay_as_asked', TABLE = TG_TABLE_NAME; END IF; RETURN NEW;",
                    hash="fcf7be99ac35d8341da21e8866584a7bde67927e",
                    operation="UPDATE",
                    pgid="pgtrigger_reader_requests_stay_as_asked_4d998",
                    table="factcheck_readerrequest",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="readerrequest",
            trigger=pgtrigger.compiler.Trigger(
                name="reader_requests_stay",
                sql=factcheck.models.guards.GuardSql(
                    func="RAISE EXCEPTION 'A request from a reader is answered or put with the spam, not deleted.' USING ERRCODE = 'check_violation', CONSTRAINT = 'reader_requests_stay', TABLE = TG_TABLE_NAME;",
                    hash="b50e982fe7212bd0a6eeda70830b6914103e90ff",
                    level="STATEMENT",
                    operation="DELETE OR TRUNCATE",
                    pgid="pgtrigger_reader_requests_stay_ebb2a",
                    table="factcheck_readerrequest",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="readerrequest",
            trigger=pgtrigger.compiler.Trigger(
                name="reader_requests_stay_answered",
                sql=factcheck.models.guards.GuardSql(
                    func="\n                    IF OLD.status = 'answered' THEN\n                        RAISE EXCEPTION 'This was answered, and the reader was told so.' USING ERRCODE = 'check_violation', CONSTRAINT = 'reader_requests_stay_answered', TABLE = TG_TABLE_NAME;\n                    END IF;\n                    RETURN NEW;\n                ",
                    hash="eff3020f7e8f6c4d92914457af79f120e97e6597",
                    operation="UPDATE",
                    pgid="pgtrigger_reader_requests_stay_answered_0fe8a",
                    table="factcheck_readerrequest",
                    when="BEFORE",
                ),
            ),
        ),
    ]
