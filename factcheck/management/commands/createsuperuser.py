"""manage.py createsuperuser: an administrator more, by the operator, with an entry in the trail like any other."""

from django.core.management.base import CommandError

from factcheck.exceptions import DeskError
from factcheck.management.commands import createdesk
from factcheck.models import Role
from factcheck.workflow.people import add_person


class Command(createdesk.Command):
    asked = {"email": "E-mail address of the administrator", "name": "Name of the administrator"}
    help = "Add an administrator, who is sent a link to come in."

    def handle(self, *args, **options):
        said = {option: self.answer(option, options) for option in self.asked}
        try:
            person = add_person(by=None, role=Role.ADMINISTRATOR, undelivered=self.undelivered, **said)
        except DeskError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{person.name} is an administrator of the desk.")
        self.way_in(person)
