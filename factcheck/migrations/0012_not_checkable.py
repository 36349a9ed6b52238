"""Why evidence cannot show a claim to be right or wrong: a question, an order, an opinion, a prediction."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("factcheck", "0011_unreadable"),
    ]

    operations = [
        migrations.AddField(
            model_name="claim",
            name="not_checkable",
            field=models.CharField(
                blank=True,
                help_text="Empty when evidence can show it to be right or wrong.",
                max_length=500,
                verbose_name="why it cannot be checked",
            ),
        ),
    ]
