"""manage.py createdesk: the first set-up. Names the desk and invites its first administrator."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from factcheck.exceptions import DeskError
from factcheck.models import Desk, Role, User
from factcheck.workflow import invitations
from factcheck.workflow.people import add_person, set_up_desk

ASKED = {
    "name": "Name of the desk",
    "contact": "E-mail address that readers may write to (may be empty)",
    "admin_email": "E-mail address of the first administrator",
    "admin_name": "Name of the first administrator",
}


class Command(BaseCommand):
    asked = ASKED
    help = "Set the desk up for the first time: its name, and its first administrator, who is sent a link to come in."

    def add_arguments(self, parser):
        for option, meaning in self.asked.items():
            parser.add_argument(f"--{option.replace('_', '-')}", help=meaning)
        parser.add_argument("--no-input", action="store_true", help="Ask nothing; what is missing is an error.")

    def handle(self, *args, **options):
        if Desk.objects.exists():
            raise CommandError(
                "There is a desk already. Its name is changed in the admin, and people are added there. If nobody can"
                " get in, `manage.py createsuperuser` makes an administrator."
            )
        said = {option: self.answer(option, options) for option in self.asked}
        try:
            with transaction.atomic():  # an administrator who is refused leaves no half of a set-up
                set_up_desk(name=said["name"], contact=said["contact"])
                person = add_person(
                    by=None,
                    email=said["admin_email"],
                    name=said["admin_name"],
                    role=Role.ADMINISTRATOR,
                    undelivered=self.undelivered,
                )
        except DeskError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{said['name']} is set up, and {person.name} is its administrator.")
        self.way_in(person)

    def way_in(self, person: User) -> None:
        mails = "" if settings.EMAIL_BACKEND != "config.mail.Folder" else f"Mails lie in {settings.EMAIL_FILE_PATH}. "
        self.stdout.write(
            f"{mails}The link in the invitation, to set a password with, good for"
            f" {settings.PASSWORD_RESET_TIMEOUT // 86_400} days:\n{invitations.link(person)}"
        )

    def answer(self, option: str, options: dict) -> str:
        given = options[option]
        if given is None and not options["no_input"]:
            try:
                given = input(f"{self.asked[option]}: ")
            except EOFError:
                raise CommandError("Nobody answers. Give everything as an option; --help lists them.") from None
        if not (given or "").strip() and option != "contact":
            raise CommandError(f"--{option.replace('_', '-')} is missing: {self.asked[option].lower()}.")
        return (given or "").strip()

    def undelivered(self, person: User) -> None:
        self.stderr.write(f"The invitation could not be sent to {person.email}: hand over the link yourself.")
