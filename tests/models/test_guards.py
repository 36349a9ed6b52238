"""Every guard is needed, and no session can ask it to look away."""

from collections.abc import Iterator

import pgtrigger
import pytest
from django.conf import settings
from django.db import DatabaseError, IntegrityError, connection, transaction

from config.databases import as_owner
from factcheck.models.guards import Guard
from tests import factories
from tests.models import event_attacks, gate_attacks, key_attacks  # noqa: F401 - each registers its own
from tests.models.asking import ask, no_right, rule_of, settle, two_roles
from tests.models.attacks import ANOTHER_RULE, ATTACKS, WHATEVER, Attack

pytestmark = pytest.mark.database
django_db = pytest.mark.django_db

GUARDS = {trigger.name: (model, trigger) for model, trigger in pgtrigger.registered()}
NO_RIGHT = "no right"


def titled(attacks):
    return [pytest.param(attack, id=f"{attack.guard}-{attack.name}") for attack in attacks]


def who_refuses(attack: Attack, statements) -> str | None:
    """The rule that refused, or corrected; None: the harm is done."""
    try:
        with transaction.atomic():
            for statement in statements:
                answer = ask(*statement)
            settle()
    except IntegrityError as error:
        return rule_of(error)
    except DatabaseError as error:
        if error.__cause__.sqlstate == "42501":
            return NO_RIGHT
        raise
    return attack.guard if attack.corrected and answer == [(True,)] else None


@pytest.fixture
def owner(django_db_setup, django_db_blocker):
    """The tests' connection speaks as the owner, who may drop a trigger, in a transaction that is rolled back."""
    with django_db_blocker.unblock(), as_owner(), transaction.atomic():
        yield
        transaction.set_rollback(True)


# --- each guard, with and without its trigger ---------------------------------------------------------------------


def test_every_guard_is_attacked():
    assert {attack.guard for attack in ATTACKS} == set(GUARDS)


def test_every_trigger_of_the_models_is_a_guard_that_asks_nobody():
    assert [name for name, (_, trigger) in GUARDS.items() if not isinstance(trigger, Guard)] == []


def attacks_on(guard: str) -> Iterator[tuple[Attack, list]]:
    """Each attack on the guard with its statements, ready; what it does is undone before the next."""
    for attack in [attack for attack in ATTACKS if attack.guard == guard]:
        with transaction.atomic():
            statements = attack.prepare(factories.person("Alice"), factories.person("Bob"))
            settle()
            yield attack, statements
            transaction.set_rollback(True)


@django_db
@pytest.mark.parametrize("guard", GUARDS)
def test_the_application_cannot_do_it(guard):
    for attack, statements in attacks_on(guard):
        refusals = {guard} if attack.right else {guard, NO_RIGHT}
        assert who_refuses(attack, statements) in refusals, attack.name


GUARDED = sorted({model for model, _ in GUARDS.values()}, key=lambda model: model.__name__)


@pytest.mark.parametrize("guarded", GUARDED)  # and not each guard: to become the owner costs more than an attack
def test_it_is_the_trigger_that_keeps_even_the_owner_from_it(guarded, owner):
    for guard, (model, trigger) in GUARDS.items():
        for attack, statements in attacks_on(guard) if model is guarded else ():
            assert who_refuses(attack, statements) == guard, (guard, attack.name)
            ask(f"DROP TRIGGER {trigger.get_pgid(model)} ON {model._meta.db_table}")
            without = who_refuses(attack, statements)
            assert without != guard, (guard, attack.name)
            if attack.otherwise == ANOTHER_RULE:
                assert without is not None, (guard, attack.name)
            elif attack.otherwise != WHATEVER:
                assert without == attack.otherwise, (guard, attack.name)


# --- what stands in the database ------------------------------------------------------------------------------------


@django_db
def test_exactly_the_guards_of_the_models_are_installed_and_on():
    installed = ask(
        "SELECT tgrelid::regclass::text, tgname, tgenabled::text FROM pg_trigger"
        " WHERE NOT tgisinternal AND tgname <> 'factcheck_audit_append'"
    )
    expected = {(model._meta.db_table, trigger.get_pgid(model), "O") for model, trigger in GUARDS.values()}
    assert set(installed) == expected


@django_db
def test_the_version_rises_before_any_other_guard_looks_at_the_row():
    first = ask("SELECT tgrelid::regclass::text, min(tgname) FROM pg_trigger WHERE NOT tgisinternal GROUP BY tgrelid")
    rising = {m._meta.db_table: t.get_pgid(m) for name, (m, t) in GUARDS.items() if name.endswith("_version_rises")}
    assert rising.items() <= dict(first).items()
    assert len(rising) == 14


@django_db
@pytest.mark.parametrize("name", GUARDS)
def test_the_installed_guard_is_the_one_that_the_model_describes(name):
    model, trigger = GUARDS[name]
    comment = ask(
        "SELECT obj_description(oid, 'pg_trigger') FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname = %s",
        model._meta.db_table,
        trigger.get_pgid(model),
    )
    assert comment == [(trigger.compile(model).hash,)]


@django_db
def test_every_guard_looks_for_tables_in_public_and_asks_no_setting():
    functions = ask(
        "SELECT proname, proconfig, prosrc FROM pg_proc WHERE oid IN"
        " (SELECT tgfoid FROM pg_trigger WHERE NOT tgisinternal AND tgname <> 'factcheck_audit_append')"
    )
    assert len(functions) == len(GUARDS)
    for name, config, source in functions:
        assert config == ["search_path=public, pg_temp"], name
        assert "current_setting" not in source.lower(), name
        assert "ignore" not in source.lower(), name


# --- the application's role -------------------------------------------------------------------------------------------


@django_db
@two_roles
def test_the_tests_speak_as_the_applications_role_which_owns_nothing():
    assert ask("SELECT current_user, session_user") == [(settings.DATABASE_APPLICATION_ROLE,) * 2]
    rights = ask(
        "SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls OR rolreplication,"
        " pg_has_role(current_user, %s, 'MEMBER'), (SELECT count(*) FROM pg_class WHERE relowner = r.oid)"
        " FROM pg_roles r WHERE rolname = current_user",
        settings.DATABASE_OWNER["USER"],
    )
    assert rights == [(False, False, 0)]


TABLE = "factcheck_claim"
REFUSED_TO_THE_APPLICATION = {
    "to replay like a replica": "SET session_replication_role = replica",
    "to become the owner": f"SET ROLE {settings.DATABASE_OWNER['USER']}",
    "to speak as the owner": f"SET SESSION AUTHORIZATION {settings.DATABASE_OWNER['USER']}",
    "to switch a guard off": f"ALTER TABLE {TABLE} DISABLE TRIGGER {{claim_arrows}}",
    "to switch all guards off": f"ALTER TABLE {TABLE} DISABLE TRIGGER USER",
    "to drop a guard": f"DROP TRIGGER {{claim_arrows}} ON {TABLE}",
    "to rewrite a guard": "CREATE OR REPLACE FUNCTION {claim_arrows}() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RETURN NEW; END $$",
    "to reconfigure a guard": "ALTER FUNCTION {claim_arrows}() SET search_path = pg_temp, public",
    "to drop a constraint": f"ALTER TABLE {TABLE} DROP CONSTRAINT claim_status_is_known",
    "to let a rule catch the statement": f"CREATE RULE r AS ON DELETE TO {TABLE} DO INSTEAD NOTHING",
    "to hang a trigger of its own on a table": f"CREATE TRIGGER z BEFORE INSERT ON {TABLE} FOR EACH ROW"
    " EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "to inherit from a table": f"CREATE TABLE pg_temp.t () INHERITS ({TABLE})",
    "to truncate": f"TRUNCATE {TABLE} CASCADE",
    "to make a table": "CREATE TABLE public.mine (id int)",
    "to make a function": "CREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "to make a schema": "CREATE SCHEMA mine",
    "to give rights away": f"ALTER TABLE {TABLE} OWNER TO {settings.DATABASE_APPLICATION_ROLE}",
    "to set the counter of a key back": f"SELECT setval('{TABLE}_id_seq', 1)",
    "to claim that a migration has run": "INSERT INTO django_migrations (app, name, applied) VALUES ('x', 'y', now())",
}


@django_db
@two_roles
@pytest.mark.parametrize("wish", REFUSED_TO_THE_APPLICATION)
def test_the_application_has_no_right(wish):
    names = {name: trigger.get_pgid(model) for name, (model, trigger) in GUARDS.items()}
    sql = REFUSED_TO_THE_APPLICATION[wish]
    with no_right():
        ask(sql.format(**names) if "{" in sql else sql)


@django_db
def test_the_application_gets_no_more_right_by_granting_it_to_itself():
    with connection.cursor() as cursor:
        before = ask("SELECT relacl::text FROM pg_class WHERE relname = 'factcheck_auditentry'")
        try:
            with transaction.atomic():
                cursor.execute(f"GRANT ALL ON factcheck_auditentry TO {settings.DATABASE_APPLICATION_ROLE}")
        except DatabaseError:
            pass
        assert ask("SELECT relacl::text FROM pg_class WHERE relname = 'factcheck_auditentry'") == before


# --- a session that asks a guard to look away, or elsewhere -------------------------------------------------------


@django_db
@pytest.mark.parametrize("attack", titled({a.guard: a for a in reversed(ATTACKS) if a.right}.values()))
def test_no_session_can_ask_a_guard_to_be_ignored(attack, alice, bob):
    statements = attack.prepare(alice, bob)
    settle()
    names = ",".join(trigger.get_pgid(model) for model, trigger in GUARDS.values())
    ask(f"SET LOCAL pgtrigger.ignore = '{{{names}}}'")
    assert who_refuses(attack, statements) == attack.guard


DRAFTS = (
    "INSERT INTO pg_temp.factcheck_claimreview (id, status, written_by)"
    " SELECT id, 'draft', written_by FROM public.factcheck_claimreview"
)
# Guard -> the attack, and what a temporary table tells a guard that believes it.
DECOYS = {
    "review_rests_on_evidence": (
        "a_review_is_submitted_without_evidence",
        "INSERT INTO pg_temp.factcheck_evidence (review_id) SELECT id FROM public.factcheck_claimreview",
    ),
    "evidence_words_stand_there": (
        "words_that_the_source_does_not_say",
        "INSERT INTO pg_temp.factcheck_snapshot (id, text)"
        " SELECT id, '13 million euros' FROM public.factcheck_snapshot",
    ),
    "evidence_changes_in_draft_only": ("evidence_is_turned_round", DRAFTS),
    "answers_change_in_draft_only": ("an_answer_is_turned_round_after_it_was_signed", DRAFTS),
    "replies_change_in_draft_only": ("a_reason_is_changed", DRAFTS),
    "gate_answer_by_whom_it_concerns": ("a_doubt_is_answered_after_the_signature", DRAFTS),
    "legal_reading_by_somebody_else": (
        "a_draft_is_cleared",
        "INSERT INTO pg_temp.factcheck_claimreview (id, status, written_by, claim_id)"
        " SELECT id, 'submitted', written_by, claim_id FROM public.factcheck_claimreview",
    ),
    "review_is_read_again_for_its_risk": ("a_clearing_outlives_the_version_that_was_read", "SELECT"),
    "publication_after_its_legal_reading": ("it_is_published_before_its_legal_reading", "SELECT"),
    "review_after_its_legal_reading": ("it_is_marked_while_it_is_being_published", "SELECT"),
    "confidence_changes_in_draft_only": (
        "a_part_is_changed",
        f"INSERT INTO pg_temp.factcheck_evidence SELECT * FROM public.factcheck_evidence; {DRAFTS}",
    ),
    "anchor_words_stand_there": (
        "words_that_do_not_stand_there",
        "INSERT INTO pg_temp.factcheck_articleversion (id, article_id, text)"
        " SELECT id, article_id, 'The minor' FROM public.factcheck_articleversion;"
        " INSERT INTO pg_temp.factcheck_claim (id, article_id) SELECT id, article_id FROM public.factcheck_claim",
    ),
    "article_text_has_its_capture": (
        "a_text_with_the_capture_of_other_bytes",
        "INSERT INTO pg_temp.factcheck_capture (id, article_id, sha256)"
        " SELECT id, article_id, encode(sha256('It rained.'), 'hex') FROM public.factcheck_capture",
    ),
    "review_fits_claim_status": (
        "a_review_of_a_claim_that_is_not_in_review",
        "INSERT INTO pg_temp.factcheck_claim (id, status) SELECT id, 'in_review' FROM public.factcheck_claim;"
        " INSERT INTO pg_temp.factcheck_claimreview (claim_id, status)"
        " SELECT id, 'draft' FROM public.factcheck_claim",
    ),
    "claim_status_fits_reviews": (
        "a_claim_in_review_that_nobody_reviews",
        "INSERT INTO pg_temp.factcheck_claim (id, status) SELECT id, 'detected' FROM public.factcheck_claim",
    ),
    "superseded_claim_has_successors": (
        "a_claim_is_superseded_by_nothing",
        "INSERT INTO pg_temp.factcheck_claim (id, status) SELECT id, 'detected' FROM public.factcheck_claim",
    ),
    "lineage_fits_claim_status": (
        "a_claim_is_replaced_and_stays",
        "INSERT INTO pg_temp.factcheck_claim (id, status) SELECT id, 'superseded' FROM public.factcheck_claim;"
        " INSERT INTO pg_temp.factcheck_lineage (before_id) SELECT id FROM public.factcheck_claim",
    ),
    "lineage_stays_in_its_article": (
        "a_claim_is_replaced_by_one_of_another_article",
        "INSERT INTO pg_temp.factcheck_claim (id, article_id) SELECT id, 1 FROM public.factcheck_claim",
    ),
    "anchors_are_born_exact": (
        "an_anchor_is_born_orphaned_in_a_text_before_the_claims_own",
        "INSERT INTO pg_temp.factcheck_anchor SELECT * FROM public.factcheck_anchor;"
        " INSERT INTO pg_temp.factcheck_articleversion (id, article_id, number)"
        " SELECT id, article_id, 10 - number FROM public.factcheck_articleversion",
    ),
    "pair_is_of_two_articles": (
        "a_pair_within_one_article",
        "INSERT INTO pg_temp.factcheck_claim (id, article_id) SELECT id, id FROM public.factcheck_claim",
    ),
    "comment_is_on_a_review_of_its_claim": (
        "a_comment_on_the_review_of_another_claim",
        "INSERT INTO pg_temp.factcheck_claimreview (id, claim_id)"
        " SELECT review.id, claim.id FROM public.factcheck_claimreview review, public.factcheck_claim claim",
    ),
    "suggestion_has_evidence": ("an_accepted_suggestion_is_undone_under_its_evidence", "SELECT"),
    "evidence_of_accepted_suggestion": (
        "evidence_of_a_suggestion_that_nobody_accepted",
        "INSERT INTO pg_temp.factcheck_claimreview SELECT * FROM public.factcheck_claimreview;"
        " INSERT INTO pg_temp.factcheck_suggestion (id, claim_id, status)"
        " SELECT id, claim_id, 'accepted' FROM public.factcheck_suggestion",
    ),
    "public_review_has_publication": ("a_review_is_published_without_its_page", "SELECT"),
    "publication_of_an_approved_review": (
        "a_page_before_the_second_signature",
        "INSERT INTO pg_temp.factcheck_claimreview (id, status)"
        " SELECT id, 'approved' FROM public.factcheck_claimreview",
    ),
    "publication_takes_the_next_number": (
        "a_correction_skips_a_number",
        "INSERT INTO pg_temp.factcheck_claimreview SELECT * FROM public.factcheck_claimreview;"
        " INSERT INTO pg_temp.factcheck_publication SELECT * FROM public.factcheck_publication;"
        " INSERT INTO pg_temp.factcheck_publication SELECT * FROM public.factcheck_publication",
    ),
    "endpoints_are_of_partners": (
        "somebody_of_the_desk_is_told_by_webhooks",
        "INSERT INTO pg_temp.factcheck_user (id, role) SELECT id, 'partner' FROM public.factcheck_user",
    ),
    "keys_are_of_partners": (
        "a_key_for_somebody_of_the_desk",
        "INSERT INTO pg_temp.factcheck_user (id, role) SELECT id, 'partner' FROM public.factcheck_user",
    ),
    "two_live_keys_at_most": ("a_third_key", "SELECT"),
    "assignee_keeps_away_from_no_claim": ("who_keeps_away_is_assigned", "SELECT"),
    "who_keeps_away_is_not_assigned": ("who_is_assigned_keeps_away", "SELECT"),
    "suggestion_tells_what_it_leads_to": ("a_suggestion_hides_an_earlier_fact_check", "SELECT"),
    "review_without_conflict_of_interest": ("who_has_a_conflict_of_interest_approves", "SELECT"),
    "publication_without_conflict_of_interest": (
        "who_has_a_conflict_of_interest_publishes",
        "INSERT INTO pg_temp.factcheck_claimreview SELECT * FROM public.factcheck_claimreview",
    ),
    "what_is_public_is_not_confidential": ("a_published_article_becomes_confidential", "SELECT"),
    "what_is_confidential_is_not_published": (
        "an_embargo_is_broken",
        "INSERT INTO pg_temp.factcheck_claimreview SELECT * FROM public.factcheck_claimreview;"
        " INSERT INTO pg_temp.factcheck_claim SELECT * FROM public.factcheck_claim;"
        " INSERT INTO pg_temp.factcheck_article (id, confidential) SELECT id, false FROM public.factcheck_article",
    ),
    "searches_stay_in_the_house": (
        "what_was_queued_is_sent_after_the_article_was_shut",
        "INSERT INTO pg_temp.factcheck_claim SELECT * FROM public.factcheck_claim;"
        " INSERT INTO pg_temp.factcheck_article (id, outside_search, confidential)"
        " SELECT id, 'allowed', false FROM public.factcheck_article",
    ),
    "publication_goes_with_its_review": (
        "a_page_is_retracted_and_its_review_is_not",
        "INSERT INTO pg_temp.factcheck_claimreview SELECT * FROM public.factcheck_claimreview;"
        " INSERT INTO pg_temp.factcheck_publication SELECT * FROM public.factcheck_publication",
    ),
    "review_says_what_changed": ("a_correction_says_not_what_changed", "SELECT"),
    "publication_is_kept_under_hold": ("what_is_held_is_taken_down", "SELECT"),
    "confidence_is_kept_under_hold": ("what_is_held_and_told_in_confidence_is_erased", "SELECT"),
    "conflict_reason_is_kept_under_hold": ("the_reason_of_a_conflict_that_is_held_is_erased", "SELECT"),
    "words_are_kept_under_hold": ("words_of_a_trail_that_is_held_are_erased", "SELECT"),
    "reader_requests_are_kept_under_hold": (
        "what_a_reader_was_answered_is_erased_before_the_court_has_read_it",
        "SELECT",
    ),
    "who_worked_on_what_is_held_keeps_their_name": ("who_worked_on_what_is_held_is_erased", "SELECT"),
    "desk_page_takes_the_next_version": (
        "a_version_is_left_out",
        "INSERT INTO pg_temp.factcheck_deskpage (kind, version) VALUES ('on-method', 1)",
    ),
    "fact_check_is_of_its_source": (
        "a_fact_check_of_an_ordinary_document",
        "INSERT INTO pg_temp.factcheck_source (id, kind, part)"
        " SELECT id, 'fact_check', encode(sha256('It cost 12 million.'), 'hex') FROM public.factcheck_source",
    ),
}

# What tells of a change would tell a table of its own name instead.
DECOYS |= {
    "articles_tell": ("an_article_is_taken_in_behind_everybodys_back", "SELECT"),
    "article_texts_tell": ("a_text_is_added_in_silence", "SELECT"),
    "claims_tell": ("a_claim_is_changed_in_silence", "SELECT"),
    "anchors_tell": ("a_claim_is_placed_in_silence", "SELECT"),
    "suggestions_tell": ("a_suggestion_is_dismissed_in_silence", "SELECT"),
    "reviews_tell": ("a_draft_is_handed_over_in_silence", "SELECT"),
    "publications_tell": ("a_fact_check_is_retracted_in_silence", "SELECT"),
    "jobs_tell": ("the_last_step_ends_in_silence", "SELECT"),
}


def deceive(attack):
    copied = "evidence snapshot claimreview article articleversion capture claim suggestion publication"
    copied += " anchor conflictofinterest lineage litigationhold source deskpage legalreading job event user apikey"
    for table in copied.split():
        ask(
            f"CREATE TEMPORARY TABLE factcheck_{table} ON COMMIT DROP AS"
            f" SELECT * FROM public.factcheck_{table} WHERE false"
        )
    ask(DECOYS[attack.guard][1])


def qualified(statement):
    """The statement with its table named in full: by its short name it would now be the temporary one."""
    sql, *parameters = statement
    for verb in ("UPDATE ", "INSERT INTO ", "DELETE FROM "):
        sql = sql.replace(f"{verb}factcheck_", f"{verb}public.factcheck_", 1)
    return (sql, *parameters)


DECEPTIONS = titled({a.guard: a for a in ATTACKS if a.name == DECOYS.get(a.guard, [None])[0]}.values())


def test_there_is_a_decoy_for_every_guard_that_reads_a_table():
    reading = {name for name, (_, guard) in GUARDS.items() if "factcheck_" in guard.func}
    assert reading == set(DECOYS) == {deception.values[0].guard for deception in DECEPTIONS}


@django_db
@pytest.mark.parametrize("path", ["public", "pg_temp, pg_catalog, public"])
@pytest.mark.parametrize("attack", DECEPTIONS)
def test_no_temporary_table_of_the_same_name_deceives_a_guard(attack, path, alice, bob):
    statements = [qualified(statement) for statement in attack.prepare(alice, bob)]
    settle()
    deceive(attack)
    ask(f"SET LOCAL search_path = {path}")
    assert who_refuses(attack, statements) == attack.guard
    ask("SET LOCAL search_path = DEFAULT")


@pytest.mark.parametrize("attack", DECEPTIONS)
def test_it_is_the_fixed_search_path_that_keeps_a_guard_from_being_deceived(attack, owner):
    statements = [qualified(s) for s in attack.prepare(factories.person("Alice"), factories.person("Bob"))]
    settle()
    model, trigger = GUARDS[attack.guard]
    ask(f"ALTER FUNCTION {trigger.get_pgid(model)}() RESET search_path")
    deceive(attack)
    assert who_refuses(attack, statements) != attack.guard
