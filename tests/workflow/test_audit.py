"""The trail: hashes that a stranger agrees with, chains without gaps, and tampering that is named."""

import hashlib
import io
import uuid
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from config.databases import as_owner
from factcheck.models import DESK_CHAIN, AuditEntry, AuditText
from factcheck.workflow import people
from factcheck.workflow.audit import Trail, problems_of_chain
from tests import factories
from tests.models.asking import as_superuser, ask, no_right, side_by_side, two_roles

pytestmark = pytest.mark.database
django_db = pytest.mark.django_db
committing = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def no_roots(settings, tmp_path):
    settings.AUDIT_ROOTS_DIR = tmp_path / "roots"


SUBJECT = SimpleNamespace(_meta=SimpleNamespace(model_name="claim"), pk=7)
INSERT = (
    "INSERT INTO factcheck_auditentry (chain, seq, verb, subject, subject_id, act, prev, hash)"
    " VALUES ('desk', 0, 'desk.changed', 'desk', 1, gen_random_uuid(), '', '')"
)


def record(chain=DESK_CHAIN, verb="claim.dismissed", **fields):
    by = SimpleNamespace(pk=fields.pop("actor")) if "actor" in fields else None
    subject = SimpleNamespace(_meta=SUBJECT._meta, pk=fields.pop("subject_id", 7))
    AuditEntry.record(subject, verb, by=by, act=fields.pop("act", uuid.uuid4()), chain=chain, **fields)
    return AuditEntry.objects.filter(chain=chain).latest("seq")


def heads():
    return ask("SELECT chain, seq, hash FROM factcheck_audithead ORDER BY chain")


# --- a stranger, who has read nothing but the first page of factcheck/models/audit.py --------------------------------


def strangers_hash(row):
    def netstring(value):
        if value is None:
            return b"-,"
        data = str(value).encode("utf-8")
        return str(len(data)).encode() + b":" + data + b","

    at = row["at"].astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{row['at'].microsecond:06d}Z"
    names = ["prev", "chain", "seq", "verb", "subject", "subject_id", "old", "new", "actor", "act"]
    fields = [row[name] for name in names] + [at, row["text_sha256"]]
    return hashlib.sha256(b"".join(map(netstring, fields))).hexdigest()


COLUMNS = ("id", "chain", "seq", "verb", "subject", "subject_id", "old", "new", "actor", "act", "at")
COLUMNS += ("text_sha256", "prev", "hash")


def rows(chain):
    found = ask(f"SELECT {', '.join(COLUMNS)} FROM factcheck_auditentry WHERE chain = %s ORDER BY seq", chain)
    return [dict(zip(COLUMNS, row, strict=True)) for row in found]


def strangers_verdict(chain):
    prev = "0" * 64
    for place, row in enumerate(rows(chain), start=1):
        assert (row["seq"], row["prev"], row["hash"]) == (place, prev, strangers_hash(row))
        prev = row["hash"]
    return place


FIELDS = {
    "nothing": {"old": None, "new": None},
    "empty": {"old": "", "new": ""},
    "nothing, then empty": {"old": None, "new": ""},
    "empty, then nothing": {"old": "", "new": None},
    "what looks like nothing": {"old": "-,", "new": "0:,"},
    "what looks like two": {"old": "1:a,1:b", "new": ","},
    "other scripts": {"old": "erkannt — «ä» e\u0301", "new": "🌍👨‍👩‍👧 طفل \U0010ffff\u202e"},
    "lines": {"old": "a\r\nb\tc\\ 'd' \"e\" %s \x01", "new": "\ufeffx\u00a0 "},
    "long": {"new": "ä" * 50_000},
    "negative numbers": {"subject_id": -(2**63), "actor": -1},
    "large numbers": {"subject_id": 2**63 - 1, "actor": 2**63 - 1},
    "zero": {"subject_id": 0, "actor": 0},
    "an act in capitals": {"act": uuid.UUID("ABCDEF00-0000-4000-8000-00000000000A")},
    "words": {"text": "Weil es nicht stimmt. 🙈"},
}


@django_db
@pytest.mark.parametrize("name", FIELDS)
def test_a_stranger_computes_the_same_hash(name):
    entry = record(**FIELDS[name])
    (row,) = rows(DESK_CHAIN)
    assert row["hash"] == strangers_hash(row) == entry.expected_hash()
    assert {field: row[field] for field in ("old", "new") if field in FIELDS[name]} == {
        field: value for field, value in FIELDS[name].items() if field in ("old", "new")
    }


@django_db
def test_a_stranger_verifies_a_whole_chain():
    for fields in FIELDS.values():
        record(**fields)
    assert strangers_verdict(DESK_CHAIN) == len(FIELDS)
    assert list(problems_of_chain(DESK_CHAIN)) == []


@django_db
def test_a_stranger_verifies_the_words():
    entry = record(text="Weil es nicht stimmt. 🙈")
    words = AuditText.objects.get(entry_id=entry.pk)
    salt, text = words.salt.encode(), words.text.encode()
    netstrings = b"%d:%s,%d:%s," % (len(salt), salt, len(text), text)
    assert hashlib.sha256(netstrings).hexdigest() == entry.text_sha256
    assert len(words.salt) == 32
    assert int(words.salt, 16) >= 0


@django_db
def test_the_same_words_have_another_hash_each_time():
    assert record(text="No.").text_sha256 != record(text="No.").text_sha256


@django_db
@pytest.mark.parametrize(
    "setting", ["timezone = 'Asia/Kathmandu'", "datestyle = 'German'", "bytea_output = 'escape'", "lc_time = 'C'"]
)
def test_no_setting_of_the_session_changes_a_hash(setting):
    ask(f"SET LOCAL {setting}")
    ask(INSERT)
    ask("SET LOCAL timezone = 'UTC'")
    ask("SET LOCAL datestyle = DEFAULT")
    ask("SET LOCAL bytea_output = DEFAULT")
    assert strangers_verdict(DESK_CHAIN) == 1
    assert list(problems_of_chain(DESK_CHAIN)) == []


# --- the database alone numbers, times and hashes --------------------------------------------------------------------


@django_db
def test_the_first_entry_follows_64_zeros_and_the_next_one_follows_the_first():
    first, second = record(), record()
    assert (first.seq, first.prev, second.seq, second.prev) == (1, "0" * 64, 2, first.hash)
    assert heads() == [(DESK_CHAIN, 2, second.hash)]


@django_db
def test_each_chain_is_numbered_by_itself():
    assert [record(chain=chain).seq for chain in ("a", "b", "a", "desk", "b", "a")] == [1, 1, 2, 1, 2, 3]
    assert [strangers_verdict(chain) for chain in ("a", "b", "desk")] == [3, 2, 1]


@django_db
def test_what_a_client_says_of_number_time_and_hash_is_not_listened_to():
    entry = AuditEntry(
        id=1, chain="desk", seq=77, verb="v", subject="s", subject_id=1, act=uuid.uuid4(), prev="p" * 64, hash="h" * 64
    )
    entry.at = datetime(1999, 1, 1, tzinfo=UTC)
    entry.save(force_insert=True)
    (row,) = rows("desk")
    assert (row["seq"], row["prev"], row["hash"]) == (1, "0" * 64, strangers_hash(row))
    assert abs((datetime.now(UTC) - row["at"]).total_seconds()) < 60
    assert strangers_verdict("desk") == 1


@django_db
def test_one_statement_with_many_rows_makes_a_chain():
    acts = [AuditEntry(chain="desk", verb=f"v{n}", subject="s", subject_id=n, act=uuid.uuid4()) for n in range(5)]
    AuditEntry.objects.bulk_create(acts)
    assert strangers_verdict("desk") == 5
    assert [row["verb"] for row in rows("desk")] == ["v0", "v1", "v2", "v3", "v4"]


@django_db
def test_an_entry_that_is_rolled_back_leaves_no_gap():
    record()
    before = heads()
    with transaction.atomic():
        record()
        record(chain="another")
        transaction.set_rollback(True)
    assert heads() == before
    assert record().seq == 2
    assert strangers_verdict(DESK_CHAIN) == 2


@committing
def test_eight_writers_at_once_make_one_chain_without_gaps():
    def writer(number):
        def work():
            for turn in range(10):
                with transaction.atomic():
                    record(subject_id=number, new=str(turn), actor=number)
                    if turn % 3 == 2:
                        transaction.set_rollback(True)

        return work

    assert side_by_side(*map(writer, range(8))) == [None] * 8
    assert strangers_verdict(DESK_CHAIN) == 8 * 7
    assert list(problems_of_chain(DESK_CHAIN)) == []
    for number in range(8):
        assert [row["new"] for row in rows(DESK_CHAIN) if row["subject_id"] == number] == list("0134679")


# --- what the application's role cannot do ---------------------------------------------------------------------------


CONFLICTS = {
    "do update": " ON CONFLICT (chain, seq) DO UPDATE SET verb = 'article.forgotten'",
    "do update by key": " ON CONFLICT (id) DO UPDATE SET verb = 'article.forgotten'",
}


@django_db
@two_roles
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE factcheck_auditentry SET verb = 'article.forgotten'",
        "UPDATE factcheck_auditentry SET verb = verb WHERE false",
        "DELETE FROM factcheck_auditentry",
        "TRUNCATE factcheck_auditentry",
        *(INSERT + conflict for conflict in CONFLICTS.values()),
        "MERGE INTO factcheck_auditentry USING (SELECT 1) AS one ON true WHEN MATCHED THEN DELETE",
        "SELECT * FROM factcheck_auditentry FOR UPDATE",
        "INSERT INTO factcheck_audithead (chain, seq, hash) VALUES ('new', 0, '')",
        "UPDATE factcheck_audithead SET seq = 0",
        "DELETE FROM factcheck_audithead",
        "TRUNCATE factcheck_audithead",
        "SELECT * FROM factcheck_audithead FOR UPDATE",
        "UPDATE factcheck_audittext SET text = 'something else'",
        "TRUNCATE factcheck_audittext",
        "ALTER TABLE factcheck_auditentry DISABLE TRIGGER factcheck_audit_append",
        "DROP TRIGGER factcheck_audit_append ON factcheck_auditentry",
        "CREATE TRIGGER aa BEFORE INSERT ON factcheck_auditentry FOR EACH ROW"
        " EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        "SELECT factcheck_audit_append()",
        "ALTER FUNCTION factcheck_audit_append() SECURITY INVOKER",
        "CREATE OR REPLACE FUNCTION factcheck_audit_append() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RETURN NULL; END $$",
        "CREATE OR REPLACE FUNCTION factcheck_netstring(value text) RETURNS bytea LANGUAGE sql AS"
        " $$ SELECT ''::bytea $$",
    ],
)
def test_the_application_has_no_right_to(sql):
    record(text="Because.")
    before, words = rows(DESK_CHAIN), list(AuditText.objects.values())
    with no_right():
        ask(sql)
    assert rows(DESK_CHAIN) == before
    assert list(AuditText.objects.values()) == words
    assert strangers_verdict(DESK_CHAIN) == 1
    assert [head[1] for head in heads()] == [1]


@django_db
@two_roles
@pytest.mark.parametrize("like", ["(LIKE factcheck_auditentry)", "(id bigint, chain text, seq bigint)"])
def test_the_application_cannot_hang_the_function_on_a_table_of_its_own(like):
    record()
    ask(f"CREATE TEMPORARY TABLE mine {like} ON COMMIT DROP")
    with no_right():
        ask("CREATE TRIGGER mine BEFORE INSERT ON mine FOR EACH ROW EXECUTE FUNCTION public.factcheck_audit_append()")


@django_db
@pytest.mark.parametrize("target", ["", "(id)", "(chain, seq)"])
def test_an_insert_that_would_do_nothing_on_conflict_appends_all_the_same(target):
    first = record()
    sql = INSERT.replace("(chain, seq", "(id, chain, seq").replace("('desk', 0", f"({first.pk}, 'desk', 1")
    ask(f"{sql} ON CONFLICT {target} DO NOTHING")
    assert strangers_verdict("desk") == 2
    assert list(problems_of_chain("desk")) == []
    assert [head[1] for head in heads()] == [2]


@django_db
def test_copy_goes_the_same_way():
    with connection.cursor() as cursor:
        columns = "chain, seq, verb, subject, subject_id, act, prev, hash"
        with cursor.copy(f"COPY factcheck_auditentry ({columns}) FROM STDIN") as copy:
            copy.write_row(("desk", 9, "v", "s", 1, str(uuid.uuid4()), "p", "h"))
    assert strangers_verdict("desk") == 1


@django_db
@pytest.mark.parametrize("path", ["pg_temp, public", "pg_temp, pg_catalog, public"])
def test_no_temporary_table_takes_the_head_for_itself(path):
    record()
    ask("CREATE TEMPORARY TABLE factcheck_audithead ON COMMIT DROP AS SELECT * FROM public.factcheck_audithead")
    ask(f"SET LOCAL search_path = {path}")
    ask(INSERT)
    ask("SET LOCAL search_path = DEFAULT")
    assert ask("SELECT seq FROM public.factcheck_audithead") == [(2,)]
    assert ask("SELECT seq FROM pg_temp.factcheck_audithead") == [(1,)]
    assert strangers_verdict("desk") == 2


@django_db
def test_the_function_runs_with_the_owners_rights_and_a_fixed_search_path():
    found = ask("SELECT prosecdef, proconfig FROM pg_proc WHERE proname = 'factcheck_audit_append'")
    assert found == [(True, ["search_path=pg_catalog, public, pg_temp"])]


@django_db
def test_words_can_be_erased_and_the_chain_stays_whole():
    record(text="A name that must go.")
    record(text="A name that may stay.")
    AuditText.objects.filter(text__contains="must go").delete()
    assert strangers_verdict(DESK_CHAIN) == 2
    assert [words.text for words in AuditText.objects.all()] == ["A name that may stay."]


@django_db
def test_words_that_nobody_said_were_erased_are_missed(bob, carol, dave):
    record(chain="article", verb="conflictofinterest.declared", new=str(bob.pk), text="Bob's sister wrote it.")
    record(chain="article", text="No source says so.")
    people.erase_person(bob, by=factories.person("Erin", "administrator"), reason="Bob asked.")
    ask("DELETE FROM factcheck_audittext")  # which the application's role may do
    record(chain="article", verb="conflictofinterest.withdrawn", old=str(bob.pk), text="She is not.")
    ask("DELETE FROM factcheck_audittext")
    missing = "its words are missing, and no entry says that they were erased."
    assert list(problems_of_chain("article")) == [f"Chain article, entry {place}: {missing}" for place in (2, 3)]
    erasing = AuditEntry.objects.get(verb="person.erased")
    assert [sentence for _chain, sentence in Trail().problems()][-1] == f"Chain desk, entry {erasing.seq}: {missing}"


@django_db
def test_erased_words_do_not_come_back_as_others():
    entry = record(text="He said so.")
    words = AuditText.objects.get()
    words.delete()
    AuditText.objects.create(entry_id=entry.pk, salt=words.salt, text="She said so.")
    assert list(problems_of_chain(DESK_CHAIN)) == ["Chain desk, entry 1: its words were changed."]


@django_db
def test_words_that_are_put_beside_an_entry_without_words_are_named():
    entry = record()
    AuditText.objects.create(entry_id=entry.pk, salt="", text="She said so.")
    assert list(problems_of_chain(DESK_CHAIN)) == ["Chain desk, entry 1: its words were changed."]


# --- tampering, by those who have every right ------------------------------------------------------------------------


@pytest.fixture
def owner(django_db_setup, django_db_blocker):
    """The tests' connection speaks as the owner, in a transaction that is rolled back."""
    with django_db_blocker.unblock(), as_owner(), transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_a_time_without_microseconds_is_hashed_as_the_stranger_writes_it(owner):
    source = ask("SELECT pg_get_functiondef('factcheck_audit_append'::regproc)")[0][0]
    assert source.count("clock_timestamp()") == 1
    for moment in ("2026-11-24 03:45:13+00", "2026-11-24 03:45:13.000007+05:45", "2027-01-01 00:30:00+01"):
        ask(source.replace("clock_timestamp()", f"timestamptz '{moment}'").replace("%", "%%"))
        record()
    assert strangers_verdict(DESK_CHAIN) == 3
    assert list(problems_of_chain(DESK_CHAIN)) == []


@pytest.fixture
def chain(transactional_db):
    """Five committed entries of one chain, the third one with words; another chain beside it."""
    record(chain="beside")
    for place in range(1, 6):
        record(old=str(place - 1), new=str(place), actor=place, text="Because." if place == 3 else "")
    assert list(problems_of_chain(DESK_CHAIN)) == []
    return DESK_CHAIN


def entry(place):
    return next(row for row in rows(DESK_CHAIN) if row["seq"] == place)


def put(row, *, with_id=False):
    """INSERT of a whole row."""
    row = {name: value for name, value in row.items() if name != "id" or with_id}
    marks = ", ".join(["%s"] * len(row))
    return (f"INSERT INTO factcheck_auditentry ({', '.join(row)}) VALUES ({marks})", *row.values())


def rehashed(row, **changes):
    row = {**row, **changes}
    return {**row, "hash": strangers_hash(row)}


CHANGE = "UPDATE factcheck_auditentry SET {} WHERE chain = 'desk' AND seq = 3"
CHANGED = "Chain desk, entry 3 (claim.dismissed of claim 7) was changed."


CHANGES = [
    "old = '9'",
    "old = NULL",
    "old = ''",
    "new = new || ' '",
    "actor = 1",
    "actor = NULL",
    "act = gen_random_uuid()",
    "at = at + interval '1 microsecond'",
    "text_sha256 = repeat('0', 64)",
    "text_sha256 = NULL",
    "prev = repeat('0', 64)",
    "hash = repeat('0', 64)",
]
OTHER_SUBJECTS = ["verb = 'claim.detected'", "subject = 'review'", "subject_id = 8"]


def put_back(row):
    return ("DELETE FROM factcheck_auditentry WHERE id = %s", row["id"]), put(row, with_id=True)


def test_a_changed_entry_is_named(chain):
    as_it_was = entry(3)
    for change in CHANGES:
        as_superuser((CHANGE.format(change),))
        problems = list(problems_of_chain(chain))
        assert CHANGED in problems, change
        assert len(problems) <= 2, change
        as_superuser(*put_back(as_it_was))
        assert list(problems_of_chain(chain)) == []


def test_an_entry_that_speaks_of_something_else_is_named(chain):
    as_it_was = entry(3)
    for change in OTHER_SUBJECTS:
        as_superuser((CHANGE.format(change),))
        (problem,) = problems_of_chain(chain)
        assert problem.startswith("Chain desk, entry 3 ("), change
        assert problem.endswith(") was changed."), change
        as_superuser(*put_back(as_it_was))


def test_a_changed_entry_with_a_new_hash_does_not_fit_the_next_one(chain):
    forged = rehashed(entry(3), new="9")
    as_superuser((CHANGE.format("new = %s, hash = %s"), forged["new"], forged["hash"]))
    assert list(problems_of_chain(chain)) == [
        "Chain desk, entry 4 does not follow entry 3: one of the two was put there later."
    ]


def test_a_rewritten_end_does_not_fit_the_head(chain):
    forged = rehashed(entry(5), new="9")
    sql = CHANGE.replace("seq = 3", "seq = 5").format("new = %s, hash = %s")
    as_superuser((sql, forged["new"], forged["hash"]))
    assert list(problems_of_chain(chain)) == ["Chain desk: its head names entry 5, and not the last one, 5."]


def test_changed_words_are_named(chain):
    as_superuser(("UPDATE factcheck_audittext SET text = 'Because of him.'",))
    assert list(problems_of_chain(chain)) == ["Chain desk, entry 3: its words were changed."]


def test_a_changed_salt_is_named(chain):
    as_superuser(("UPDATE factcheck_audittext SET salt = repeat('0', 32)",))
    assert list(problems_of_chain(chain)) == ["Chain desk, entry 3: its words were changed."]


MISSING = {
    "seq = 3": "Chain desk: entry 3 is missing.",
    "seq IN (2, 3)": "Chain desk: entries 2 to 3 are missing.",
    "seq = 1": "Chain desk: entry 1 is missing.",
    "seq = 5": "Chain desk: entry 5 is missing at its end.",
    "seq >= 4": "Chain desk: entries 4 to 5 are missing at its end.",
    "true": "Chain desk: entries 1 to 5 are missing at its end.",
}


def test_missing_entries_are_named(chain):
    as_they_were = rows(DESK_CHAIN)
    for gone, problem in MISSING.items():
        as_superuser((f"DELETE FROM factcheck_auditentry WHERE chain = 'desk' AND ({gone})",))
        assert list(problems_of_chain(chain)) == [problem]
        as_superuser(*[statement for row in as_they_were for statement in put_back(row)])


def test_two_entries_that_changed_places_are_named(chain):
    swap = "UPDATE factcheck_auditentry SET seq = %s WHERE chain = 'desk' AND seq = %s"
    as_superuser((swap, 99, 2), (swap, 2, 4), (swap, 4, 99))
    assert list(problems_of_chain(chain)) == [
        "Chain desk, entry 2 (claim.dismissed of claim 7) was written as entry 4: it was moved.",
        "Chain desk, entry 4 (claim.dismissed of claim 7) was written as entry 2: it was moved.",
    ]


def test_entries_that_were_numbered_anew_over_a_gap_are_named(chain):
    down = "UPDATE factcheck_auditentry SET seq = {} WHERE chain = 'desk' AND seq {}"
    as_superuser(
        ("DELETE FROM factcheck_auditentry WHERE chain = 'desk' AND seq = 2",),
        (down.format("-seq", ">= 3"),),
        (down.format("-seq - 1", "< 0"),),
        ("UPDATE factcheck_audithead SET seq = 4 WHERE chain = 'desk'",),
    )
    assert list(problems_of_chain(chain)) == [
        "Chain desk, entry 2 (claim.dismissed of claim 7) was written as entry 3: it was moved."
    ]


def test_an_entry_that_was_put_between_two_others_is_named(chain):
    inserted = rehashed(entry(3), new="9")
    up = "UPDATE factcheck_auditentry SET seq = {} WHERE chain = 'desk' AND seq {}"
    as_superuser((up.format("-seq", ">= 3"),), (up.format("1 - seq", "< 0"),), put(inserted))
    assert list(problems_of_chain(chain)) == [
        "Chain desk, entry 3: its words are missing, and no entry says that they were erased.",
        "Chain desk, entry 3 was put there later: entry 4 (claim.dismissed of claim 7) was written as entry 3 and"
        " follows entry 2.",
        "Chain desk: its head names entry 5, and not the last one, 6.",
    ]


def test_an_entry_that_was_put_at_the_end_without_the_head_is_named(chain):
    last = entry(5)
    as_superuser(put(rehashed(last, seq=6, prev=last["hash"])))
    assert list(problems_of_chain(chain)) == ["Chain desk: its head names entry 5, and not the last one, 6."]


def test_an_entry_that_was_put_before_the_first_is_named(chain):
    as_superuser(put(rehashed(entry(1), seq=0)))
    assert list(problems_of_chain(chain)) != []


def test_an_entry_that_was_put_before_the_first_is_named_in_a_sentence_that_makes_sense(chain):
    as_superuser(put(rehashed(entry(1), seq=0)))
    assert [problem for problem in problems_of_chain(chain) if " to -1" in problem] == []


def test_an_entry_that_was_moved_to_another_chain_is_named_in_both(chain):
    as_superuser(("UPDATE factcheck_auditentry SET chain = 'beside', seq = 2 WHERE chain = 'desk' AND seq = 3",))
    assert "Chain desk: entry 3 is missing." in list(problems_of_chain("desk"))
    assert any(problem.startswith("Chain beside, entry 2") for problem in problems_of_chain("beside"))


def test_a_missing_head_is_named(chain):
    as_superuser(("DELETE FROM factcheck_audithead WHERE chain = 'desk'",))
    assert list(problems_of_chain(chain)) == ["Chain desk has entries and no head."]


@pytest.mark.parametrize("change", ["seq = 4", "hash = repeat('0', 64)"])
def test_a_head_that_is_not_the_last_entrys_is_named(chain, change):
    as_superuser((f"UPDATE factcheck_audithead SET {change} WHERE chain = 'desk'",))
    (problem,) = problems_of_chain(chain)
    assert problem.startswith("Chain desk: its head names entry ")


def test_a_trail_that_grows_while_it_is_read_raises_no_false_alarm(chain):
    as_superuser((CHANGE.format("new = '9'"),))
    problems = problems_of_chain(chain)
    found = [next(problems)]  # the reader is in the middle of the chain
    assert side_by_side(lambda: record().seq) == [6]
    assert [*found, *problems] == [CHANGED]


# --- the command -----------------------------------------------------------------------------------------------------


def verified():
    out = io.StringIO()
    try:
        call_command("verify_audit", stdout=out, stderr=io.StringIO())
    except SystemExit as end:
        return end.code, out.getvalue().splitlines()
    return 0, out.getvalue().splitlines()


def test_the_command_is_content_with_a_trail_as_it_was_written(chain):
    assert verified() == (0, ["6 entries, 2 chains, 0 roots, 0 publications: no problems."])


@django_db
def test_the_command_is_content_with_an_empty_trail():
    assert verified() == (0, ["0 entries, 0 chains, 0 roots, 0 publications: no problems."])


def test_the_command_names_every_problem_and_ends_with_1(chain):
    as_superuser(
        (CHANGE.format("actor = 99"),),
        ("DELETE FROM factcheck_auditentry WHERE chain = 'desk' AND seq = 5",),
        ("UPDATE factcheck_audittext SET text = 'Because of him.'",),
        ("DELETE FROM factcheck_audithead WHERE chain = 'beside'",),
    )
    assert verified() == (
        1,
        [
            "Chain beside has entries and no head.",
            CHANGED,
            "Chain desk, entry 3: its words were changed.",
            "Chain desk: entry 5 is missing at its end.",
            "5 entries, 2 chains, 0 roots, 0 publications: 4 problems.",
        ],
    )


def test_the_command_sees_a_chain_of_which_only_the_head_is_left(chain):
    as_superuser(("DELETE FROM factcheck_auditentry WHERE chain = 'beside'",))
    assert verified() == (
        1,
        [
            "Chain beside: entry 1 is missing at its end.",
            "5 entries, 2 chains, 0 roots, 0 publications: 1 problem.",
        ],
    )
