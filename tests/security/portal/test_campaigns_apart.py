"""Joint campaigns: whoever is not the partner reaches nothing of them and cannot tell what exists; nor does a thief."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest

from tests.support.campaign_desk import HK
from tests.support.joint_bureau import JointBureau, open_joint_bureau
from thinktwice.campaigns.releasing import CampaignRelease
from thinktwice.campaigns.signing import approvals_of

ABSENT = "0" * 64
GETS = ["", "/preview", "/preview/page?locale=en&rung=confirm&screen=first"]
POSTS = ["/comments", "/challenge", "/approval", "/withdrawal"]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JointBureau]:
    with open_joint_bureau(tmp_path_factory.mktemp("joint")) as made:
        yield made


@pytest.fixture(scope="module")
def release(world: JointBureau) -> CampaignRelease:
    submitted = world.submitted()
    assert world.approve(world.bureau.browser(world.officer), world.officer, submitted) == 200
    return submitted


def told(answer: httpx.Response, named: str) -> tuple[int, str]:
    """What a page says, without tokens and the address that was asked for."""
    return answer.status_code, re.sub(r'value="[^"]*"', "", answer.text).replace(named, ABSENT)


def test_another_agency_gets_the_answer_of_what_does_not_exist(world: JointBureau, release: CampaignRelease) -> None:
    """Each address of a version, read or written, with every right an officer and administrator have, byte for byte."""
    browser = world.bureau.browser(world.stranger)
    before = world.entries()
    for rest in GETS:
        theirs = told(browser.get(world.path(release) + rest), release.version)
        assert theirs == told(browser.get(f"/campaigns/{HK}/versions/{ABSENT}{rest}"), release.version), rest
        assert theirs[0] == 404, rest
    for rest in POSTS:
        fields = {"text": "hello there", "reason": "because so", "answer": "{}", "nonce": "n"}
        browser.get("/account")
        theirs = told(browser.send(world.path(release) + rest, fields), release.version)
        browser.get("/account")
        absent = told(browser.send(f"/campaigns/{HK}/versions/{ABSENT}{rest}", fields), release.version)
        assert theirs == absent, rest
        assert theirs[0] == 404, rest
    page = browser.get("/campaigns").text
    assert HK not in page
    assert release.version[:12] not in page
    assert world.entries() == before


def test_a_partner_whose_agency_is_suspended_or_unlinked_reaches_nothing(
    world: JointBureau, release: CampaignRelease
) -> None:
    """The link between agency and partner stands in the operator's file: without it nothing is there any more."""
    browser = world.bureau.browser(world.officer)
    assert browser.get(world.path(release)).status_code == 200
    file = world.partners / "partners.yaml"
    text = file.read_text("utf-8")
    file.write_text(text.replace(f"    agency: {world.agency}\n", ""), "utf-8")
    try:
        assert browser.get(world.path(release)).status_code == 404
        assert HK not in browser.get("/campaigns").text
    finally:
        file.write_text(text, "utf-8")


def test_a_thief_with_the_mailbox_approves_nothing(world: JointBureau, release: CampaignRelease) -> None:
    """A new passkey, made through a link that the mailbox received, is registered to the officer and pinned nowhere:
    it signs in and opens the page, and approves nothing.
    """
    thief = world.bureau.officer(world.agency)
    second = world.submitted(least=300)
    browser = world.bureau.browser(thief)
    assert "Approve with a passkey" not in browser.get(world.path(second)).text
    assert browser.send(f"{world.path(second)}/challenge").status_code == 409
    with world.joint.ledger.reading() as connection:
        assert approvals_of(connection, version=second.version) == ()
        assert len(approvals_of(connection, version=release.version)) == 1
