"""Comments and taking back in the console, on the pages of campaigns."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.campaign_console import PACK, CampaignConsole, open_campaigns
from tests.support.campaign_desk import folder_files
from thinktwice.audit.ledger import Actor


@pytest.fixture
def world(tmp_path: Path) -> Iterator[CampaignConsole]:
    made = open_campaigns(tmp_path)
    yield made
    made.console.ledger.close()


def test_staff_write_to_each_other_and_to_nobody_who_was_not_asked(world: CampaignConsole) -> None:
    """A comment stands with its author and readers; a partner that no version names cannot be chosen."""
    secret = world.console.sign_in("author")
    world.begin(secret)
    sent = world.console.post(f"/campaigns/{PACK}/comments", {"text": "<b>Too long?</b>", "reader": "staff"}, secret)
    assert sent.status_code == 303
    page = world.console.get(f"/campaigns/{PACK}", secret).text
    assert "&lt;b&gt;Too long?&lt;/b&gt;" in page
    assert page.count("Staff only") == 2
    for fields in ({"text": "hello", "reader": "hk-police-cstcb"}, {"text": "", "reader": "staff"}):
        refused = world.console.post(f"/campaigns/{PACK}/comments", fields, secret)
        assert refused.status_code == 422
    compliance = world.console.sign_in("compliance", account_id="acc_2")
    assert "&lt;b&gt;Too long?" in world.console.get(f"/campaigns/{PACK}", compliance).text
    forbidden = world.console.post(f"/campaigns/{PACK}/comments", {"text": "x", "reader": "staff"}, compliance)
    assert forbidden.status_code == 403


def test_a_submission_is_taken_back_on_its_page(world: CampaignConsole) -> None:
    """Whoever may submit may take it back; it is a draft, said so in the history, and an approver cannot do it."""
    ann = Actor("staff", "acc_ann")
    draft = world.room.desk.save_draft(ann, PACK, folder_files(PACK), based_on=0)
    release = world.room.desk.submit(ann, PACK, draft.revision)
    path = f"/campaigns/{PACK}/releases/{release.id}"
    approver = world.console.sign_in("approver", account_id="acc_2")
    assert "Take it back to draft" not in world.console.get(path, approver).text
    assert world.console.post(f"{path}/taking-back", {}, approver).status_code == 403
    author = world.console.sign_in("author")
    assert "Take it back to draft" in world.console.get(path, author).text
    assert world.console.post(f"{path}/taking-back", {}, author).status_code == 303
    page = world.console.get(f"/campaigns/{PACK}", author).text
    assert "Taken back" in page
    assert world.room.view(release.id).release.state == "draft"
    assert world.console.post(f"{path}/taking-back", {}, author).status_code == 409
