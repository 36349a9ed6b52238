"""Where mails go when no server is named: a folder that only the desk's own user can read."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail.backends import filebased


class Folder(filebased.EmailBackend):
    """One file per mail, as Django's backend writes them, in a folder that is closed to others."""

    def __init__(self, *args: Any, **options: Any) -> None:
        Path(settings.EMAIL_FILE_PATH).mkdir(mode=0o700, parents=True, exist_ok=True)
        super().__init__(*args, **options)
