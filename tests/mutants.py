"""`make mutants`: twenty controls of OWASP ASVS 5.0.0, and for each the change of one line that its test must notice.

Each mutation is made in a copy of the tree, runs its one test there against real servers, and is taken back. It is
killed when the test fails; a test that passes, or that cannot even begin, lets it survive, and the exit code is 1.
`python -m tests.mutants --page` prints the table of docs/security.md.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import environ

PROJECT = Path(__file__).parent.parent
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "var", "__pycache__", ".*_cache", ".hypothesis", ".tmp", ".env")


@dataclass(frozen=True)
class Mutant:
    """control: number in ASVS 5.0.0. old: stands once in `file`. test: the pytest address of what fails with `new`."""

    control: str
    level: int
    about: str
    file: str
    old: str
    new: str
    test: str


MUTANTS = [
    Mutant(
        "1.2.1",
        1,
        "What people write is shown, and never becomes part of the page's markup.",
        "templates/factcheck/includes/_evidence.html",
        "{{ piece.exact }}",
        "{{ piece.exact|safe }}",
        "tests/web/test_claims.py::test_what_people_write_is_shown_and_never_run",
    ),
    Mutant(
        "1.2.4",
        1,
        "What people write reaches SQL as a parameter only.",
        "factcheck/retrieval/lexical.py",
        'execute(WORDS, {"claims": list(texts), "texts": list(texts.values()), "library": LIBRARY})',
        'execute(WORDS.replace("%(texts)s", "\'{" + ",".join(texts.values()) + "}\'"), '
        '{"claims": list(texts), "library": LIBRARY})',
        "tests/retrieval/test_lexical.py::test_a_statement_is_words_and_no_sql",
    ),
    Mutant(
        "1.3.6",
        2,
        "An address that somebody gives leads out of the operator's network, at each step of the way.",
        "factcheck/fetching/networks.py",
        "if not all(allowed(address) for address in addresses):",
        "if not addresses:",
        "tests/fetching/test_exchange.py::test_the_address_that_was_checked_is_the_one_connected_to",
    ),
    Mutant(
        "3.3.1",
        1,
        "Over https a cookie is sent over https only, and bears the prefix that ties it to this host.",
        "config/settings.py",
        "SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS",
        "SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False",
        "tests/config/test_settings.py::test_what_https_and_proxies_switch_on",
    ),
    Mutant(
        "3.4.3",
        2,
        "Every answer says that a browser runs and loads nothing but the desk's own files.",
        "config/settings.py",
        '"base-uri": ["\'none\'"],',
        '"base-uri": ["\'self\'"],',
        "tests/web/test_layout.py::test_every_answer_says_what_a_browser_may_not_do",
    ),
    Mutant(
        "3.5.1",
        1,
        "A form is taken from the desk's own pages only.",
        "config/settings.py",
        '    "django.middleware.csrf.CsrfViewMiddleware",\n',
        "",
        "tests/web/test_layout.py::test_a_form_is_sent_by_people_of_the_desk_only_and_never_by_a_link",
    ),
    Mutant(
        "4.1.3",
        2,
        "Headers that a proxy sets are believed only where the operator named the proxies.",
        "config/settings.py",
        'count("TRUSTED_PROXIES", 0)',
        'count("TRUSTED_PROXIES", 1)',
        "tests/config/test_settings.py::test_what_https_and_proxies_switch_on",
    ),
    Mutant(
        "6.2.1",
        1,
        "A password has twelve characters or more.",
        "config/settings.py",
        '"OPTIONS": {"min_length": 12},',
        '"OPTIONS": {"min_length": 6},',
        "tests/web/test_accounts.py::test_a_password_is_long_uncommon_and_kept_as_a_slow_hash",
    ),
    Mutant(
        "6.3.1",
        1,
        "Five wrong passwords or codes, and the address rests, whoever tries.",
        "config/settings.py",
        '"login_failed": "20/m/ip,5/5m/key"',
        '"login_failed": "20/m/ip,50/5m/key"',
        "tests/web/test_accounts.py::test_five_wrong_passwords_for_one_address_and_the_right_one_must_wait",
    ),
    Mutant(
        "6.3.3",
        2,
        "Who signs, runs or reads everything reaches nothing without a second factor.",
        "factcheck/web/second_factor.py",
        'return "set up"',
        'return ""',
        "tests/web/test_second_factor.py::test_without_one_only_the_account_is_open",
    ),
    Mutant(
        "7.4.2",
        1,
        "With the log-in all sessions end.",
        "factcheck/workflow/people.py",
        "is_active=False)\n        end_sessions(person)",
        "is_active=False)",
        "tests/web/test_accounts.py::test_a_login_taken_away_ends_every_session",
    ),
    Mutant(
        "7.5.1",
        2,
        "Who has a second factor confirms with it before a factor changes; the password is not enough.",
        "factcheck/web/accounts.py",
        'fitting = {"mfa"} if has_factor(self.request.user) else {"mfa", "password"}',
        'fitting = {"mfa", "password"}',
        "tests/web/test_second_factor.py::test_a_session_that_knows_the_password_only_is_caught_once_there_is_a_factor",
    ),
    Mutant(
        "8.2.1",
        1,
        "A verb is done by the roles that the table names, through whatever door.",
        "factcheck/workflow/publications.py",
        'require(by, "publish a review", review)',
        'require(by, "see the desk", review)',
        "tests/test_permissions.py::test_the_table_decides_at_every_door[publish a review-checker]",
    ),
    Mutant(
        "8.2.2",
        1,
        "A confidential article is there for its named readers only, whatever door and role.",
        "factcheck/models/articles.py",
        'return self.exclude(**{f"{self.model.TO_ARTICLE}__in": hidden_from(user)})',
        "return self.all()",
        "tests/test_confidential.py::test_nobody_else_reads_a_word_of_it[checker]",
    ),
    Mutant(
        "8.2.3",
        2,
        "What a person told in confidence is read by those it names, also on a page that others read.",
        "factcheck/models/evidence.py",
        "return super().visible_to(user).filter(pk__in=named)",
        "return super().visible_to(user)",
        "tests/test_confidential.py::test_what_was_told_in_confidence_is_read_by_those_it_names_and_leaves_by_no_door",
    ),
    Mutant(
        "8.3.1",
        1,
        "The deepest layer decides: who wrote any part of a review cannot sign it, not even in SQL.",
        "factcheck/migrations/0001_initial.py",
        'models.Func("approver", template="ARRAY[%(expressions)s]::bigint[]")',
        'models.Func("approver", template="ARRAY[-(%(expressions)s)]::bigint[]")',
        "tests/models/test_reviews.py::test_who_wrote_any_part_cannot_approve",
    ),
    Mutant(
        "11.4.2",
        2,
        "A password is kept as a hash that is slow to guess at (Argon2id).",
        "config/settings.py",
        '    "django.contrib.auth.hashers.Argon2PasswordHasher",\n',
        '    "django.contrib.auth.hashers.MD5PasswordHasher",\n',
        "tests/web/test_accounts.py::test_a_password_is_long_uncommon_and_kept_as_a_slow_hash",
    ),
    Mutant(
        "16.2.5",
        2,
        "Passwords, tokens and the keys of mailed links are cut from every line of a log.",
        "config/logs.py",
        "    without_secrets,  # last: whatever was written above it\n",
        "",
        "tests/config/test_logs.py::test_a_key_is_cut_from_every_line",
    ),
    Mutant(
        "16.4.2",
        2,
        "The application can add entries to the trail and read them; it can neither change nor delete one.",
        "factcheck/migrations/0002_audit_chain.py",
        "REVOKE UPDATE, DELETE ON factcheck_auditentry",
        "REVOKE DELETE ON factcheck_auditentry",
        "tests/workflow/test_audit.py::test_the_application_has_no_right_to",
    ),
    Mutant(
        "16.5.1",
        2,
        "What the database refuses is said in the desk's words, without the row and the statement.",
        "factcheck/workflow/transitions.py",
        "raise Refused(sentence or f\"A rule of the desk stands against this ({rule or 'unnamed'}).\", rule)",
        "raise Refused(sentence or str(error), rule)",
        "tests/workflow/test_transitions.py"
        "::test_a_constraint_without_words_of_its_own_names_its_rule_and_shows_no_row",
    ),
]


def page() -> str:
    """The table of docs/security.md."""

    def code(text: str) -> str:
        text = " ".join(text.split()).replace("|", "\\|")
        return f"`{text}`" if text else "*nothing*"

    lines = ["| ASVS 5.0.0, level | what holds | test, and the change that it notices |", "|---|---|---|"]
    for each in MUTANTS:
        change = f"{code(each.test)}<br>`{each.file}`: {code(each.old)} becomes {code(each.new)}"
        lines.append(f"| v5.0.0-{each.control}, L{each.level} | {each.about} | {change} |")
    return "\n".join(lines) + "\n"


@contextmanager
def mutated(copy: Path, mutant: Mutant) -> Iterator[None]:
    file = copy / mutant.file
    before = file.read_text()
    if before.count(mutant.old) != 1:
        raise SystemExit(f"{mutant.file} does not hold {mutant.old!r} exactly once.")
    file.write_text(before.replace(mutant.old, mutant.new))
    try:
        yield
    finally:
        file.write_text(before)


def run(copy: Path, *tests: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", "--show-capture=no", "-p", "no:cacheprovider", *tests],
        cwd=copy,
        # A compiled file is told from a stale one by size and second; a mutant may have both of the original.
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
    )


def killed(done: subprocess.CompletedProcess) -> bool:
    """The test ran and failed; an error before it, as in an import or a fixture, proves nothing."""
    last = done.stdout.strip().rsplit("\n", 1)[-1]
    return done.returncode == 1 and bool(re.search(r"\b\d+ failed\b", last))


def noticed(done: subprocess.CompletedProcess) -> str:
    """What the failing test said, in a line."""
    said = [line[1:].strip() for line in done.stdout.splitlines() if line.startswith("E ")]
    return said[0][:150] if said else ""


def servers():
    """Those that DATABASE_URL and REDIS_URL name; else the embedded ones, started once for all mutants."""
    environ.Env.read_env(PROJECT / ".env")
    if os.environ.get("DATABASE_URL"):
        return nullcontext()
    from config import embedded

    os.environ.setdefault("FACTCHECK_VAR", str(PROJECT / "var" / "test"))
    try:
        running = embedded.start_servers()
    except embedded.Problem as problem:  # the tests are running, say
        raise SystemExit(str(problem)) from None
    known = embedded.servers()
    os.environ |= {
        "DATABASE_URL": known.database_url,
        "DATABASE_OWNER_URL": known.database_owner_url,
        "REDIS_URL": known.redis_url,
    }
    return running


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--page", action="store_true", help="print the table of docs/security.md")
    options.add_argument("controls", nargs="*", help="numbers, as 8.2.1; without any, all of them")
    given = options.parse_args()
    if given.page:
        print(page(), end="")  # noqa: T201
        return 0
    chosen = [mutant for mutant in MUTANTS if not given.controls or mutant.control in given.controls]
    began, survived = time.monotonic(), 0
    with servers(), tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copy = Path(folder) / "copy"
        shutil.copytree(PROJECT, copy, ignore=LEFT_OUT)
        done = run(copy, *dict.fromkeys(mutant.test for mutant in chosen))
        if done.returncode != 0:
            print(f"The tests fail without any mutation:\n{done.stdout[-5000:]}{done.stderr[-2000:]}")  # noqa: T201
            return 1
        for mutant in chosen:
            start = time.monotonic()
            with mutated(copy, mutant):
                done = run(copy, mutant.test)
            dead = killed(done)
            survived += not dead
            said = f"{'ok      ' if dead else 'SURVIVED'} {mutant.control:7} {time.monotonic() - start:5.1f} s"
            print(f"{said}  {mutant.about}\n         {noticed(done)}", flush=True)  # noqa: T201
            if not dead:
                print(done.stdout[-3000:] + done.stderr[-1000:], flush=True)  # noqa: T201
    total = time.monotonic() - began
    print(f"{len(chosen) - survived} of {len(chosen)} mutants were killed, in {total:.0f} s.")  # noqa: T201
    return 1 if survived or not chosen else 0


if __name__ == "__main__":
    sys.exit(main())
