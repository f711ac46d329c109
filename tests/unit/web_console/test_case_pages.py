"""The pages of the case office and of agencies, as those who may open them see them."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from tests.support.agencies import BASES, Office, data_form, form
from tests.support.console import Console, open_console
from tests.support.http import HOST, ask
from thinktwice.cases.deconfliction import Deconfliction
from thinktwice.cases.desk import Taking
from thinktwice.cases.identifiers import Identifier
from thinktwice.cases.notices import Notices
from thinktwice.cases.reach import STAFF_STEPS
from thinktwice.cases.reported import Standing
from thinktwice.cases.sampling import Sampling
from thinktwice.cases.targets import Targets
from thinktwice.cases.victims import VictimMatching
from thinktwice.cases.weighing import Weighing
from thinktwice.cases.wordings import Wordings
from thinktwice.evidence.producing import ProductionDesk
from thinktwice.keyring.keys import TEST_KEYRING, Key
from thinktwice.people.passkeys import RelyingParty
from thinktwice.people.service import People, open_people
from thinktwice.web.console.agencies.desk import AgencyOffice
from thinktwice.web.console.agencies.officers import AREA as AGENCIES
from thinktwice.web.console.cases.office import CaseOffice
from thinktwice.web.console.cases.pages import AREA as CASES
from thinktwice.web.console.cases.reading import ORDER
from thinktwice.web.edge.forgery import FIELD, form_token

MASTER = Key("m1", b"m" * 32)


class Nobody:
    """No customer of ours ever paid anywhere."""

    def customer_refs(self, match_keys: Iterable[str], since: object) -> tuple[str, ...]:
        return ()

    def follow(self) -> int:
        return 0


@dataclass
class Site:
    """A console over a case office whose data are real."""

    console: Console
    office: Office
    people: People

    def as_(self, role: str, account_id: str = "p-1") -> str:
        facts: dict[str, Any] = {"second_factor_at": self.office.now, "opened_at": self.office.now}
        return self.console.sign_in(role, account_id=account_id, **facts)  # type: ignore[arg-type]  # a role's name

    def step(self, case_id: str, step: str, secret: str, **fields: str) -> httpx.Response:
        return self.console.post(f"/cases/{case_id}/{step}", fields, secret)

    def upload(self, path: str, secret: str, name: str, content: bytes, **fields: str) -> httpx.Response:
        request = httpx.Request(
            "POST",
            f"http://localhost{path}",
            data={FIELD: form_token(secret), **fields},
            files={"file": (name, content)},
        )
        headers = {
            "Origin": HOST,
            "Sec-Fetch-Site": "same-origin",
            "Content-Type": request.headers["content-type"],
            "Cookie": f"tt-console-session={secret}",
        }
        return ask(self.console.app, "POST", path, body=request.read(), headers=headers)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    office = Office(tmp_path)
    clock = lambda: office.now  # noqa: E731  (the office's clock, for every desk)
    people = open_people(
        realm="console",
        control=office.folder.control,
        ledger=office.ledger,
        masters=(MASTER,),
        party=RelyingParty("localhost", "tests", ("http://localhost",)),
        clock=clock,
    )
    names = {"p-1": "Ana Lee", "p-2": "Ben Ho", "p-3": "Cho Wing", "o-1": "A. Officer"}
    cases = CaseOffice(
        desk=office.desk,
        filing=office.filing,
        agencies=office.agencies,
        bases=BASES,
        weighing=Weighing(office.ledger, office.sealing, people.accounts, clock),
        deconfliction=Deconfliction(office.ledger, office.sealing, clock),
        sampling=Sampling(office.ledger, office.sealing, clock),
        victims=VictimMatching(office.ledger, office.sealing, Nobody(), clock),
        wordings=Wordings(office.ledger, office.sealing, clock),
        production=ProductionDesk(
            office.desk,
            office.filing,
            replace(TEST_KEYRING, master=MASTER),
            operator="Harbour Exchange",
            agency_of=lambda agency_id: office.agencies.find(agency_id).name,
            workspace=office.folder.cases,
            clock=clock,
        ),
        reports=office.reports,
        notices=Notices(office.ledger, office.sealing),
        targets=Targets(office.ledger, office.sealing, clock),
        ledger=office.ledger,
        name_of=names.get,
        clock=clock,
        has_webhook=False,
    )
    agencies = AgencyOffice(
        agencies=office.agencies,
        accounts=people.accounts,
        invitations=people.invitations,
        sessions=people.sessions,
        portal_url="https://portal.example.org",
        name_of=names.get,
    )
    desks = {CaseOffice: cases, AgencyOffice: agencies}
    console = open_console(tmp_path, [CASES, AGENCIES], clock=clock, desks=desks)
    yield Site(console, office, people)
    people.close()
    console.ledger.close()
    office.close()


def test_the_queue_has_emergencies_first_and_says_what_is_late(site: Site) -> None:
    """An emergency of now stands before a late information request; that nobody was told yet is said."""
    officer = site.office.officer(site.office.agency())
    assert "No request is open" in site.console.get("/cases", site.as_("case_handler")).text
    site.office.submitted(officer, "information")
    site.office.now += timedelta(hours=73)
    officer = site.office.officer(str(officer.agency_id))
    site.office.submitted(officer, "urgent_preservation")
    page = site.console.get("/cases", site.as_("case_handler")).text
    assert page.index("Urgent preservation of assets") < page.index(">Information<")
    assert "1 is past its time." in page
    assert "2 notices out of band wait" in page
    assert "No webhook is set up" in page
    assert "Draw a sample" not in page


def test_a_request_reads_in_words_with_what_counsel_has_not_seen(site: Site) -> None:
    """Form, legal basis marked for counsel, identifiers, signs, and only the steps that fit."""
    case_id = site.office.submitted(site.office.officer(site.office.agency()), "urgent_preservation")
    page = site.console.get(f"/cases/{case_id}", site.as_("case_handler")).text
    for text in (
        "Obtaining property by deception",
        "for counsel",
        "a-1",
        "Is it really them?",
        "Take it up",
        "Cyber unit",
    ):
        assert text in page
    assert "supervisor@example.org" in page
    assert "Refuse</a>" not in page
    assert "Approve</a>" not in page
    assert site.console.get("/cases/" + "0" * 32, site.as_("case_handler")).status_code == 404


def test_a_long_list_of_identifiers_is_taken_away_whole(site: Site) -> None:
    """The page shows 50 and leads to all of them; a short list needs no table."""
    officer = site.office.officer(site.office.agency())
    named = tuple(Identifier("account", f"a-{number}") for number in range(120))
    case_id = site.office.submitted(officer, "information", form(identifiers=named))
    handler = site.as_("case_handler")
    page = site.console.get(f"/cases/{case_id}", handler).text
    assert "the first 50 are shown" in page
    assert "a-119" not in page
    assert f'action="/cases/{case_id}/identifiers.csv"' in page
    answer = site.step(case_id, "identifiers.csv", handler)
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="identifiers.csv"'
    assert answer.text.splitlines()[-1] == "account,a-119,"
    short = site.office.submitted(officer, "information")
    assert "identifiers.csv" not in site.console.get(f"/cases/{short}", handler).text


def test_the_page_of_a_production_leads_to_the_identifiers(site: Site) -> None:
    """Whoever puts portions together has the approved subjects as a table."""
    named = tuple(Identifier("account", f"a-{number}") for number in range(120))
    officer = site.office.officer(site.office.agency())
    wanted = msgspec.structs.replace(data_form(), identifiers=named)
    case_id = site.office.submitted(officer, "production", wanted)
    site.office.approved(case_id)
    page = site.console.get(f"/cases/{case_id}/production", site.as_("case_handler")).text
    assert f'action="/cases/{case_id}/identifiers.csv"' in page


def test_an_urgent_preservation_through_its_pages(site: Site) -> None:
    """Taken, called back, confirmed, approved by one and by an independent second, fulfilled for two days."""
    officer = site.office.officer(site.office.agency())
    case_id = site.office.submitted(officer, "urgent_preservation")
    one, two, three = site.as_("case_handler"), site.as_("case_handler", "p-2"), site.as_("compliance", "p-3")
    assert site.step(case_id, "take", one).status_code == 303
    assert "call the agency back" in site.console.get(f"/cases/{case_id}/confirm-requester", one).text
    assert site.step(case_id, "call-back", one, note="no").status_code == 422
    assert site.step(case_id, "call-back", one, note="the duty officer knows of it").status_code == 303
    site.step(case_id, "confirm-requester", two)
    assert "needs two people" in site.console.get(f"/cases/{case_id}/approve", two).text
    assert site.step(case_id, "approve", two).status_code == 303
    page = site.console.get(f"/cases/{case_id}", one).text
    assert "Waits for a second person" in page
    assert "not by who made the call" in page
    for secret in (one, two):
        assert site.step(case_id, "confirm-approval", secret).status_code == 403
    assert site.step(case_id, "fulfil", one).status_code == 409
    assert site.step(case_id, "confirm-approval", three).status_code == 303
    assert site.step(case_id, "fulfil", one, days="x").status_code == 422
    assert site.step(case_id, "fulfil", one, days="2", note="").status_code == 303
    stands = site.office.desk.find(site.office.first, case_id)[0].stands
    assert stands.measure_until == site.office.now + timedelta(days=2)
    page = site.console.get(f"/cases/{case_id}", one).text
    assert "the duty officer knows of it" in page
    assert "Staff only" in page


def test_a_partial_approval_and_a_refusal_say_what_and_why(site: Site) -> None:
    """Categories are chosen, never none; a refusal has a code and a note."""
    officer = site.office.officer(site.office.agency())
    first, second = (site.office.submitted(officer, "production", data_form()) for _ in range(2))
    secret = site.as_("case_handler")
    for case_id in (first, second):
        site.step(case_id, "take", secret)
        site.step(case_id, "confirm-requester", secret)
    none = site.step(first, "approve-partly", secret, chooses="yes", note="less is enough")
    assert none.status_code == 422
    assert "Choose what is approved" in none.text
    site.step(first, "approve-partly", secret, chooses="yes", only="identity", note="less is enough")
    assert site.office.desk.find(site.office.first, first)[0].stands.only == ("identity",)
    assert "(not approved)" in site.console.get(f"/cases/{first}", secret).text
    assert site.step(second, "refuse", secret, refusal="bored", note="no reason").status_code == 422
    site.step(second, "refuse", secret, refusal="over_broad", note="three years of everything")
    page = site.console.get(f"/cases/{second}", secret).text
    assert "asks for more than is needed" in page
    assert "What can be done now" not in page


def test_messages_and_files_have_their_layer(site: Site) -> None:
    """Staff only unless the agency is chosen; a file goes out as an attachment that no browser shows."""
    officer = site.office.officer(site.office.agency())
    case_id = site.office.submitted(officer, "information")
    secret = site.as_("case_handler")
    assert site.console.post(f"/cases/{case_id}/messages", {"text": "odd hour"}, secret).status_code == 303
    fields = {"text": "please wait", "layer": "agency"}
    assert site.console.post(f"/cases/{case_id}/messages", fields, secret).status_code == 303
    assert site.console.post(f"/cases/{case_id}/messages", {"text": " "}, secret).status_code == 422
    seen = [entry.text for entry in site.office.desk.find(officer, case_id)[1] if entry.kind == "message"]
    assert seen == ["please wait"]
    content = b"<html><script>alert(1)</script>\x00"
    assert site.upload(f"/cases/{case_id}/files", secret, "../b\u00fcro.html", content).status_code == 303
    entry = next(one for one in site.office.desk.find(site.office.first, case_id)[1] if one.file_id)
    assert entry.is_private
    answer = site.console.post(f"/cases/{case_id}/files/{entry.file_id}", {}, secret)
    assert answer.content == content
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''b%C3%BCro.html"
    assert answer.headers["x-content-type-options"] == "nosniff"
    acts = [act for _, act, _, outcome in site.console.entries() if outcome == "done"]
    assert acts[-2:] == ["case.download", "case.download.use"]


def test_a_production_is_put_together_on_its_page(site: Site) -> None:
    """A row too many is named by its line; what fits is kept, archived and delivered by a colleague."""
    officer = site.office.officer(site.office.agency())
    case_id = site.office.submitted(officer, "production", data_form())
    one, two = site.as_("case_handler"), site.as_("case_handler", "p-2")
    for step in ("take", "confirm-requester", "approve"):
        site.step(case_id, step, one)
    base = f"/cases/{case_id}/production"
    assert "Nothing is here yet" in site.console.get(base, one).text
    bad = site.upload(f"{base}/portions", one, "x.csv", b"subject,name\na-1,A\na-2,B\n", category="identity")
    assert bad.status_code == 422
    assert "Line 3" in bad.text
    latin = b"subject,name\na-1,Jos\xe9\n"
    for name, content in {"Line 2": latin, "Line 1": latin.decode("latin-1").encode("utf-16")}.items():
        wrong = site.upload(f"{base}/portions", one, "x.csv", content, category="withdrawals")
        assert wrong.status_code == 422
        assert f"{name}: is a text file in UTF-8" in wrong.text
        assert '<option value="withdrawals" selected>' in wrong.text
    added = site.upload(f"{base}/portions", one, "x.csv", b"subject,name\na-1,A\n", category="identity")
    assert added.status_code == 303
    assert "no system has prepared" in site.console.post(f"{base}/prepared", {}, one).text
    assert site.console.post(f"{base}/archive", {}, one).status_code == 303
    site.step(case_id, "fulfil", one)
    assert site.step(case_id, "deliver", one).status_code == 403
    assert site.step(case_id, "deliver", two).status_code == 303
    assert "production-1.zip.age" in site.console.get(f"/cases/{case_id}", two).text


def test_overlaps_are_shown_to_staff(site: Site) -> None:
    """Who else asks about the same, and that nobody agreed to know."""
    ours, theirs = site.office.agency(), site.office.agency("Other Police")
    case_id = site.office.submitted(site.office.officer(ours), "information")
    site.office.submitted(site.office.officer(theirs, "o-2"), "information")
    page = site.console.get(f"/cases/{case_id}", site.as_("compliance")).text
    assert "Other Police" in page
    assert "Not agreed" in page


def test_victims_are_matched_on_a_page_that_shows_what_the_agency_reads(site: Site) -> None:
    """A count for staff, a rounded one for the agency, once."""
    officer = site.office.officer(site.office.agency())
    case_id = site.office.submitted(officer, "victim_notification")
    site.office.approved(case_id)
    site.office.desk.step(site.office.third, case_id, "reconsider", Taking(note="once more"))
    site.office.desk.step(site.office.second, case_id, "approve")
    site.office.desk.step(site.office.third, case_id, "confirm_approval")
    secret = site.as_("case_handler")
    assert "fewer than 10" in site.console.get(f"/cases/{case_id}/victims", secret).text
    assert "Nobody can be told yet" in site.console.get(f"/cases/{case_id}/victims", secret).text
    assert site.console.post(f"/cases/{case_id}/victims", {}, secret).status_code == 409
    linked = site.console.post(
        f"/cases/{case_id}/victims/words", {"words_en": "Call us at www.example.org now"}, secret
    )
    assert linked.status_code == 422
    assert "leave links and addresses out" in linked.text
    proposed = {"words_en": "Police believe that you may have been deceived."}
    assert site.console.post(f"/cases/{case_id}/victims/words", proposed, secret).status_code == 303
    wordings = Wordings(site.office.ledger, site.office.sealing, lambda: site.office.now)
    wording = wordings.current(officer, case_id)
    assert wording is not None
    wordings.approve(officer, case_id, wording.digest)
    told = site.console.post(f"/cases/{case_id}/victims", {}, secret)
    assert told.status_code == 303
    assert "Nobody is told twice" in site.console.get(f"/cases/{case_id}/victims", secret).text
    table = site.console.post(f"/cases/{case_id}/victims/customers.csv", {}, secret)
    assert table.text.splitlines() == ["customer_ref,message"]


def test_a_reported_address_is_decided_with_a_reason(site: Site) -> None:
    """Its officer's words and the second officer's state are there; no reason, no decision."""
    officer = site.office.officer(site.office.agency())
    assert "No reported address waits" in site.console.get("/reported-addresses", site.as_("case_handler")).text
    address = "0x25f5aa11bb22cc33dd44ee55ff6600778899b001"
    report = site.office.reports.report(
        officer, network="ethereum", address=address, handling="warn", reason="three victims this week"
    )
    site.office.reports.examine(lambda _keys: Standing(is_service=False, is_allowed=False, customers_30d=0))
    secret = site.as_("case_handler")
    page = site.console.get("/reported-addresses", secret).text
    for text in (address, "three victims this week", "Still wanted", "your decision"):
        assert text in page
    assert site.console.post(f"/reported-addresses/{report}", {"verdict": "accept"}, secret).status_code == 422
    fields = {"verdict": "decline", "reason": "it is our own wallet"}
    assert site.console.post(f"/reported-addresses/{report}", fields, secret).status_code == 303
    assert site.office.reports.own(officer)[0].state == "received"


def test_a_preservation_that_lapsed_is_published_as_granted(site: Site) -> None:
    """It stood its days; only a request that nobody decided counts as expired."""
    office = site.office
    officer = office.officer(office.agency())
    granted, ignored = office.submitted(officer, "preservation"), office.submitted(officer, "preservation")
    office.approved(granted)
    office.desk.step(office.first, granted, "fulfil", Taking(days=2))
    office.desk.step(office.first, ignored, "take")
    office.desk.step(office.first, ignored, "ask_more", Taking(note="which account?"))
    office.now += timedelta(days=15)
    assert office.desk.lapse() == 2
    (row,) = csv.DictReader(site.console.get("/transparency/counts.csv", site.as_("compliance")).text.splitlines())
    assert (row["requests"], row["granted"], row["withdrawn_or_expired"]) == ("2", "1", "1")


def test_the_transparency_report_and_its_table(site: Site) -> None:
    """Counts only: nothing that was asked is in it; its table is a download."""
    secret = site.as_("compliance")
    assert "Nothing was asked yet" in site.console.get("/transparency", secret).text
    site.office.submitted(site.office.officer(site.office.agency("=Police")), "information")
    page = site.console.get("/transparency", secret).text
    assert "=Police" in page
    assert "Obtaining property" not in page
    table = site.console.get("/transparency/counts.csv", secret)
    assert "attachment" in table.headers["content-disposition"]
    assert "'=Police,information,1" in table.text


def test_a_sample_is_drawn_and_read(site: Site) -> None:
    """By who may; an unknown seed is nothing."""
    officer = site.office.officer(site.office.agency())
    case_id = site.office.submitted(officer, "information")
    site.office.desk.step(site.office.first, case_id, "take")
    site.office.desk.step(site.office.first, case_id, "refuse", Taking(note="not about us", refusal="not_ours"))
    secret = site.as_("compliance")
    drawn = site.console.post("/case-samples", {}, secret)
    assert drawn.status_code == 303
    assert case_id in site.console.get(drawn.headers["location"], secret).text
    assert site.console.get("/case-samples/x", secret).status_code == 404


def test_an_agency_from_registration_to_trust(site: Site) -> None:
    """Registered, checked by two, trusted by the second; the number's source is asked for."""
    one, two = site.as_("case_handler"), site.as_("compliance", "p-2")
    wrong = site.console.post("/agencies/register", {"name": "X", "country": "ZZ", "domain": "x"}, one)
    assert wrong.status_code == 422
    fields = {"name": "Example Police", "country": "hk", "domain": "police.example.org"}
    path = site.console.post("/agencies/register", fields, one).headers["location"].partition("?")[0]
    assert "Nothing is verified yet" in site.console.get(path, one).text
    check = {"step": "domain", "note": "the official directory names it"}
    assert site.console.post(f"{path}/checks", check, one).status_code == 303
    call = {"step": "call_back", "note": "spoke with the duty officer", "number": "+852 2860 5012"}
    assert site.console.post(f"{path}/checks", call, one).status_code == 422
    call["source"] = "the government's telephone directory"
    assert site.console.post(f"{path}/checks", call, one).status_code == 303
    assert "Domain and call-back" in site.console.get(f"{path}/trust", two).text
    assert site.console.post(f"{path}/trust", {"trust": "utterly"}, two).status_code == 422
    assert site.console.post(f"{path}/trust", {"trust": "trusted"}, two).status_code == 409
    assert site.console.post(f"{path}/trust", {"trust": "verified"}, two).status_code == 303
    page = site.console.get(path, one).text
    for text in ("+85228605012", "Ana Lee", "Verified", "Imminent risk to life"):
        assert text in page


def test_another_number_says_before_and_after_what_it_takes(site: Site) -> None:
    """The form says so, the answer says so; the second person sees number and source, the first one is refused."""
    office = site.office
    agency = office.agency()
    path, one, two = f"/agencies/{agency}", site.as_("compliance"), site.as_("compliance", "p-2")
    officer = office.officer(agency)
    case_id = office.submitted(officer, "urgent_preservation")
    site.step(case_id, "take", site.as_("case_handler"))
    assert "another number than +85228605012 takes this agency back to registered" in site.console.get(path, one).text
    call = {
        "step": "call_back",
        "note": "spoke with the duty officer",
        "number": "+852 2527 7177",
        "source": "the agency's own official site",
    }
    answer = site.console.post(f"{path}/checks", call, one)
    assert "the agency counts as registered" in site.console.get(answer.headers["location"], one).text
    assert office.agencies.find(agency).trust == "registered"
    assert "two people look at its number first" in site.console.get(f"/cases/{case_id}/call-back", one).text
    trust = site.console.get(f"{path}/trust", two).text
    for text in ("+85225277177", "the agency&#39;s own official site"):
        assert text in trust
    assert site.console.post(f"{path}/trust", {"trust": "trusted"}, one).status_code == 403
    assert site.console.post(f"{path}/trust", {"trust": "trusted"}, two).status_code == 303
    assert "takes this agency back" in site.console.get(path, one).text


def test_a_suspension_says_first_to_whom_it_happens(site: Site) -> None:
    """Counts of officers and sessions, a reason, and the way back."""
    agency = site.office.agency()
    secret = site.as_("administrator")
    invited = site.console.post(
        f"/agencies/{agency}/invite", {"name": "Olga O", "email": "o@police.example.org", "role": "officer"}, secret
    )
    assert "https://portal.example.org/invitation/" in invited.text
    path = f"/agencies/{agency}"
    assert "1 officer of this agency loses access" in site.console.get(f"{path}/suspend", secret).text
    assert site.console.post(f"{path}/suspend", {"reason": "x"}, secret).status_code == 422
    assert site.console.post(f"{path}/suspend", {"reason": "its mailbox was stolen"}, secret).status_code == 303
    assert "Let it back in" in site.console.get(path, secret).text
    assert site.console.post(f"{path}/restore", {"reason": "the mailbox is theirs again"}, secret).status_code == 303
    assert site.office.agencies.find(agency).state == "active"


def test_an_application_is_set_aside_and_taken_up_again(site: Site) -> None:
    """Its pages speak of an application; an agency in use is not let in a second time."""
    office, secret = site.office, site.as_("administrator")
    names = {"name": "Harbour Bureau", "country": "HK", "domain": "bureau.example.org"}
    agency = office.agencies.register(office.first.actor, is_applying=True, **names)
    path = f"/agencies/{agency}"
    assert "Set this application aside?" in site.console.get(f"{path}/suspend", secret).text
    answer = site.console.post(f"{path}/suspend", {"reason": "nobody there knows of it"}, secret)
    page = site.console.get(answer.headers["location"], secret).text
    for text in ("The application is set aside", "Take it up again"):
        assert text in page
    assert "It comes into use only when its trust is set" in site.console.get(f"{path}/restore", secret).text
    answer = site.console.post(f"{path}/restore", {"reason": "they did apply after all"}, secret)
    assert "waits again to be verified" in site.console.get(answer.headers["location"], secret).text
    assert office.agencies.find(agency).state == "applied"
    assert site.console.post(f"{path}/restore", {"reason": "and now let it in"}, secret).status_code == 409
    assert office.agencies.find(agency).state == "applied"


def test_officers_are_suspended_restored_and_allowed_codes(site: Site) -> None:
    """Under their own agency only."""
    agency, other = site.office.agency(), site.office.agency("Other Police")
    secret = site.as_("administrator")
    fields = {"name": "Olga O", "email": "o@police.example.org", "role": "officer"}
    assert site.console.post(f"/agencies/{agency}/invite", fields | {"role": "analyst"}, secret).status_code == 422
    site.console.post(f"/agencies/{agency}/invite", fields, secret)
    page = site.console.get(f"/agencies/{agency}", secret).text
    officer = re.findall(r"officers/(acc_[0-9a-f]+)/suspend", page)[0]
    assert site.console.get(f"/agencies/{other}/officers/{officer}/suspend", secret).status_code == 404
    assert (
        "Olga O loses access at once" in site.console.get(f"/agencies/{agency}/officers/{officer}/suspend", secret).text
    )
    assert site.console.post(f"/agencies/{agency}/officers/{officer}/suspend", {}, secret).status_code == 303
    assert site.people.accounts.find(officer).state == "suspended"
    assert site.console.post(f"/agencies/{agency}/officers/{officer}/restore", {}, secret).status_code == 303
    compliance = site.as_("compliance")
    path = f"/agencies/{agency}/officers/{officer}/second-factor"
    assert "Codes can be asked for on a false page" in site.console.get(path, compliance).text
    assert site.console.post(path, {"is_required": "no"}, compliance).status_code == 303
    assert not site.people.accounts.find(officer).must_have_passkey
    assert "Require a passkey" in site.console.get(path, compliance).text


def test_staff_confirm_an_officers_access_and_give_a_new_link(site: Site) -> None:
    """What happens to whom is said first, with the number to call; only under the officer's own agency."""
    agency, other = site.office.agency(), site.office.agency("Other Police")
    secret = site.as_("administrator")
    fields = {"name": "Olga O", "email": "o@police.example.org", "role": "agency_administrator"}
    site.console.post(f"/agencies/{agency}/invite", fields, secret)
    page = site.console.get(f"/agencies/{agency}", secret).text
    officer = re.findall(r"officers/(acc_[0-9a-f]+)/suspend", page)[0]
    path = f"/agencies/{agency}/officers/{officer}"
    for act in ("confirm", "link"):
        assert f"{path}/{act}" in page
        assert site.console.get(f"/agencies/{other}/officers/{officer}/{act}", secret).status_code == 404
        assert site.console.post(f"/agencies/{other}/officers/{officer}/{act}", {}, secret).status_code == 404
        assert "+85228605012" in site.console.get(f"{path}/{act}", secret).text
    site.office.now += timedelta(days=91)
    secret = site.as_("administrator")
    assert ">over<" in site.console.get(f"/agencies/{agency}", secret).text
    assert "Access is over: confirm it first" in site.console.get(f"{path}/link", secret).text
    answer = site.console.post(f"{path}/confirm", {}, secret)
    assert "Access lasts 90 more days" in site.console.get(answer.headers["location"], secret).text
    assert site.people.accounts.find(officer).access_expires_at == site.office.now + timedelta(days=90)
    assert "Every passkey and session of Olga O ends at once" in site.console.get(f"{path}/link", secret).text
    assert "https://portal.example.org/invitation/" in site.console.post(f"{path}/link", {}, secret).text
    compliance = site.as_("compliance")
    page = site.console.get(f"/agencies/{agency}", compliance).text
    assert (f"{path}/confirm" in page, f"{path}/link" in page) == (True, False)
    site.people.accounts.suspend(site.office.second.actor, officer)
    assert f"{path}/link" not in site.console.get(f"/agencies/{agency}", secret).text
    assert site.console.post(f"{path}/link", {}, secret).status_code == 409


def test_every_step_of_staff_is_offered_somewhere() -> None:
    """The order in which steps are offered leaves none out."""
    assert set(ORDER) == set(STAFF_STEPS)
