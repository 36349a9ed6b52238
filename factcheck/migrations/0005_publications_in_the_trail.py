"""Publications from before the trail held them: their sha256, and that of their retraction, as they are today.

The entries say by their words that they were taken up later; what was altered before that day cannot be known.
"""

import hashlib
import secrets
import uuid

from django.db import migrations

from factcheck.models import text_hash

TAKEN_UP = "Taken up when the trail began to hold what was published."


def take_up(apps, schema_editor):
    publications = apps.get_model("factcheck", "Publication").objects
    entries = apps.get_model("factcheck", "AuditEntry").objects
    texts = apps.get_model("factcheck", "AuditText").objects
    for publication in publications.select_related("review__claim__article").order_by("pk").iterator():
        said = {"publication.published": publication.sha256}
        if publication.retraction_reason:
            reason = publication.retraction_reason.encode()
            said["publication.retracted"] = hashlib.sha256(reason).hexdigest()
        for verb, sha256 in said.items():
            if entries.filter(subject="publication", subject_id=publication.pk, verb=verb).exists():
                continue
            salt = secrets.token_hex(16)
            entry = entries.create(
                chain=str(publication.review.claim.article.uuid),
                verb=verb,
                subject="publication",
                subject_id=publication.pk,
                new=sha256,
                act=uuid.uuid4(),
                text_sha256=text_hash(salt, TAKEN_UP),
            )
            texts.create(entry_id=entry.pk, salt=salt, text=TAKEN_UP)


class Migration(migrations.Migration):
    dependencies = [("factcheck", "0004_audit_findings")]

    operations = [migrations.RunPython(take_up, migrations.RunPython.noop)]
