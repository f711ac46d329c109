"""Joint campaigns in the portal: seen as customers would, commented on, approved with a passkey, withdrawn; results."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.campaign_desk import HK, POLICE
from tests.support.control import APPROVER, AUTHOR, SECOND
from tests.support.joint_bureau import JointBureau, open_joint_bureau
from tests.support.passkeys import Passkey
from tests.support.pilot import pilot_files
from thinktwice.campaigns.comments import MOST_CHARACTERS
from thinktwice.campaigns.editions import publish
from thinktwice.campaigns.partners import OPERATOR
from thinktwice.campaigns.releasing import CampaignRelease, find_release
from thinktwice.campaigns.signing import approvals_of, why_not_standing

BADGE = "Written together with Hong Kong Police Force"
OPERATORS = Passkey("operator")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[JointBureau]:
    with open_joint_bureau(tmp_path) as made:
        yield made


def live(world: JointBureau) -> CampaignRelease:
    """The pilot, approved by both sides and begun."""
    release = world.submitted()
    asked = world.desk.challenge(APPROVER, release.id, OPERATOR, own_keys=(OPERATORS.pinned,))
    signed = OPERATORS.sign(asked.challenge)
    world.desk.approve(APPROVER, asked.statement.nonce, signed, own_keys=(OPERATORS.pinned,))
    assert world.approve(world.bureau.browser(world.officer), world.officer, release) == 200
    return world.desk.go_live(APPROVER, release.id)


def test_an_officer_sees_exactly_what_customers_would(world: JointBureau) -> None:
    """The whole hash, whom it reaches, and the real page in each language with the agency's name, framed and inert."""
    release = world.submitted()
    browser = world.bureau.browser(world.officer)
    assert "is asked to approve" in browser.get("/campaigns").text
    page = browser.get(world.path(release)).text
    assert release.version in page
    assert html.escape("fiat_amount >= 200") in page
    preview = browser.get(f"{world.path(release)}/preview")
    assert "frame-src 'self'" in preview.headers["content-security-policy"]
    assert {"en", "zh-Hant", "ar"} == set(re.findall(r"locale=([A-Za-z-]+)", preview.text))
    shown = browser.get(f"{world.path(release)}/preview/page?locale=en&rung=confirm&screen=first")
    assert BADGE in shown.text
    assert "sandbox" in shown.headers["content-security-policy"]
    chinese = browser.get(f"{world.path(release)}/preview/page?locale=zh-Hant&rung=confirm&screen=first").text
    assert 'lang="zh-Hant' in chinese
    assert "Hong Kong Police Force" in chinese
    assert browser.get(f"{world.path(release)}/preview/page?locale=xx&rung=confirm&screen=first").status_code == 404


@pytest.mark.parametrize(
    ("rung", "screen"),
    [("confirm", "first"), ("confirm", "signs"), ("confirm", "second"), ("ask", "questions"), ("hold", "waiting")],
)
def test_no_screen_of_the_preview_denies_the_badge(world: JointBureau, rung: str, screen: str) -> None:
    """An officer sees each screen as it will be once they approved: none says that the police did not issue it."""
    release = world.submitted()
    browser = world.bureau.browser(world.officer)
    shown = browser.get(f"{world.path(release)}/preview/page?locale=en&rung={rung}&screen={screen}")
    assert shown.status_code == 200
    assert "not issued by the police" not in shown.text


def test_what_changed_between_asking_and_signing_is_not_approved(world: JointBureau) -> None:
    """The agency's name was corrected while the officer looked: the signature is not taken, and the page says why."""
    release = world.submitted()
    browser, path = world.bureau.browser(world.officer), world.path(release)
    browser.get(path)
    browser.send(f"{path}/challenge")
    assert world.officer.device is not None
    nonce = browser.page.text.partition('name="nonce" value="')[2].partition('"')[0]
    answer = world.officer.device.get(browser.options)
    file = world.partners / "partners.yaml"
    text = file.read_text("utf-8")
    file.write_text(text.replace("name: Hong Kong Police Force", "name: Hong Kong Police"), "utf-8")
    try:
        refused = browser.send(f"{path}/approval", {"answer": answer, "nonce": nonce})
        assert refused.status_code == 409
        assert "no longer what was submitted" in refused.text
    finally:
        file.write_text(text, "utf-8")
    with world.joint.ledger.reading() as connection:
        assert approvals_of(connection, version=release.version) == ()


def test_differences_are_against_what_is_live_under_the_agencys_name(world: JointBureau) -> None:
    """All of a first version is new; of a second one stands what changed, and nothing else."""
    first = live(world)
    browser = world.bureau.browser(world.officer)
    assert "this is the version in use" in browser.get(world.path(first)).text
    second = world.submitted(least=300)
    page = html.unescape(browser.get(world.path(second)).text)
    assert re.search(r"<code>audience</code>: <del>[^<]*>= 200[^<]*</del> <ins>[^<]*>= 300", page)
    assert page.count("<ins>") == 1


def test_a_version_stands_as_its_release_that_is_live(world: JointBureau) -> None:
    """The same version submitted again and taken back neither hides what is live nor keeps it from being approved;
    one under review is what an approval completes.
    """
    first = live(world)
    officer = world.bureau.person(world.officer)
    world.desk.take_back(AUTHOR, world.submitted(blank_lines=1).id)
    (line,) = world.joint.lines(officer)
    assert (line.submitted.state, line.submitted.release) == ("live", first.id)
    world.desk.withdraw_partner(APPROVER, HK, first.version, POLICE, "to be looked at again")
    again = world.submitted(blank_lines=2)
    asked = world.desk.challenge(APPROVER, again.id, OPERATOR, own_keys=(OPERATORS.pinned,))
    world.desk.approve(APPROVER, asked.statement.nonce, OPERATORS.sign(asked.challenge), own_keys=(OPERATORS.pinned,))
    browser = world.bureau.browser(world.officer)
    page = browser.get(world.path(first)).text
    assert "this is the version in use" in page
    assert "withdrew its approval" in page
    assert world.approve(browser, world.officer, first) == 200
    with world.joint.ledger.reading() as connection:
        assert find_release(connection, again.id).state == "approved"


def test_an_approval_is_the_officers_own_signature(world: JointBureau) -> None:
    """It verifies under the pinned key alone, and completes nothing while the operator's is missing."""
    release = world.submitted()
    browser = world.bureau.browser(world.officer)
    assert world.approve(browser, world.officer, release) == 200
    assert "approval stands." in browser.page.text
    with world.joint.ledger.reading() as connection:
        (given,) = approvals_of(connection, version=release.version)
    assert (given.statement.side, given.account) == (POLICE, world.officer.account_id)
    assert why_not_standing(given, world.joint.around().partners) is None
    assert world.entries()[-2:] == [("campaign.approve.ask", "done"), ("campaign.approve", "done")]


def test_nobody_approves_with_a_key_that_was_not_compared(world: JointBureau) -> None:
    """A colleague without a pinned key is shown what the operator needs, with its fingerprint, and cannot approve:
    neither with the own passkey nor by sending a colleague's signature.
    """
    release = world.submitted()
    browser = world.bureau.browser(world.colleague)
    page = html.unescape(browser.get(world.path(release)).text)
    (own,) = world.keys(world.colleague)
    assert own.fingerprint in page
    assert own.as_entry() in page
    assert "Approve with a passkey" not in page
    assert browser.send(f"{world.path(release)}/challenge").status_code == 409
    officer = world.bureau.browser(world.officer)
    officer.get(world.path(release))
    officer.send(f"{world.path(release)}/challenge")
    nonce = officer.page.text.partition('name="nonce" value="')[2].partition('"')[0]
    assert world.officer.device is not None
    stolen = {"answer": world.officer.device.get(officer.options), "nonce": nonce}
    browser.get(world.path(release))
    assert browser.send(f"{world.path(release)}/approval", stolen).status_code == 409
    with world.joint.ledger.reading() as connection:
        assert approvals_of(connection, version=release.version) == ()


def test_an_approval_needs_a_fresh_second_factor_and_a_withdrawal_never(world: JointBureau) -> None:
    """Eleven minutes after signing in, approving asks for the passkey again; withdrawing works at once."""
    release = live(world)
    browser = world.bureau.browser(world.officer)
    browser.get(world.path(release))
    world.bureau.world.clock.move(minutes=11)
    answer = browser.send(f"{world.path(release)}/withdrawal", {"reason": "not our words any more"})
    assert answer.status_code == 200
    assert "name from now on" in answer.text
    again = browser.send(f"{world.path(release)}/challenge")
    assert 'name="nonce"' not in again.text
    assert world.entries()[-1] == ("campaign.withdraw_partner", "done")


def test_the_agencys_administrator_withdraws_what_an_officer_approved(world: JointBureau) -> None:
    """Whoever of the agency notices can end it; the warning goes on; administrators approve nothing."""
    release = live(world)
    browser = world.bureau.browser(world.administrator)
    page = browser.get(world.path(release)).text
    assert "Approve with a passkey" not in page
    assert 'action="' + world.path(release) + '/comments"' not in page
    assert browser.send(f"{world.path(release)}/withdrawal", {"reason": ""}).status_code == 200
    with world.joint.ledger.reading() as connection:
        (given,) = (one for one in approvals_of(connection, version=release.version) if one.statement.side == POLICE)
        (state,) = connection.execute("SELECT state FROM campaign_release").fetchone()
    assert given.withdrawn_by == world.administrator.account_id
    assert state == "live"
    assert browser.send(f"{world.path(release)}/withdrawal", {"reason": ""}).status_code == 404
    assert browser.send(f"{world.path(release)}/challenge").status_code == 403


def test_comments_are_read_by_both_sides_and_sealed(world: JointBureau) -> None:
    """The officer reads the operator's answer without its author, never what staff keep among themselves; the database
    holds no word of it, and the chain that it was written.
    """
    release, comments = world.submitted(), world.joint.comments
    browser = world.bureau.browser(world.officer)
    browser.get(world.path(release))
    sent = browser.send(f"{world.path(release)}/comments", {"text": "The number is the old one."})
    assert "The number is the old one." in sent.text
    comments.write(SECOND, HK, "Between us: they are right.", revision=1)
    comments.write(SECOND, HK, "It is changed in the next version.", partner=POLICE, version=release.version)
    page = browser.get(world.path(release)).text
    assert "It is changed in the next version." in page
    assert "Between us" not in page
    assert SECOND.id not in page
    assert [one.side for one in comments.all(HK)] == [POLICE, OPERATOR, OPERATOR]
    assert world.entries()[-1] == ("campaign.comment", "done")
    data = b"".join(path.read_bytes() for path in world.bureau.world.folder.glob("control.db*"))
    assert b"The number is the old one" not in data
    for text in ("", "x" * (MOST_CHARACTERS + 1)):
        browser.get(world.path(release))
        refused = browser.send(f"{world.path(release)}/comments", {"text": text})
        assert refused.status_code == 422
    assert len(comments.all(HK)) == 3


def test_what_would_be_another_version_is_not_approved(world: JointBureau) -> None:
    """The agency is called otherwise now: customers would not see what was submitted, so nobody can approve it."""
    release = world.submitted()
    world.pin(world.officer, name="Hong Kong Police")
    browser = world.bureau.browser(world.officer)
    page = browser.get(world.path(release)).text
    assert "customers would see another version" in page
    assert browser.send(f"{world.path(release)}/challenge").status_code == 409
    assert browser.get(f"{world.path(release)}/preview").status_code == 404


def test_a_campaign_without_the_agencys_name_tells_it_nothing(world: JointBureau) -> None:
    """A version of the same campaign that names no partner stands in no list, is no page and no other's difference."""
    files = pilot_files(777)
    lines = [line for line in files["campaign.yaml"].splitlines() if not line.startswith("partners:")]
    draft = world.desk.save_draft(AUTHOR, HK, {**files, "campaign.yaml": "\n".join(lines) + "\n"}, based_on=0)
    alone = world.desk.submit(AUTHOR, HK, draft.revision)
    asked = world.desk.challenge(APPROVER, alone.id, OPERATOR, own_keys=(OPERATORS.pinned,))
    signed = OPERATORS.sign(asked.challenge)
    world.desk.approve(APPROVER, asked.statement.nonce, signed, own_keys=(OPERATORS.pinned,))
    world.desk.go_live(APPROVER, alone.id)
    browser = world.bureau.browser(world.officer)
    assert HK not in browser.get("/campaigns").text
    assert browser.get(world.path(alone)).status_code == 404
    page = browser.get(world.path(world.submitted())).text
    assert "so all of it is new" in page
    assert "777" not in page


def test_results_are_what_was_published_for_the_agency(world: JointBureau) -> None:
    """Nothing before the operator publishes; then its newest edition, in the officer's language; only its partners'."""
    live(world)
    browser = world.bureau.browser(world.officer)
    assert browser.get(f"/campaigns/{HK}/results").status_code == 404
    for title in ("First", "Newest"):
        publish(world.joint.ledger, SECOND, HK, [POLICE], json.dumps(EDITION | {"edition": _edition(title)}))
    publish(world.joint.ledger, SECOND, HK, ["another"], json.dumps(EDITION | {"edition": _edition("Not theirs")}))
    assert f'href="/campaigns/{HK}/results"' in browser.get("/campaigns").text
    page = browser.get(f"/campaigns/{HK}/results")
    assert "Partner&#39;s edition: Newest" in page.text
    assert "withheld" in page.text
    assert "script" not in page.text
    assert browser.get("/campaigns/results.css").headers["content-type"].startswith("text/css")
    stranger = world.bureau.browser(world.stranger)
    assert stranger.get(f"/campaigns/{HK}/results").status_code == 404
    assert HK not in stranger.get("/campaigns").text


EDITION = {"format": "thinktwice-partner-edition-1", "is_synthetic": True}


def _edition(title: str) -> dict[str, object]:
    week = {
        "since": "2026-11-02",
        "counts": [None, 40, 10, 11, 12, 13, 14],
        "customers": None,
        "amounts": [None, 1_000],
    }
    return {
        "campaign": HK,
        "title": title,
        "partners": [POLICE],
        "experiment": "pilot",
        "until": "2026-11-20T00:00:00+00:00",
        "currency": "USD",
        "starts_at": None,
        "ends_at": None,
        "standing": "cannot_tell",
        "weeks": [week],
        "totals": [None, 40, 10, 11, 12, 13, 14],
        "effect": None,
    }
