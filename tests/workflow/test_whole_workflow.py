"""The whole workflow against a plain model: any verbs, by anybody, in any order, and after each one the database says
what the model says. `make fuzz` runs it for longer.
"""

import os
from contextlib import ExitStack
from datetime import date

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from factcheck.exceptions import DeskError, Refused
from factcheck.models import AuditEntry, Claim, ClaimReview, ConflictOfInterest, Evidence, Publication
from factcheck.workflow import claims, conflicts, evidence, marking, publications, replies, reviews, takedowns
from tests import factories

pytestmark = [pytest.mark.database, pytest.mark.django_db]

PEOPLE = {"bob": "checker", "grace": "checker", "carol": "editor", "hal": "editor", "alice": "reporter"}
anybody = st.sampled_from([*PEOPLE, "bob", "grace", "carol", "hal"])  # a reporter may nothing here: half as often
OPEN = ("draft", "submitted", "approved")


class Model:
    """What the desk's rules come to, written down a second time without a database."""

    def __init__(self) -> None:
        self.claim = "detected"
        self.reviews: list[dict] = []
        self.worded: list[str] = []
        self.away: dict[str, bool] = {}

    @property
    def open(self) -> dict | None:
        return next((each for each in self.reviews if each["status"] in OPEN), None)

    @property
    def public(self) -> dict | None:
        return next((each for each in self.reviews if each["status"] == "published"), None)

    def barred(self, who: str, *, editors: bool = False, own: bool = False, others: bool = False) -> str:
        """Why this person may not; "" when they may. own: a checker only where they wrote; others: only where not."""
        wrote = who in self.open_or_last["writers"] if own or others else False
        if PEOPLE[who] == "reporter" or (editors and PEOPLE[who] != "editor"):
            return "NotAllowed"
        if own and PEOPLE[who] == "checker" and not wrote:
            return "NotAllowed"
        if others and wrote:
            return "four_eyes"
        return "conflict_of_interest" if self.away.get(who) else ""

    @property
    def open_or_last(self) -> dict:
        return self.open or self.reviews[-1]


class Workflow(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.rows = ExitStack()
        self.rows.enter_context(transaction.atomic())
        self.rows.callback(transaction.set_rollback, True)
        factories.desk()
        self.people = {name: factories.person(name.title(), role) for name, role in PEOPLE.items()}
        self.subject = factories.claim()
        factories.anchor(self.subject)
        self.model = Model()
        self.said = AuditEntry.objects.count()

    def teardown(self) -> None:
        self.rows.close()

    # --- asking and expecting ----------------------------------------------------------------------------------------

    def ask(self, verb, *args, expected: str = "", **fields) -> bool:
        """Whether it was done. It is done exactly when nothing was expected to stand against it."""
        try:
            verb(*args, **fields)
            connection.check_constraints()
        except DeskError as error:
            got = error.rule if isinstance(error, Refused) else type(error).__name__
        else:
            got = ""
        assert got == expected, f"{verb.__name__}: {got or 'done'}, and {expected or 'done'} was expected"
        entries = AuditEntry.objects.count()
        assert (entries > self.said) == (not expected), f"{verb.__name__} left {entries - self.said} entries"
        self.said = entries
        return not expected

    def row(self, review: dict) -> ClaimReview:
        return ClaimReview.objects.get(pk=review["pk"])

    def fresh(self) -> Claim:
        return Claim.objects.get(pk=self.subject.pk)

    # --- the claim ---------------------------------------------------------------------------------------------------

    @rule(who=anybody)
    def dismiss(self, who):
        claim, wrong = self.fresh(), "" if self.model.claim == "detected" else "InvalidTransition"
        said = self.model.barred(who) or wrong
        if self.ask(marking.dismiss, claim, by=self.people[who], seen=claim.version, reason="Trivial.", expected=said):
            self.model.claim = "dismissed"

    @rule(who=anybody)
    def restore(self, who):
        claim, wrong = self.fresh(), "" if self.model.claim == "dismissed" else "InvalidTransition"
        said = self.model.barred(who) or wrong
        if self.ask(marking.restore, claim, by=self.people[who], seen=claim.version, expected=said):
            self.model.claim = "detected"

    @rule(who=anybody)
    def word(self, who):
        claim, wrong = self.fresh(), "" if self.model.claim == "detected" else "InvalidTransition"
        said = self.model.barred(who) or wrong
        words = {"statement": f"The mayor opened bridge {self.said}."}
        if self.ask(claims.edit_statement, claim, by=self.people[who], seen=claim.version, expected=said, **words):
            self.model.worded.append(who)

    @rule(who=anybody)
    def begin(self, who):
        model, claim = self.model, self.fresh()
        wrong = "one_open_review_per_claim" if model.open else ""
        if not wrong and model.claim == "dismissed":
            wrong = "InvalidTransition"
        said = model.barred(who) or wrong
        if self.ask(reviews.begin, claim, by=self.people[who], seen=claim.version, expected=said):
            pk = ClaimReview.objects.order_by("pk").values_list("pk", flat=True).last()
            writers = {who, *model.worded}
            review = {"pk": pk, "status": "draft", "writers": writers, "evidence": 0, "decided": False, "asked": False}
            if model.public and not model.public["gone"]:  # a correction begins with it
                review |= {"evidence": model.public["evidence"], "decided": True, "asked": True}
                review["writers"] = writers | model.public["writers"]
            before = any(each["status"] in ("published", "superseded", "retracted") for each in model.reviews)
            model.reviews.append(review | {"says_what_changed": not before, "approver": None, "holder": who})
            model.reviews[-1]["gone"] = False
            model.claim = "in_review"

    # --- the review --------------------------------------------------------------------------------------------------

    @precondition(lambda self: self.model.reviews)
    @rule(who=anybody, decided=st.sampled_from([None, "verified", "disputed", "unverifiable"]))
    def save(self, who, decided):
        review = self.model.open_or_last
        written = {"statement": "The bridge.", "speaker": "", "verdict": decided or "", "rationale": "It is so."}
        written |= {"rating": {"verified": 5, "disputed": 2}.get(decided), "as_of": date(2026, 11, 24)}
        written |= {"change_kind": "update", "change_note": "A bill came."}
        said = self.model.barred(who) or ("" if review["status"] == "draft" else "InvalidTransition")
        row = self.row(review)
        if self.ask(reviews.save, row, by=self.people[who], seen=row.version, expected=said, **written):
            review |= {"decided": bool(decided), "says_what_changed": True}
            review["writers"].add(who)

    @precondition(lambda self: self.model.reviews)
    @rule(who=anybody)
    def rest_on(self, who):
        review = self.model.open_or_last
        said = self.model.barred(who) or ("" if review["status"] == "draft" else "InvalidTransition")
        row = self.row(review)
        found = {"searched_for": "the bridge", "searched_where": "the archive", "searched_on": date(2026, 11, 23)}
        if self.ask(evidence.add_search, row, by=self.people[who], seen=row.version, expected=said, **found):
            review["evidence"] += 1
            review["writers"].add(who)

    @precondition(lambda self: self.model.reviews)
    @rule(who=anybody)
    def ask_nobody(self, who):
        review = self.model.open_or_last
        said = self.model.barred(who) or ("BadInput" if review["asked"] else "")
        said = said or ("" if review["status"] == "draft" else "InvalidTransition")
        row = self.row(review)
        if self.ask(replies.none_asked, row, by=self.people[who], seen=row.version, reason="Minutes.", expected=said):
            review["asked"] = True
            review["writers"].add(who)

    @precondition(lambda self: self.model.reviews and self.model.open_or_last["evidence"])
    @rule(who=anybody)
    def take_out(self, who):
        review = self.model.open_or_last
        said = self.model.barred(who) or ("" if review["status"] == "draft" else "InvalidTransition")
        row = Evidence.objects.filter(review=review["pk"]).select_related("review").order_by("pk").first()
        if self.ask(evidence.remove, row, by=self.people[who], seen=row.review.version, expected=said):
            review["evidence"] -= 1
            review["writers"].add(who)

    @precondition(lambda self: self.model.reviews)
    @rule(who=anybody)
    def take_over(self, who):
        review = self.model.open_or_last
        said = self.model.barred(who) or ("" if review["status"] == "draft" else "InvalidTransition")
        row = self.row(review)
        if self.ask(reviews.take_over, row, by=self.people[who], seen=row.version, expected=said):
            review["writers"].add(who)
            review["holder"] = who

    @precondition(lambda self: self.model.reviews)
    @rule(who=anybody)
    def submit(self, who):
        review = self.model.open_or_last
        said = self.model.barred(who, own=True) or ("" if review["status"] == "draft" else "InvalidTransition")
        if not said and not review["evidence"]:
            said = "review_rests_on_evidence"
        if not said and not review["says_what_changed"]:
            said = "review_says_what_changed"
        if not said and not review["decided"]:
            said = "submitted_review_is_complete"
        self.moved(reviews.submit, review, who, said, "submitted")

    @precondition(lambda self: self.model.reviews)
    @rule(who=anybody)
    def withdraw(self, who):
        review = self.model.open_or_last
        wrong = "" if review["status"] in ("submitted", "approved") else "InvalidTransition"
        if self.moved(reviews.withdraw, review, who, self.model.barred(who, own=True) or wrong, "draft"):
            review["approver"] = None

    @precondition(lambda self: self.model.reviews)
    @rule(who=anybody)
    def approve(self, who):
        review = self.model.open_or_last
        wrong = "" if review["status"] == "submitted" else "InvalidTransition"
        said = self.model.barred(who, editors=True, others=True) or wrong
        if self.moved(reviews.approve, review, who, said, "approved"):
            review["approver"] = who

    @precondition(lambda self: self.model.reviews)
    @rule(who=anybody)
    def send_back(self, who):
        review = self.model.open_or_last
        wrong = "" if review["status"] in ("submitted", "approved") else "InvalidTransition"
        said = self.model.barred(who, editors=True, others=True) or wrong
        if self.moved(reviews.request_changes, review, who, said, "draft", reason="Name the minutes."):
            review["approver"] = None

    @precondition(lambda self: self.model.reviews)
    @rule(who=anybody)
    def abandon(self, who):
        review = self.model.open_or_last
        wrong = "" if review["status"] == "draft" else "InvalidTransition"
        if self.moved(reviews.abandon, review, who, self.model.barred(who, own=True) or wrong, "abandoned"):
            self.model.claim = "reviewed" if self.model.public else "detected"

    @precondition(lambda self: self.model.reviews)
    @rule(who=anybody)
    def publish(self, who):
        review, before = self.model.open_or_last, self.model.public
        wrong = "" if review["status"] == "approved" else "InvalidTransition"
        if not wrong and not review["asked"]:
            wrong = "gate_reply"
        if self.moved(publications.publish, review, who, self.model.barred(who, editors=True) or wrong, "published"):
            self.model.claim = "reviewed"
            if before:
                before["status"] = "superseded"

    @precondition(lambda self: self.model.public)
    @rule(who=anybody)
    def retract(self, who):
        said = self.model.barred(who, editors=True) or ("InvalidTransition" if self.model.public["gone"] else "")
        if self.moved(publications.retract, self.model.public, who, said, "retracted", reason="Forged."):
            self.model.claim = "in_review" if self.model.open else "detected"
            self.is_read_anew()

    @precondition(lambda self: self.model.public)
    @rule(who=anybody)
    def take_down(self, who):
        review = self.model.public
        row, said = self.row(review), self.model.barred(who, editors=True) or ("BadInput" if review["gone"] else "")
        words = {"reason": "A court demands it."}
        if self.ask(takedowns.take_down, row, by=self.people[who], seen=row.version, expected=said, **words):
            for each in self.model.reviews:
                each["gone"] = each["status"] in ("published", "superseded", "retracted")
            self.is_read_anew()

    def is_read_anew(self) -> None:
        """What waits for its signature or its hour was read while another text was public."""
        if self.model.open:
            self.model.open.update(status="draft", approver=None)

    @rule(steps=st.integers(1, 8), data=st.data())
    def go_on(self, steps, data):
        """As a desk would: the next step, by somebody who may. Else few walks would come as far as the public."""
        for _ in range(steps):
            review = self.model.open
            rights = {"own": {"own": True}, "second": {"editors": True, "others": True}, "editor": {"editors": True}}
            step, right = {
                None: (self.begin, ""),
                "submitted": (self.approve, "second"),
                "approved": (self.publish, "editor"),
            }.get(review and review["status"], (self.submit, "own"))
            if review and review["status"] == "draft" and not (review["decided"] and review["says_what_changed"]):
                step, right = self.save, ""
            elif review and review["status"] == "draft" and not review["evidence"]:
                step, right = self.rest_on, ""
            elif review and review["status"] == "draft" and not review["asked"]:
                step, right = self.ask_nobody, ""
            may = [who for who in PEOPLE if not self.model.barred(who, **rights.get(right, {}))]
            if self.model.claim == "dismissed" or not may:
                return
            who = data.draw(st.sampled_from(may))
            step(who, "verified") if step == self.save else step(who)

    def moved(self, verb, review: dict, who: str, expected: str, to: str, **fields) -> bool:
        row = self.row(review)
        done = self.ask(verb, row, by=self.people[who], seen=row.version, expected=expected, **fields)
        if done:
            review["status"] = to
        return done

    @precondition(lambda self: self.model.open)
    @rule(verb=st.sampled_from([reviews.submit, reviews.withdraw, reviews.take_over, publications.publish]))
    def be_late(self, verb):
        """Somebody who may do anything, with the page of a moment ago."""
        if not self.model.away.get("carol"):
            row = self.row(self.model.open)
            self.ask(verb, row, by=self.people["carol"], seen=row.version - 1, expected="Conflict")

    # --- keeping away ------------------------------------------------------------------------------------------------

    @rule(who=st.sampled_from(["bob", "grace", "carol", "hal"]))
    def keep_away(self, who):
        twice = "one_standing_conflict_per_claim_and_person" if self.model.away.get(who) else ""
        person, claim = self.people[who], self.fresh()
        if self.ask(conflicts.declare, claim, by=person, person=person, reason="My brother built it.", expected=twice):
            self.model.away[who] = True
            review = self.model.open
            if review and review["holder"] == who:
                review["holder"] = None
            if review and review["approver"] == who:
                review |= {"status": "draft", "approver": None}

    @precondition(lambda self: any(self.model.away.values()))
    @rule(by=anybody, data=st.data())
    def come_back(self, by, data):
        who = data.draw(st.sampled_from(sorted(name for name, away in self.model.away.items() if away)))
        conflict = ConflictOfInterest.objects.standing().get(claim=self.subject, person=self.people[who])
        said = "" if PEOPLE[by] == "editor" else "NotAllowed"
        if by == who and not said:
            said = "own_conflict_stays"
        if self.ask(conflicts.withdraw, conflict, by=self.people[by], reason="The bridge is sold.", expected=said):
            self.model.away[who] = False

    # --- what is always so -------------------------------------------------------------------------------------------

    @invariant()
    def the_database_says_the_same(self):
        assert self.fresh().status == self.model.claim
        names = {person.pk: name for name, person in self.people.items()} | {None: None}
        for review in self.model.reviews:
            row = self.row(review)
            assert row.status == review["status"]
            assert {names[pk] for pk in row.written_by} == review["writers"]
            assert names[row.approver_id] == review["approver"]
            assert row.status not in OPEN or names[row.assignee_id] == review["holder"]
            assert row.evidence.count() == review["evidence"]
            assert review["approver"] not in review["writers"]

    @invariant()
    def the_public_sees_what_was_signed(self):
        statuses = [review["status"] for review in self.model.reviews]
        was_public = [status for status in statuses if status in ("published", "superseded", "retracted")]
        assert Publication.objects.count() == len(was_public)
        assert Publication.objects.filter(frozen="").count() == sum(review["gone"] for review in self.model.reviews)
        assert statuses.count("published") <= 1
        assert sum(status in OPEN for status in statuses) <= 1


def test_who_worded_the_claim_and_then_keeps_away_leaves_it_to_others():
    """A walk that is rarely taken, and once ended in a claim that nobody could review."""
    walk = Workflow()
    walk.word("grace")
    walk.keep_away("grace")
    walk.begin("bob")
    walk.the_database_says_the_same()
    walk.teardown()


def test_any_verbs_by_anybody_in_any_order():
    many = int(os.environ.get("MANY") or 12)
    everything = [HealthCheck.too_slow, HealthCheck.data_too_large]
    run_state_machine_as_test(
        Workflow,
        settings=settings(max_examples=many, stateful_step_count=40, deadline=None, suppress_health_check=everything),
    )
