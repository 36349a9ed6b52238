"""Django's migrate, run as the owner of the tables: the role that serves pages may not change them."""

from django.core.management.commands import migrate

from config.databases import as_owner


class Command(migrate.Command):
    def handle(self, *args, **options):
        with as_owner():
            return super().handle(*args, **options)
