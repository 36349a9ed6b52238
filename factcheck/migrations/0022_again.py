"""A service outside can be asked again once it has answered."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("factcheck", "0021_told"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="search",
            name="the_same_is_asked_once",
        ),
        migrations.AddConstraint(
            model_name="search",
            constraint=models.UniqueConstraint(
                condition=models.Q(("outcome", "")),
                fields=("claim", "provider", "words"),
                name="the_same_is_asked_once",
            ),
        ),
    ]
