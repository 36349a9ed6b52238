"""manage.py readers: confidential articles that nobody sees any more, and who shall see one from now on."""

from django.core.management.base import CommandError

from factcheck.management.showing import DeskCommand
from factcheck.models import Article, User
from factcheck.workflow.articles import keep_confidential


class Command(DeskCommand):
    help = "List confidential articles whose readers have all left; or say who sees one, with an entry in its trail."

    def add_arguments(self, parser):
        parser.add_argument("article", nargs="?", type=int, help="Its number, from the list.")
        parser.add_argument("people", nargs="*", help="E-mail addresses of those who see it from now on.")

    def handle(self, *args, article, people, **options):
        if article is None:
            self.alone()
            return
        row = Article.objects.filter(pk=article, confidential=True).first()
        if row is None:
            raise CommandError(f"There is no confidential article {article}.")
        found = {person.email.lower(): person for person in User.objects.filter(email__in=people)}
        if unknown := [email for email in people if email.lower() not in found]:
            raise CommandError(f"Nobody of the desk has the address {unknown[0]}.")
        keep_confidential(row, by=None, seen=row.version, readers=found.values())
        self.stdout.write(f"Article {article} is seen by {len(found)} people now. Its trail says so.")

    def alone(self) -> None:
        left = Article.objects.filter(confidential=True).exclude(readers__is_active=True).order_by("pk")
        keys = left.values_list("pk", flat=True)
        self.stdout.write("\n".join(f"article {key}" for key in keys) or "Every confidential article has a reader.")
