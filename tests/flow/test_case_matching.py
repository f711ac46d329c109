"""What meets behind requests: victims and customers, agencies and agencies, notices and supervisors."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.support.agencies import Office, form
from thinktwice.bootstrap.prepared import prepared_victims
from thinktwice.cases.deconfliction import Deconfliction
from thinktwice.cases.desk import Taking
from thinktwice.cases.identifiers import Identifier
from thinktwice.cases.notices import Notice, Notices
from thinktwice.cases.sampling import SAMPLE, Sampling
from thinktwice.cases.victims import Matched, VictimMatching, csv_of, rounded
from thinktwice.cases.wordings import Wordings, usable
from thinktwice.errors import ConflictError, InputError, NotFoundError, StateError
from thinktwice.evidence.customer_records import FolderRecords
from thinktwice.keyring.keys import TEST_KEYRING, customer_ref
from thinktwice.people.errors import NotAllowedError, SecondFactorNeededError
from thinktwice.people.person import Person

ADDRESS = "0x25f5aa11bb22cc33dd44ee55ff6600778899b0{:02x}"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Give a case office."""
    made = Office(tmp_path)
    yield made
    made.close()


class Customers:
    """Who paid where."""

    def __init__(self, by_key: dict[str, tuple[str, ...]]) -> None:
        self.by_key = by_key
        self.since: datetime | None = None

    def customer_refs(self, match_keys: Iterable[str], since: datetime) -> tuple[str, ...]:
        self.since = since
        return tuple(ref for key in match_keys for ref in self.by_key.get(key, ()))

    def follow(self) -> int:
        return 0


def matching(office: Office, customers: int) -> VictimMatching:
    refs = tuple(f"ref-{number:03d}" for number in range(customers))
    by_key = {f"evm:{ADDRESS.format(1)}": refs[:7], f"evm:{ADDRESS.format(2)}": refs[3:]}
    return VictimMatching(office.ledger, office.sealing, Customers(by_key), lambda: office.now)


def listed(office: Office, agency: str | None = None) -> str:
    identifiers = (
        Identifier("address", ADDRESS.format(1), "ethereum"),
        Identifier("address", ADDRESS.format(2), "ethereum"),
        Identifier("address", ADDRESS.format(3), "ethereum"),
        Identifier("transaction", "0x" + "ab" * 32, "ethereum"),
    )
    officer = office.officer(agency or office.agency())
    return office.submitted(officer, "victim_notification", form(identifiers=identifiers))


WORDS = {
    "en": "Police believe that you may have been deceived. Please call 18222.",
    "zh-Hant": "警方相信你可能受騙，請致電 18222。",
}


def ready(office: Office) -> tuple[str, Person, Wordings]:
    """File a list, have it approved by two who did not call, and propose words."""
    case_id = listed(office)
    officer = office.officer(office.desk.find(office.first, case_id)[0].agency_id)
    office.approved(case_id)
    office.desk.step(office.third, case_id, "reconsider", Taking(note="called by the same"))
    office.desk.step(office.second, case_id, "approve")
    office.desk.step(office.third, case_id, "confirm_approval")
    wordings = Wordings(office.ledger, office.sealing, lambda: office.now)
    wordings.propose(officer, case_id, WORDS)
    return case_id, officer, wordings


def digest(wordings: Wordings, person: Person, case_id: str) -> str:
    found = wordings.current(person, case_id)
    assert found is not None
    return found.digest


def test_customers_are_told_once_and_the_agency_learns_a_rounded_count(office: Office) -> None:
    """23 customers: each is handed over once with the approved words; the agency learns 20 and no reference."""
    victims = matching(office, 23)
    with pytest.raises(StateError):
        victims.match(office.first, listed(office))
    case_id, officer, wordings = ready(office)
    with pytest.raises(StateError, match="not approved the words"):
        victims.tell(office.first, case_id)
    wordings.approve(officer, case_id, digest(wordings, officer, case_id))
    matched = victims.tell(office.first, case_id)
    assert (len(matched.customer_refs), matched.looked_up, matched.not_looked_up) == (23, 3, 1)
    with pytest.raises(StateError):
        victims.tell(office.second, case_id)
    told_wording = wordings.current(officer, case_id)
    assert told_wording is not None
    assert told_wording.told_about == 20
    assert "ref-0" not in repr(office.desk.find(officer, case_id)) + repr(told_wording)
    told: list[Notice] = []
    assert Notices(office.ledger, office.sealing).tell(told.append) == []
    (event,) = [json.loads(notice.body) for notice in told if notice.kind == "victim_message"]
    assert event["type"] == "case.victim_message"
    assert event["data"]["message"] == told_wording.code
    assert event["data"]["words"] == WORDS
    assert event["data"]["sha256"] == told_wording.digest
    assert sorted(event["data"]["customer_refs"]) == list(matched.customer_refs)


def test_only_the_exact_words_that_an_officer_approved_with_a_passkey_are_sent(office: Office) -> None:
    """A changed word, a withdrawal, a session without a passkey, another agency or staff: nothing can be sent."""
    case_id, officer, wordings = ready(office)
    victims, first = matching(office, 23), digest(wordings, officer, case_id)
    for person in (replace(officer, method="totp"), replace(officer, second_factor_at=None)):
        with pytest.raises((StateError, SecondFactorNeededError)):
            wordings.approve(person, case_id, first)
    with pytest.raises(NotFoundError):
        wordings.approve(office.officer(office.agency("Other Police"), "o-9"), case_id, first)
    with pytest.raises(NotAllowedError):
        wordings.approve(office.first, case_id, first)
    wordings.approve(officer, case_id, first)
    wordings.propose(officer, case_id, {**WORDS, "en": f" {WORDS['en']} "})
    unchanged = wordings.current(officer, case_id)
    assert unchanged is not None
    assert unchanged.is_approved
    wordings.propose(office.first, case_id, {**WORDS, "en": "Police know that you were deceived. Call 18222."})
    with pytest.raises(StateError, match="not approved the words"):
        victims.tell(office.first, case_id)
    with pytest.raises(ConflictError):
        wordings.approve(officer, case_id, first)
    wordings.approve(officer, case_id, digest(wordings, officer, case_id))
    wordings.withdraw(office.person("o-2", "agency_administrator", agency_id=officer.agency_id), case_id)
    with pytest.raises(StateError, match="not approved the words"):
        victims.tell(office.first, case_id)
    wordings.approve(officer, case_id, digest(wordings, officer, case_id))
    victims.tell(office.first, case_id)
    for late in (
        lambda: wordings.withdraw(officer, case_id),
        lambda: wordings.propose(officer, case_id, {"en": "Something quite different."}),
    ):
        with pytest.raises(StateError):
            late()


def test_a_request_whose_agency_did_not_agree_is_not_even_read_for_another(office: Office) -> None:
    """Opening it would take longer than finding nothing, and tell by the clock that somebody else asks."""
    ours, theirs = office.officer(office.agency(), "o-1"), office.officer(office.agency("Other Police"), "o-2")
    mine, other = office.submitted(ours, "information"), office.submitted(theirs, "information")
    verified(office, mine, other)
    desk = Deconfliction(office.ledger, office.sealing, lambda: office.now)
    desk.agree(ours, mine)
    with closing(sqlite3.connect(office.ledger.control)) as connection, connection:
        connection.execute("UPDATE case_request SET form_sealed = x'00' WHERE id = ?", (other,))
    assert desk.contacts(ours, mine) == ()


def test_a_sentence_is_no_link() -> None:
    """Points, numbers and times stand in good words."""
    text = "Call 18222 or 2860.5012 by 9.30 a.m. today, e.g. now. It costs 1.50 HKD... 請致電 18222。"
    text += "1.請勿轉帳 2.立即致電,損失 3.5億元。Não pague. Ligue já. لا تدفع. اتصل الآن"
    assert usable({"en": text})["en"] == text


def test_words_that_are_too_long_are_not_searched(office: Office) -> None:
    """Looking for a link costs the square of the length, so the length is looked at first and alone."""
    case_id, officer, wordings = ready(office)
    with pytest.raises(InputError) as refused:
        wordings.propose(officer, case_id, {**WORDS, "pt": "a-" * 1_000 + " https://example.org"})
    assert [(fault.field, "characters" in fault.message) for fault in refused.value.faults] == [("words_pt", True)]


def test_nobody_waits_while_the_index_is_brought_up_to_date(office: Office) -> None:
    """A first run over a large journal takes minutes; officers and staff can write meanwhile."""
    case_id, _officer, _wordings = ready(office)

    class Following(Customers):
        followed = 0

        def follow(self) -> int:
            with closing(sqlite3.connect(office.folder.control, timeout=0, isolation_level=None)) as connection:
                connection.execute("BEGIN IMMEDIATE")
            self.followed += 1
            return 0

    customers = Following({})
    VictimMatching(office.ledger, office.sealing, customers, lambda: office.now).match(office.first, case_id)
    assert customers.followed == 1


def test_nobody_is_told_of_a_request_that_was_taken_back_while_its_list_was_matched(office: Office) -> None:
    """Matching takes a while; an officer who withdraws meanwhile, from another process, is not overrun."""
    case_id, officer, wordings = ready(office)
    wordings.approve(officer, case_id, digest(wordings, officer, case_id))

    class Withdrawing(VictimMatching):
        def match(self, person: Person, case_id: str) -> Matched:
            matched = super().match(person, case_id)
            office.desk.step(officer, case_id, "withdraw", Taking(note="No longer needed."))
            return matched

    customers = Customers({f"evm:{ADDRESS.format(1)}": ("ref-1",)})
    victims = Withdrawing(office.ledger, office.sealing, customers, lambda: office.now)
    with pytest.raises(StateError, match="approved victim notification"):
        victims.tell(office.first, case_id)
    assert not victims.was_told(case_id)


def test_a_notification_is_not_done_before_anybody_was_told(office: Office) -> None:
    """Also where nobody is affected the agency learns it, as a number that is too small to tell."""
    case_id, officer, wordings = ready(office)
    with pytest.raises(StateError, match="hand the customers over first"):
        office.desk.step(office.first, case_id, "fulfil")
    wordings.approve(officer, case_id, digest(wordings, officer, case_id))
    assert matching(office, 0).tell(office.first, case_id).customer_refs == ()
    office.desk.step(office.first, case_id, "fulfil")
    told = wordings.current(officer, case_id)
    assert told is not None
    assert told.told_at is not None
    assert told.told_about == 0


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("short", "write 10 to 1000 characters"),
        ("x" * 1_001, "write 10 to 1000 characters"),
        ("Click https://example.test/now please", "leave links"),
        ("Write to help@example.org today", "leave links"),
        ("Go to secure-police.hk and sign in", "leave links"),
        ("Go to secure-police.lol and sign in", "leave links"),
        ("Go to secure-police.co.uk: sign in", "leave links"),
        ("Go to ｗｗｗ．police．example now", "leave links"),
        ("請立即前往 警察.香港 登入", "leave links"),
        ("請到「反詐騙中心．公司．香港」登入", "leave links"),
        ("請立即到secure-police.hk登入", "leave links"),
        ("Go to polícia.com and sign in", "leave links"),
        ("Go to раурal.com and sign in", "leave links"),
        ("Go to \u0645\u0648\u0642\u0639.\u0627\u0644\u0633\u0639\u0648\u062f\u064a\u0629 now", "leave links"),
        ("Go to पुलिस.भारत now", "leave links"),
        ("Go to xn--u2u.xn--j6w193g now", "leave links"),
        ("Nobody sees this\u202e reversed", "a character that nobody sees"),
    ],
)
def test_words_hold_nothing_that_an_impostors_message_holds(text: str, fault: str) -> None:
    """Named by its language; English is always there."""
    with pytest.raises(InputError) as refused:
        usable({"en": text, "pt": ""})
    assert [one.field for one in refused.value.faults] == ["words_en"]
    assert fault in str(refused.value.faults[0].message)
    with pytest.raises(InputError):
        usable({"zh-Hant": "只有中文的文字是不夠的。"})


def test_the_list_is_submitted_with_a_fresh_second_factor(office: Office) -> None:
    """A session left open, or stolen, names nobody as a victim."""
    officer = office.officer(office.agency())
    stale = replace(officer, second_factor_at=office.now - timedelta(minutes=11))
    with pytest.raises(SecondFactorNeededError):
        office.submitted(stale, "victim_notification")
    office.submitted(stale, "information")


def test_what_the_operators_systems_prepared_is_matched_too(office: Office, tmp_path: Path) -> None:
    """Customers of transactions, by their ids in one file a request; a row without one is named; links are not read."""
    case_id, _officer, _wordings = ready(office)
    folder = tmp_path / "prepared"
    prepared = prepared_victims(FolderRecords(folder), TEST_KEYRING)
    victims = VictimMatching(office.ledger, office.sealing, Customers({}), lambda: office.now, prepared)
    assert victims.match(office.first, case_id).customer_refs == ()
    (folder / case_id).mkdir(parents=True)
    file = folder / case_id / "victims.csv"
    file.write_text("customer_id\nc-1\nc-2\nc-1\n")
    matched = victims.match(office.first, case_id)
    assert TEST_KEYRING.ref is not None
    assert matched.customer_refs == tuple(sorted(customer_ref(TEST_KEYRING.ref, one) for one in ("c-1", "c-2")))
    assert matched.prepared == 2
    for wrong in ("customer\nc-1\n", "customer_id,x\n,1\n", "customer_id\n" + "x" * 300, "\xff"):
        file.write_bytes(wrong.encode("latin-1"))
        with pytest.raises(InputError):
            victims.match(office.first, case_id)


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "fewer than 10"), (9, "fewer than 10"), (10, "about 10"), (14, "about 10"), (15, "about 20")],
)
def test_a_count_tells_nothing_exact(number: int, words: str) -> None:
    """Nothing below ten, tens above."""
    assert rounded(number) == words


def test_the_table_for_the_operator_names_reference_and_message(office: Office) -> None:
    """One line a customer; a code that starts a formula is text."""
    case_id, _officer, _wordings = ready(office)
    lines = csv_of(matching(office, 12).match(office.first, case_id), "=cmd").decode().splitlines()
    assert lines[:2] == ["customer_ref,message", "ref-000,'=cmd"]
    assert len(lines) == 13


def test_only_who_may_match_matches(office: Office) -> None:
    """Neither compliance nor an officer of any agency."""
    case_id, victims = listed(office), matching(office, 12)
    officer = office.officer(office.desk.find(office.first, case_id)[0].agency_id)
    for person in (office.person("p-9", "compliance"), officer):
        with pytest.raises(NotAllowedError):
            victims.match(person, case_id)


def verified(office: Office, *case_ids: str) -> None:
    """Verify who asks, as the operator's people do."""
    for case_id in case_ids:
        office.desk.step(office.first, case_id, "take")
        office.desk.step(office.first, case_id, "confirm_requester")


UNKNOWN = ("not verified yet", "refused", "asked for more", "withdrawn", "agency suspended", "agency not verified")


def become(office: Office, how: str, agency: str, case_id: str) -> None:
    """Let a request, or its agency, be one of the unknown."""
    if how not in {"not verified yet", "refused"}:
        verified(office, case_id)
    match how:
        case "refused":
            office.desk.step(office.first, case_id, "take")
            why = Taking(note="nobody there knows of it", refusal="not_verified")
            office.desk.step(office.first, case_id, "refuse", why)
        case "asked for more":
            office.desk.step(office.first, case_id, "ask_more", Taking(note="which account?"))
        case "withdrawn":
            office.desk.step(office.officer(agency, "o-2"), case_id, "withdraw", Taking(note="it is settled"))
        case "agency suspended":
            office.agencies.suspend(office.second.actor, agency, "its mailbox was stolen")
        case "agency not verified":
            office.agencies.set_trust(office.second.actor, agency, "registered")


@pytest.mark.parametrize("how", UNKNOWN)
def test_nobody_is_introduced_to_whom_the_operator_does_not_know(office: Office, how: str) -> None:
    """Both agreed; yet neither learns of the other before the operator knows both, nor when one is known no more."""
    ours, theirs = office.agency("Example Police"), office.agency("Other Police")
    our_officer, their_officer = office.officer(ours), office.officer(theirs, "o-2")
    mine, other = office.submitted(our_officer, "information"), office.submitted(their_officer, "information")
    desk = Deconfliction(office.ledger, office.sealing, lambda: office.now)
    desk.agree(our_officer, mine)
    desk.agree(their_officer, other)
    verified(office, mine)
    become(office, how, theirs, other)
    assert desk.contacts(our_officer, mine) == ()
    if how != "agency suspended":
        assert desk.contacts(their_officer, other) == ()


def test_an_officer_whom_nobody_verified_has_nothing_read_for_them(office: Office) -> None:
    """Whatever others agreed, their requests are not opened: the answer takes as long as if there were none."""
    ours, theirs = office.officer(office.agency(), "o-1"), office.officer(office.agency("Other Police"), "o-2")
    mine, other = office.submitted(ours, "information"), office.submitted(theirs, "information")
    verified(office, other)
    desk = Deconfliction(office.ledger, office.sealing, lambda: office.now)
    desk.agree(ours, mine)
    desk.agree(theirs, other)
    with closing(sqlite3.connect(office.ledger.control)) as connection, connection:
        connection.execute("UPDATE case_request SET form_sealed = x'00' WHERE id = ?", (other,))
    assert desk.contacts(ours, mine) == ()


def test_agencies_learn_of_each_other_only_when_both_agree(office: Office) -> None:
    """Staff see the overlap at once; one consent changes nothing; with both each learns name and case number."""
    ours, theirs = office.agency("Example Police"), office.agency("Other Police")
    our_officer, their_officer = office.officer(ours), office.officer(theirs, "o-2")
    mine = office.submitted(our_officer, "information", form(case_number="A-1"))
    other = office.submitted(their_officer, "information", form(case_number="B-2", unit="Fraud squad"))
    elsewhere = form(identifiers=(Identifier("account", "b-9"),))
    office.submitted(their_officer, "information", elsewhere)
    desk = Deconfliction(office.ledger, office.sealing, lambda: office.now)
    (overlap,) = desk.overlaps(office.first, mine)
    assert (overlap.case_id, overlap.agency, overlap.shared) == (other, "Other Police", 1)
    assert not overlap.is_agreed
    assert not overlap.is_duplicate
    for person, case_id in ((our_officer, mine), (their_officer, other)):
        with pytest.raises(NotAllowedError):
            desk.overlaps(person, case_id)
        assert desk.contacts(person, case_id) == ()
    with pytest.raises(NotFoundError):
        desk.agree(their_officer, mine)
    desk.agree(our_officer, mine)
    assert desk.contacts(our_officer, mine) == desk.contacts(their_officer, other) == ()
    desk.agree(their_officer, other)
    assert desk.contacts(our_officer, mine) == desk.contacts(their_officer, other) == ()
    verified(office, mine, other)
    (contact,) = desk.contacts(our_officer, mine)
    assert (contact.agency, contact.case_number, contact.unit) == ("Other Police", "B-2", "Fraud squad")
    assert desk.contacts(their_officer, other)[0].case_number == "A-1"
    assert desk.overlaps(office.first, mine)[0].is_agreed
    desk.disagree(their_officer, other)
    assert desk.contacts(our_officer, mine) == ()


def test_the_same_request_twice_is_a_duplicate(office: Office) -> None:
    """Of one agency and kind, about the same; another kind is none."""
    officer = office.officer(office.agency())
    first = office.submitted(officer, "information")
    again = office.submitted(officer, "information")
    office.submitted(officer, "preservation")
    desk = Deconfliction(office.ledger, office.sealing, lambda: office.now)
    assert {one.case_id for one in desk.overlaps(office.first, first) if one.is_duplicate} == {again}


def test_what_an_answer_adds_is_matched_too(office: Office) -> None:
    """An identifier that was added when more was asked for meets another agency's like the first ones."""
    agency, other = office.agency(), office.agency("Other Police")
    officer, added = office.officer(agency), Identifier("account", "a-2")
    mine = office.submitted(officer, "preservation")
    theirs = office.submitted(office.officer(other, "o-9"), "preservation", form(identifiers=(added,)))
    desk = Deconfliction(office.ledger, office.sealing, lambda: office.now)
    assert desk.overlaps(office.first, mine) == ()
    office.desk.step(office.first, mine, "take")
    office.desk.step(office.first, mine, "ask_more", Taking(note="Is that all?"))
    office.desk.save(officer, mine, form(identifiers=(Identifier("account", "a-1"), added)), 2)
    office.desk.step(officer, mine, "answer", Taking(note="One more."))
    assert [one.case_id for one in desk.overlaps(office.first, mine)] == [theirs]


def test_a_supervisor_is_told_until_it_was_acknowledged_and_then_not_again(office: Office) -> None:
    """Under one id at every attempt, with who asks for what kind, and not about whom."""
    officer = office.officer(office.agency())
    office.submitted(officer, "risk_to_life", form(legal_basis="", **_data()))
    notices = Notices(office.ledger, office.sealing)
    tried: list[Notice] = []

    def refuse(notice: Notice) -> str | None:
        tried.append(notice)
        return "answered 503"

    assert len(notices.tell(refuse)) == 1
    assert notices.backlog().waiting == 1
    assert len(notices.tell(refuse)) == 1
    assert tried[0] == tried[1]
    assert notices.tell(lambda _notice: None) == []
    assert notices.tell(refuse) == []
    assert notices.backlog().since is None
    event = json.loads(tried[0].body)
    assert event["type"] == "case.request_submitted"
    assert event["data"]["recipient"] == "supervisor@example.org"
    assert event["data"]["kind"] == "risk_to_life"
    assert "a-1" not in tried[0].body.decode()


def _data() -> dict[str, object]:
    from tests.support.agencies import data_form

    made = data_form()
    return {
        name: getattr(made, name) for name in ("data_categories", "period_from", "period_until", "zone", "delivery_key")
    }


def test_a_sample_is_drawn_by_chance_and_can_be_drawn_again(office: Office) -> None:
    """Ten of what was decided; the same seed gives the same; drawing is an entry; old decisions are not among them."""
    officer = office.officer(office.agency())
    for _ in range(SAMPLE + 3):
        case_id = office.submitted(officer, "information")
        office.desk.step(office.first, case_id, "take")
        office.desk.step(office.first, case_id, "refuse", Taking(note="not about us", refusal="not_ours"))
    office.submitted(officer, "information")
    sampling = Sampling(office.ledger, office.sealing, lambda: office.now)
    reader = office.person("p-9", "compliance")
    seed = sampling.draw(reader)
    drawn = [one.id for one in sampling.sample(reader, seed)]
    assert len(set(drawn)) == SAMPLE
    assert drawn == [one.id for one in sampling.sample(reader, seed)]
    assert drawn != [one.id for one in sampling.sample(reader, sampling.draw(reader))]
    with pytest.raises(NotAllowedError):
        sampling.draw(office.person("p-8", "case_handler"))
    with pytest.raises(InputError):
        sampling.sample(reader, "' OR 1")
    office.now += timedelta(days=91)
    assert sampling.sample(office.person("p-9", "compliance"), seed) == ()
