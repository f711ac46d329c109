"""What a hostile colleague may put into a draft, and what comes of it: text that is shown as text, or a refusal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.campaign_console import PACK, CampaignConsole, open_campaigns
from tests.support.campaign_desk import folder_files

SCRIPT = "<script>alert(1)</script>"
BREAKING_OUT = "</textarea></pre><img src=x onerror=alert(1)>"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[CampaignConsole]:
    made = open_campaigns(tmp_path)
    yield made
    made.console.ledger.close()


@pytest.fixture
def author(world: CampaignConsole) -> str:
    secret = world.console.sign_in("author")
    assert world.begin(secret).status_code == 303
    return secret


def test_markup_is_shown_as_text_on_every_page(world: CampaignConsole, author: str) -> None:
    """Tags in a title, a text or somebody's name run nowhere: list, campaign, editor, files, differences, conflict."""
    pack = folder_files(PACK)["campaign.yaml"].replace("title: ", f"title: {SCRIPT} ", 1)
    text = folder_files(PACK)["messages/en.md"] + f"\n{SCRIPT}{BREAKING_OUT}\n"
    assert world.save(author, {"campaign.yaml": pack, "messages/en.md": text}, based_on=1).status_code == 303
    pages = [
        world.console.get(path, author)
        for path in (
            "/campaigns",
            f"/campaigns/{PACK}",
            f"/campaigns/{PACK}/draft?file=messages/en.md",
            f"/campaigns/{PACK}/files?of=draft",
            f"/campaigns/{PACK}/differences?from=draft-1&to=draft-2",
            f"/campaigns/{PACK}/preview?of=draft",
        )
    ]
    pages.append(world.save(author, {"messages/en.md": text + "more"}, based_on=1))
    assert [page.status_code for page in pages] == [200] * 6 + [409]
    for page in pages:
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text
        assert "<b>acc_1" not in page.text
        assert "unsafe-inline" not in page.headers["content-security-policy"]
    assert "&lt;script&gt;" in pages[2].text


def test_markup_never_becomes_a_preview(world: CampaignConsole, author: str) -> None:
    """A pack with markup in its words cannot be read, so there is no page to show; the reason is."""
    text = folder_files(PACK)["messages/en.md"].replace("Check before you send", SCRIPT, 1)
    assert world.save(author, {"messages/en.md": text}, based_on=1).status_code == 303
    query = "of=draft&locale=en&rung=confirm&screen=first"
    assert world.console.get(f"/campaigns/{PACK}/preview/page?{query}", author).status_code == 404
    answer = world.console.get(f"/campaigns/{PACK}/preview?{query}", author)
    assert "There is no preview while the pack cannot be read" in answer.text
    assert "<iframe" not in answer.text


@pytest.mark.parametrize("size", [3 * 1024 * 1024, 10 * 1024 * 1024])
def test_more_than_a_draft_can_be_is_not_read(world: CampaignConsole, author: str, size: int) -> None:
    """Ten megabytes are refused by what they declare, nothing is written, and the attempt stands in the chain."""
    answer = world.save(author, {"messages/en.md": "x" * size}, based_on=1)
    assert answer.status_code == 413
    assert world.revisions() == 1
    assert world.console.entries()[-1][3] == "refused"


def test_a_file_larger_than_a_pack_may_hold(world: CampaignConsole, author: str) -> None:
    """A file over 256 KB is refused with its name, also where two such files fit into the form."""
    answer = world.save(author, {"messages/en.md": "x" * 300_000}, based_on=1)
    assert answer.status_code == 422
    assert "is larger than 256 KB" in answer.text
    assert world.revisions() == 1


@pytest.mark.parametrize(
    "path",
    [
        "../../etc/passwd",
        "/etc/passwd",
        "messages/../../x.md",
        "messages/en.md/../../../x",
        "messages\\en.md",
        "evil.py",
        "messages/.hidden.md",
        "campaign.yaml/",
        "messages/en.md%00",
        "partners.yaml",
    ],
)
def test_only_the_files_of_a_pack(world: CampaignConsole, author: str, path: str) -> None:
    """A path that is no part of a pack is refused, checked or saved, and nothing is written anywhere."""
    answer = world.save(author, {path: "x"}, based_on=1)
    assert answer.status_code == 422
    assert "is not part of a pack" in answer.text
    fields = {"based_on": "1", "path-0": path, "text-0": "x", "act": "check"}
    checked = world.console.post(f"/campaigns/{PACK}/draft", fields, author)
    assert "is not part of a pack" in checked.text
    assert world.revisions() == 1


@pytest.mark.parametrize("locale", ["../en", "e", "en/../../x", "en.md", "<script>", "", "x" * 300])
def test_a_language_is_a_tag(world: CampaignConsole, author: str, locale: str) -> None:
    """What is no language tag makes no file."""
    answer = world.console.post(f"/campaigns/{PACK}/languages", {"locale": locale}, author)
    assert answer.status_code in {422, 303}
    draft = world.room.draft(PACK)
    assert all(path in {"README.md", *folder_files(PACK)} or "/" not in path[9:] for path in draft.files)
    assert ".." not in "".join(draft.files)


@pytest.mark.parametrize("name", ["../x", "UPPER", "a" * 65, "a b", "", "x/y", "%2e%2e", "ünïcode"])
def test_a_campaign_has_a_plain_name(world: CampaignConsole, name: str) -> None:
    """No other name can begin a draft."""
    secret = world.console.sign_in("author")
    answer = world.console.post("/campaigns/new", {"id": name, "from": f"folder/{PACK}"}, secret)
    assert answer.status_code == 422


@pytest.mark.parametrize("source", ["folder/..", "../../x", "draft-0", "draft-99", "release-1", "draft-²", "x" * 200])
def test_a_version_is_one_of_this_campaign(world: CampaignConsole, author: str, source: str) -> None:
    """Whatever else is asked for is not there, on every page that shows a version."""
    for page in ("files?of", "preview?of", "differences?from"):
        assert world.console.get(f"/campaigns/{PACK}/{page}={source}", author).status_code == 404


@pytest.mark.parametrize("revision", ["", "-1", "0", "99", "²", "1e3", "9" * 30])
def test_a_revision_is_a_number_that_was_given(world: CampaignConsole, author: str, revision: str) -> None:
    """A form that says it started from no revision of this draft writes nothing."""
    fields = {"based_on": revision, "path-0": "messages/en.md", "text-0": "x"}
    assert world.console.post(f"/campaigns/{PACK}/draft", fields, author).status_code == 404
    assert world.console.post(f"/campaigns/{PACK}/submission", {"revision": revision}, author).status_code == 404
    assert world.revisions() == 1


def test_a_release_is_found_under_its_own_campaign_alone(world: CampaignConsole, author: str) -> None:
    """The number of another campaign's release opens nothing and moves nothing."""
    assert world.console.post(f"/campaigns/{PACK}/submission", {"revision": "1"}, author).status_code == 303
    approver = world.console.sign_in("approver", account_id="acc_2")
    for number in ("1", "2", "x", "²"):
        path = f"/campaigns/lookalike/releases/{number}"
        assert world.console.get(path, approver).status_code == 404
        assert world.console.post(f"{path}/withdrawal", {}, approver).status_code == 404
    assert world.room.release(PACK, "1").state == "in_review"


@pytest.mark.parametrize(
    "value", ["a\nb: c", "{x: y}", "&anchor", "*alias", "!!python/object", "#", "'", SCRIPT, "x" * 101]
)
def test_terms_hold_plain_values(world: CampaignConsole, author: str, value: str) -> None:
    """No field of the form can write another field, a tag or an alias into the file."""
    fields = {
        "based_on": "1",
        "experiment": value,
        "starts_at": "2026-01-01T00:00:00Z",
        "holdout": "0",
        "weight-a": "1",
    }
    before = world.room.draft(PACK).files["release.yaml"]
    answer = world.console.post(f"/campaigns/{PACK}/terms", fields, author)
    after = world.room.draft(PACK).files["release.yaml"]
    assert after == before or answer.status_code == 303
    assert not any(sign in after.split("experiment:")[1].split("\n")[0] for sign in "{&*!'<")
