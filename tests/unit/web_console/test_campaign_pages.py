"""The pages of campaigns: what each shows, what each act does, and who is refused it."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.campaign_console import ANN, PACK, CampaignConsole, approved, as_sent, open_campaigns, submitted
from tests.support.campaign_desk import changed, folder_files
from tests.support.console import NOW
from tests.support.passkeys import Passkey
from thinktwice.audit.ledger import Actor
from thinktwice.campaigns.approval import Assertion
from thinktwice.campaigns.limiting import StandingLimit, trip
from thinktwice.errors import InputError, StateError
from thinktwice.web.edge.signed_in.signing import read_assertion


@pytest.fixture
def world(tmp_path: Path) -> Iterator[CampaignConsole]:
    made = open_campaigns(tmp_path)
    yield made
    made.console.ledger.close()


def test_the_list_says_what_lies_in_the_folder_and_what_is_written(world: CampaignConsole) -> None:
    """Each pack of the folder is live from there; a draft of a new name is a draft."""
    secret = world.console.sign_in("author")
    world.begin(secret, "mine")
    page = world.console.get("/campaigns", secret).text
    assert page.count("Live from the folder") == len(list(world.room.folder.iterdir()))
    assert 'href="/campaigns/mine"' in page
    assert ">Draft</span>" in page


def test_a_draft_begins_from_a_pack_under_a_name_of_its_own(world: CampaignConsole) -> None:
    """The id and the experiment are the new ones, so that no customer is in both experiments by one draw."""
    world.begin(world.console.sign_in("author"), "mine")
    files = world.room.draft("mine").files
    assert files["campaign.yaml"].startswith("id: mine\n")
    assert "experiment: mine\n" in files["release.yaml"]
    assert world.room.check("mine", files).faults == ()


def test_an_empty_draft_has_every_heading_and_says_what_is_missing(world: CampaignConsole) -> None:
    """Nothing is said yet; the check names what a pack needs, and nothing can be submitted."""
    secret = world.console.sign_in("author")
    assert world.console.post("/campaigns/new", {"id": "mine", "from": "empty"}, secret).status_code == 303
    files = world.room.draft("mine").files
    assert "## headline" in files["messages/en.md"]
    assert len(world.room.check("mine", files).faults) > 10
    answer = world.console.post("/campaigns/mine/submission", {"revision": "1"}, secret)
    assert answer.status_code == 422
    assert "faults stand against submitting it" in answer.text


def test_the_same_name_begins_no_second_draft(world: CampaignConsole) -> None:
    """The one that is there is named, and stays."""
    secret = world.console.sign_in("author")
    world.begin(secret)
    world.save(secret, {"messages/en.md": "x\n"}, based_on=1)
    answer = world.begin(secret)
    assert answer.status_code == 422
    assert "There is a draft of this name already" in answer.text
    assert world.revisions() == 2


def test_checking_writes_nothing_and_keeps_what_was_typed(world: CampaignConsole) -> None:
    """The page comes back with the text and the faults; the draft is as it was."""
    secret = world.console.sign_in("author")
    world.begin(secret)
    text = changed(folder_files(PACK), "campaign.yaml", "fiat_amount >= 200", "fiat_amuont >= 200")["campaign.yaml"]
    fields = {"based_on": "1", "path-0": "campaign.yaml", "text-0": text, "act": "check"}
    answer = world.console.post(f"/campaigns/{PACK}/draft", fields, secret)
    assert answer.status_code == 200
    assert html.escape("fiat_amuont >= 200", quote=False) in answer.text
    assert "1 fault stands against submitting it." in answer.text
    assert world.revisions() == 1


def test_saving_what_another_saved_meanwhile_loses_nothing(world: CampaignConsole) -> None:
    """The second is told who was faster and gets both changes in one text, based on what stands."""
    first, second = world.console.sign_in("author"), world.console.sign_in("analyst", account_id="acc_2")
    world.begin(first)
    mine, theirs = (
        changed(folder_files(PACK), "messages/en.md", *words)["messages/en.md"]
        for words in (("Keep my money here", "Keep it here"), ("Check before you send", "Check, then send"))
    )
    assert world.save(first, {"messages/en.md": theirs}, based_on=1).status_code == 303
    answer = world.save(second, {"messages/en.md": mine}, based_on=1)
    assert answer.status_code == 409
    merged = html.unescape(re.findall(r"<textarea[^>]*>(.*?)</textarea>", answer.text, re.DOTALL)[0])
    assert "Keep it here" in merged
    assert "Check, then send" in merged
    assert 'name="based_on" value="2"' in answer.text
    assert world.revisions() == 2


def test_a_language_is_added_and_taken_out(world: CampaignConsole) -> None:
    """A new one begins with the English words; taken out it is in the revisions before; nothing else can go."""
    secret = world.console.sign_in("author")
    world.begin(secret)
    assert world.console.post(f"/campaigns/{PACK}/languages", {"locale": "fr"}, secret).status_code == 303
    assert "locale: fr" in world.room.draft(PACK).files["messages/fr.md"]
    again = world.console.post(f"/campaigns/{PACK}/languages", {"locale": "fr"}, secret)
    assert "has this language already" in again.text
    assert world.console.post(f"/campaigns/{PACK}/removals", {"path": "messages/fr.md"}, secret).status_code == 303
    assert "messages/fr.md" not in world.room.draft(PACK).files
    assert "messages/fr.md" in world.room.draft(PACK, 2).files
    assert world.console.post(f"/campaigns/{PACK}/removals", {"path": "campaign.yaml"}, secret).status_code == 404


def test_an_arms_words_begin_beside_the_campaigns_and_are_previewed(world: CampaignConsole) -> None:
    """An arm's file begins with the headline of its language, once the campaign has that; the preview shows it."""
    secret = world.console.sign_in("author")
    world.begin(secret)
    refused = world.console.post(f"/campaigns/{PACK}/languages", {"locale": "fr", "arm": "b"}, secret)
    assert (refused.status_code, "Add the language for everybody first." in refused.text) == (422, True)
    added = world.console.post(f"/campaigns/{PACK}/languages", {"locale": "en", "arm": "b"}, secret)
    assert added.status_code == 303
    files = world.room.draft(PACK).files
    assert files["messages/en.b.md"].endswith("## headline\n\nCheck before you send\n")
    assert 'lang="en"' in world.console.get(f"/campaigns/{PACK}/draft?file=messages/en.b.md", secret).text
    own = files["messages/en.b.md"].replace("Check before you send", "Stop for one minute")
    world.save(secret, {"messages/en.b.md": own}, based_on=world.room.draft(PACK).revision)
    for name, old, new in (
        ("campaign.yaml", "  a: {journey: story_first}", "  a: {journey: story_first}\n  b: {journey: story_first}"),
        ("release.yaml", "weights: {a: 1}", "weights: {a: 1, b: 1}"),
    ):
        world.save(secret, {name: files[name].replace(old, new)}, based_on=world.room.draft(PACK).revision)
    page = f"/campaigns/{PACK}/preview/page?of=draft&locale=en&rung=inform&screen="
    assert "Stop for one minute" in world.console.get(f"{page}first&arm=b", secret).text
    assert "Stop for one minute" not in world.console.get(f"{page}first", secret).text
    assert "Stop for one minute" in world.console.get(f"{page}notice&arm=b", secret).text
    chosen = world.console.get(f"/campaigns/{PACK}/preview?of=draft&locale=en&rung=inform&arm=b", secret).text
    assert re.search(r'arm=b"[^>]*aria-current="true">b</a>', html.unescape(chosen))


def test_terms_are_saved_or_named_with_their_field(world: CampaignConsole) -> None:
    """A bound without the expected number is refused at that field; with it, both stand in the file."""
    secret = world.console.sign_in("author")
    world.begin(secret)
    fields = {"based_on": "1", "experiment": "e", "starts_at": "2026-01-01T00:00:00Z", "holdout": "10", "weight-a": "1"}
    bound = {"blast_radius-times_expected": "3", "blast_radius-within_minutes": "60", "blast_radius-then": "inform"}
    refused = world.console.post(f"/campaigns/{PACK}/terms", fields | bound, secret)
    assert refused.status_code == 422
    assert 'id="expected_daily_triggers-fault"' in refused.text
    saved = world.console.post(f"/campaigns/{PACK}/terms", fields | bound | {"expected_daily_triggers": "40"}, secret)
    assert saved.status_code == 303
    assert "holdout: 0.1 " in world.room.draft(PACK).files["release.yaml"].replace("\n", " ")
    stale = world.console.post(f"/campaigns/{PACK}/terms", fields, secret)
    assert stale.status_code == 422
    assert world.revisions() == 2


def test_live_paused_resumed_and_stopped(world: CampaignConsole) -> None:
    """Each act moves the release, and the page then offers what can follow, with what it means beside it."""
    release = approved(world)
    secret = world.console.sign_in("approver", account_id="acc_bea")
    own = f"/campaigns/{PACK}/releases/{release.id}"
    assert "Put it live" in world.console.get(own, secret).text
    for path, fields, state in (
        (f"{own}/beginning", {"as": "shadow"}, "shadow"),
        (f"{own}/beginning", {"as": "live"}, "live"),
        (f"/campaigns/{PACK}/pause", {}, "paused"),
        (f"/campaigns/{PACK}/resumption", {}, "live"),
        (f"/campaigns/{PACK}/stop", {"reason": "wrong words"}, "ended"),
    ):
        assert world.console.post(path, fields, secret).status_code == 303
        assert world.room.release(PACK, str(release.id)).state == state
    page = world.console.get(f"/campaigns/{PACK}", secret).text
    assert "wrong words" in page
    assert "Stop this campaign now" not in page
    assert world.console.post(f"/campaigns/{PACK}/resumption", {}, secret).status_code == 409


def test_stopping_is_one_form_that_says_what_happens_to_whom(world: CampaignConsole) -> None:
    """No second factor, no reason and no second page are needed, also for a campaign that lies in the folder."""
    secret = world.console.sign_in("administrator", second_factor_at=None)
    page = world.console.get(f"/campaigns/{PACK}", secret).text
    assert 'aria-describedby="stopping-means"' in page
    assert "From the next withdrawal on this campaign warns nobody." in page
    answer = world.console.post(f"/campaigns/{PACK}/stop", {}, secret)
    assert answer.headers["location"] == f"/campaigns/{PACK}?said=campaign-stopped"
    assert world.room.line(PACK).state == "ended"


def test_whoever_wrote_it_neither_approves_nor_releases(world: CampaignConsole) -> None:
    """The page says so and has no button; the act itself is refused, and that stands in the chain."""
    release = submitted(world)
    secret = world.console.sign_in("approver", account_id=ANN.id)
    own = f"/campaigns/{PACK}/releases/{release.id}"
    page = world.console.get(own, secret).text
    assert "You wrote some of it, so somebody else approves it." in page
    assert "Approve with a passkey" not in page
    assert world.console.post(f"{own}/beginning", {"as": "live"}, secret).status_code == 403
    assert world.console.entries()[-1][1:] == ("campaign.release", PACK, "refused")


def test_what_drifted_since_it_was_submitted_is_not_approved(world: CampaignConsole) -> None:
    """The page says why and has no button; the act itself is refused in words."""
    release = submitted(world)
    own = f"/campaigns/{PACK}/releases/{release.id}"
    secret = world.console.sign_in("approver", account_id="acc_bea")
    assert "Approve with a passkey" in world.console.get(own, secret).text
    with world.console.ledger.act(ANN, "campaign.submit", "campaign", PACK) as act:
        act.connection.execute("UPDATE campaign_release SET version = ?", ("f" * 64,))
    page = world.console.get(own, secret).text
    assert "what it means now is another version" in page
    assert "Take it back and submit it again; then it can be approved." in page
    assert "Approve with a passkey" not in page
    with pytest.raises(StateError, match="no longer what was submitted"):
        world.room.desk.challenge(Actor("staff", "acc_bea"), release.id, own_keys=(Passkey("bea").pinned,))


def test_withdrawing_needs_an_approver_and_no_second_factor(world: CampaignConsole) -> None:
    """Who may stop but not approve is refused, and recorded; an approver withdraws with a factor of any age."""
    release = submitted(world)
    path = f"/campaigns/{PACK}/releases/{release.id}/withdrawal"
    assert world.console.post(path, {}, world.console.sign_in("author", account_id="acc_3")).status_code == 403
    assert world.console.entries()[-1] == (
        "acc_3",
        "page.open",
        "POST /campaigns/{campaign}/releases/{release}/withdrawal",
        "refused",
    )
    approver = world.console.sign_in("approver", account_id="acc_bea", second_factor_at=None)
    assert world.console.post(path, {"reason": "not yet"}, approver).status_code == 303
    assert world.room.release(PACK, str(release.id)).state == "withdrawn"


def test_sending_back_needs_a_reason(world: CampaignConsole) -> None:
    """Its authors are told what should be different."""
    release = submitted(world)
    secret = world.console.sign_in("approver", account_id="acc_bea")
    path = f"/campaigns/{PACK}/releases/{release.id}/return"
    assert world.console.post(path, {}, secret).status_code == 422
    assert world.console.post(path, {"reason": "shorter, please"}, secret).status_code == 303
    assert world.room.release(PACK, str(release.id)).state == "draft"
    assert "shorter, please" in world.console.get(f"/campaigns/{PACK}", secret).text


def test_a_limit_is_shown_and_lifted_with_a_reason(world: CampaignConsole) -> None:
    """The list and the campaign say that it is limited; lifted, it is not."""
    limit = StandingLimit(
        campaign=PACK,
        release_hash="r",
        tripped_at=NOW,
        triggers=90,
        allowed=50,
        within_minutes=60,
        drops_to="inform",
    )
    trip(world.console.ledger, limit)
    secret = world.console.sign_in("approver")
    assert "Limited" in world.console.get("/campaigns", secret).text
    page = world.console.get(f"/campaigns/{PACK}", secret).text
    assert "90 withdrawals fitted within 60 minutes where 50 were expected at most" in page
    assert world.console.post(f"/campaigns/{PACK}/limit", {}, secret).status_code == 422
    assert world.console.post(f"/campaigns/{PACK}/limit", {"reason": "a festival"}, secret).status_code == 303
    assert world.room.line(PACK).limit is None


@pytest.mark.parametrize("rung", ["inform", "confirm", "ask", "hold", "refer"])
def test_every_rung_of_every_language_has_a_preview(world: CampaignConsole, rung: str) -> None:
    """Each page that the table links is there, in its language, without script."""
    secret = world.console.sign_in("approver")
    page = world.console.get(f"/campaigns/{PACK}/preview?of=folder&rung={rung}&locale=ar", secret).text
    links = [html.unescape(one) for one in re.findall(r'href="(/campaigns/[^"]*preview\?[^"]*)"', page)]
    seen = [link for link in links if f"rung={rung}" in link]
    assert len({link for link in seen if "locale=" in link}) >= 6
    for link in seen:
        shown = world.console.get(link.replace("/preview?", "/preview/page?"), secret)
        assert shown.status_code == 200
        assert "<script" not in shown.text
    arabic = next(link for link in seen if "locale=ar" in link).replace("/preview?", "/preview/page?")
    assert 'dir="rtl"' in world.console.get(arabic, secret).text


def test_what_differs_is_said_in_meaning_and_line_by_line(world: CampaignConsole) -> None:
    """One changed headline is one difference; a changed comment is a line and no difference."""
    secret = world.console.sign_in("author")
    world.begin(secret)
    files = folder_files(PACK)
    world.save(
        secret, {"messages/en.md": files["messages/en.md"].replace("Check before", "Look before", 1)}, based_on=1
    )
    world.save(secret, {"campaign.yaml": files["campaign.yaml"] + "# a comment\n"}, based_on=2)
    first = world.console.get(f"/campaigns/{PACK}/differences?from=draft-1&to=draft-2", secret).text
    assert "messages.en.headline" in first
    assert "+Look before you send" in first
    second = world.console.get(f"/campaigns/{PACK}/differences?from=draft-2&to=draft-3", secret).text
    assert "Nothing: both are the same version." in second
    assert "+# a comment" in second


def test_an_answer_of_a_passkey_is_read_byte_for_byte() -> None:
    """What the browser sends is what was signed."""
    signed = Passkey("bea").sign(b"challenge")
    answer = as_sent(signed)
    assert isinstance(read_assertion(json.dumps(answer)), Assertion)
    assert read_assertion(json.dumps(answer)) == signed


@pytest.mark.parametrize(
    "answer",
    ["", "{}", "[]", "null", '{"rawId": 1, "response": {}}', "[" * 19_000, '{"rawId":"a"}' + " " * 30_000 + "x"],
)
def test_any_other_answer_is_refused_in_words(answer: str) -> None:
    """Nothing that is no answer of a passkey gets further than this."""
    with pytest.raises(InputError, match="no answer that can be read"):
        read_assertion(answer)
