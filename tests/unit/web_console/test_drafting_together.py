"""Two people who write one draft: the second is told, and nothing that either wrote is lost or quietly taken back."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.campaign_console import PACK, CampaignConsole, open_campaigns
from thinktwice.web.console.campaigns.terms import PATH, read_terms


@pytest.fixture
def world(tmp_path: Path) -> Iterator[CampaignConsole]:
    made = open_campaigns(tmp_path)
    yield made
    made.console.ledger.close()


@pytest.fixture
def ann(world: CampaignConsole) -> str:
    secret = world.console.sign_in("author", account_id="acc_ann")
    world.begin(secret)
    return secret


@pytest.fixture
def ben(world: CampaignConsole) -> str:
    return world.console.sign_in("analyst", account_id="acc_ben")


def main(page: str) -> str:
    return page.partition("<main")[2].partition("</main>")[0]


def form(page: str) -> dict[str, str]:
    """What the form of the terms sends as it stands: radios that nobody chose send nothing."""
    fields = {}
    for tag in re.findall(r"<input[^>]*>", main(page)):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and ('type="radio"' not in tag or " checked" in tag):
            fields[name[1]] = html.unescape(value[1]) if value else ""
    for name_, options in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', main(page), re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        fields[name_] = chosen[1] if chosen else ""
    return {name: value for name, value in fields.items() if name != "form_token"}


TERMS = f"/campaigns/{PACK}/terms"


def opened(world: CampaignConsole, *secrets: str) -> list[dict[str, str]]:
    return [form(world.console.get(TERMS, secret).text) for secret in secrets]


def stands(world: CampaignConsole) -> dict[str, str]:
    return read_terms(world.room.draft(PACK).files[PATH])


def test_terms_that_each_changed_alone_are_put_together(world: CampaignConsole, ann: str, ben: str) -> None:
    """The second is told, sees both changes in one form, and saving that keeps both."""
    first, second = opened(world, ann, ben)
    assert world.console.post(TERMS, first | {"expected_daily_triggers": "500"}, ann).status_code == 303
    told = world.console.post(TERMS, second | {"experiment": "other"}, ben)
    assert told.status_code == 422
    assert "saved revision 2 while you were writing" in told.text
    assert world.revisions() == 2
    assert world.console.post(TERMS, form(told.text), ben).status_code == 303
    assert (stands(world)["expected_daily_triggers"], stands(world)["experiment"]) == ("500", "other")


@pytest.mark.parametrize(("kept", "stays"), [("mine", "777"), ("theirs", "500")])
def test_a_term_that_both_changed_is_chosen_by_a_person(
    world: CampaignConsole, ann: str, ben: str, kept: str, stays: str
) -> None:
    """Both values are shown; until one is chosen nothing is saved, however often the form is sent."""
    first, second = opened(world, ann, ben)
    world.console.post(TERMS, first | {"expected_daily_triggers": "500", "experiment": "other"}, ann)
    told = world.console.post(TERMS, second | {"expected_daily_triggers": "777"}, ben)
    for _ in range(2):
        assert told.status_code == 422
        assert 'id="expected_daily_triggers-fault"' in told.text
        assert 'value="777"' in told.text
        assert ">500</label>" in told.text
        told = world.console.post(TERMS, form(told.text), ben)
    assert world.revisions() == 2
    chosen = form(told.text) | {"keep-expected_daily_triggers": kept}
    assert world.console.post(TERMS, chosen, ben).status_code == 303
    assert (stands(world)["expected_daily_triggers"], stands(world)["experiment"]) == (stays, "other")


def test_a_choice_is_asked_again_when_it_was_about_other_words(world: CampaignConsole, ann: str, ben: str) -> None:
    """A third saving of the same field is a conflict of its own, whatever was chosen about the second."""
    first, second = opened(world, ann, ben)
    world.console.post(TERMS, first | {"expected_daily_triggers": "500"}, ann)
    told = world.console.post(TERMS, second | {"expected_daily_triggers": "777"}, ben)
    world.console.post(TERMS, opened(world, ann)[0] | {"expected_daily_triggers": "600"}, ann)
    again = world.console.post(TERMS, form(told.text) | {"keep-expected_daily_triggers": "mine"}, ben)
    assert again.status_code == 422
    assert ">600</label>" in again.text
    assert stands(world)["expected_daily_triggers"] == "600"


def test_a_file_that_somebody_took_out_does_not_come_back_empty(world: CampaignConsole, ann: str, ben: str) -> None:
    """Open beside another and left as it was, it stays taken out; what was typed in the other file is kept."""
    gone, kept = "messages/zh-Hant.md", "messages/en.md"
    files = world.room.draft(PACK).files
    assert world.console.post(f"/campaigns/{PACK}/removals", {"path": gone}, ben).status_code == 303
    told = world.save(ann, {kept: files[kept] + "\nMore.\n", gone: files[gone]}, based_on=1)
    assert told.status_code == 409
    areas = re.findall(r'name="(path-\d)" value="([^"]*)".*?<textarea[^>]*>\n?(.*?)</textarea>', told.text, re.DOTALL)
    assert [path for _place, path, _text in areas] == [kept]
    texts = {html.unescape(path): html.unescape(text) for _place, path, text in areas}
    assert world.save(ann, texts, based_on=2).status_code == 303
    now = world.room.draft(PACK).files
    assert gone not in now
    assert now[kept].endswith("More.\n")


def test_every_button_of_the_editor_sends_what_was_typed(world: CampaignConsole, ann: str) -> None:
    """There is one form, so that without script too no button leaves the text behind."""
    page = main(world.console.get(f"/campaigns/{PACK}/draft?file=messages/fr.md", ann).text)
    assert page.count("<form") == 1
    for where in ("submission", "languages", "removals"):
        assert f'formaction="/campaigns/{PACK}/{where}"' in page


def typed(world: CampaignConsole, text: str, *, based_on: int = 1) -> dict[str, str]:
    """What the editor sends with English open, and words added to it."""
    path = "messages/en.md"
    files = world.room.draft(PACK, based_on).files
    return {"based_on": str(based_on), "path-0": path, "text-0": files[path].replace("Check before", text, 1)}


def test_what_was_typed_is_what_is_submitted(world: CampaignConsole, ann: str) -> None:
    """The text is saved first, and the release is of that revision."""
    answer = world.console.post(f"/campaigns/{PACK}/submission", typed(world, "Look before"), ann)
    assert answer.headers["location"].startswith(f"/campaigns/{PACK}/releases/1")
    release = world.room.release(PACK, "1")
    assert release.revision == 2
    assert "Look before" in release.files["messages/en.md"]


def test_what_was_typed_is_kept_when_a_language_comes_or_goes(world: CampaignConsole, ann: str) -> None:
    """Adding one and taking one out both begin with saving."""
    fields = typed(world, "Look before") | {"locale": "fr"}
    assert world.console.post(f"/campaigns/{PACK}/languages", fields, ann).status_code == 303
    fields = typed(world, "See before", based_on=1) | {"based_on": "3", "path": "messages/fr.md"}
    assert world.console.post(f"/campaigns/{PACK}/removals", fields, ann).status_code == 303
    files = world.room.draft(PACK).files
    assert "messages/fr.md" not in files
    assert "See before" in files["messages/en.md"]
    assert "Look before" in world.room.draft(PACK, 2).files["messages/en.md"]


@pytest.mark.parametrize(
    ("where", "more"),
    [("submission", {}), ("languages", {"locale": "fr"}), ("removals", {"path": "messages/zh-Hant.md"})],
)
def test_nothing_else_is_done_when_somebody_saved_meanwhile(
    world: CampaignConsole, ann: str, ben: str, where: str, more: dict[str, str]
) -> None:
    """The second is told with both changes, as when they save; nothing was submitted, added or taken out."""
    files = world.room.draft(PACK).files
    world.save(ben, {"README.md": "Ben's words.\n"}, based_on=1)
    told = world.console.post(f"/campaigns/{PACK}/{where}", typed(world, "Look before") | more, ann)
    assert told.status_code == 409
    assert "Look before" in told.text
    assert world.revisions() == 2
    assert set(world.room.draft(PACK).files) == {*files, "README.md"}
    assert world.room.line(PACK).waiting is None


def test_one_revision_is_submitted_once(world: CampaignConsole, ann: str) -> None:
    """While its release waits or is under way the same revision is refused, in words, and no button offers it; sent
    back, it can be submitted again.
    """
    path = f"/campaigns/{PACK}/submission"
    assert "Submit for approval" in world.console.get(f"/campaigns/{PACK}", ann).text
    assert world.console.post(path, {"revision": "1"}, ann).status_code == 303
    again = world.console.post(path, {"revision": "1"}, ann)
    assert again.status_code == 409
    assert "revision 1 was submitted already: it is release 1, which is in review" in again.text
    assert "Submit for approval" not in world.console.get(f"/campaigns/{PACK}", ann).text
    approver = world.console.sign_in("approver", account_id="acc_bea")
    world.console.post(f"/campaigns/{PACK}/releases/1/return", {"reason": "shorter"}, approver)
    assert "Submit for approval" in world.console.get(f"/campaigns/{PACK}", ann).text
    assert world.console.post(path, {"revision": "1"}, ann).status_code == 303
