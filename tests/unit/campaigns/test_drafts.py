"""Drafts: revisions, and two people who write at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.control import AUTHOR, SECOND, fresh_ledger
from thinktwice.campaigns.content import read_folder
from thinktwice.campaigns.drafts import DraftConflictError, DraftStore
from thinktwice.campaigns.library import shipped_packs
from thinktwice.errors import InputError, NotFoundError

HK = "hk-joint-anti-scam"


@pytest.fixture
def drafts(tmp_path: Path) -> DraftStore:
    return DraftStore(fresh_ledger(tmp_path / "data"))


def test_each_saving_is_a_revision_of_its_own_and_all_are_kept(drafts: DraftStore) -> None:
    """Two savings make two revisions with their authors; the same texts again make none."""
    files = read_folder(shipped_packs() / HK)
    first = drafts.save(AUTHOR, HK, files, based_on=0)
    changed = files | {"README.md": "Why this campaign is.\n"}
    second = drafts.save(SECOND, HK, changed, based_on=first.revision)
    assert drafts.save(SECOND, HK, changed, based_on=second.revision) == second
    assert [(one.revision, one.based_on, one.author) for one in drafts.revisions(HK)] == [
        (1, 0, AUTHOR),
        (2, 1, SECOND),
    ]
    assert drafts.revision(HK, 1).files == files
    assert drafts.latest(HK).files == changed
    assert drafts.campaigns() == (HK,)


def test_the_second_of_two_analysts_is_told_and_nothing_is_lost(drafts: DraftStore) -> None:
    """Both start from revision 1: the second gets base, both changes and the merge, and saves it as revision 3."""
    base = {"campaign.yaml": "id: x\ntitle: One\ncurrency: USD\npriority: 1\n"}
    drafts.save(AUTHOR, "x", base, based_on=0)
    theirs = {"campaign.yaml": "id: x\ntitle: Two\ncurrency: USD\npriority: 1\n"}
    drafts.save(AUTHOR, "x", theirs, based_on=1)
    yours = {"campaign.yaml": "id: x\ntitle: One\ncurrency: USD\npriority: 9\n"}
    with pytest.raises(DraftConflictError) as told:
        drafts.save(SECOND, "x", yours, based_on=1)
    conflict = told.value
    assert "account-author" in str(conflict)
    assert "+title: Two" in conflict.their_changes
    assert "+priority: 9" in conflict.your_changes
    assert conflict.merged.conflicts == ()
    merged = conflict.merged.files
    assert merged == {"campaign.yaml": "id: x\ntitle: Two\ncurrency: USD\npriority: 9\n"}
    assert drafts.latest("x").files == theirs  # nothing was overwritten
    saved = drafts.save(SECOND, "x", merged, based_on=conflict.theirs.revision)
    assert saved.revision == 3


def test_the_same_line_changed_twice_needs_a_person(drafts: DraftStore) -> None:
    """Both readings stand between markers, and the path is named."""
    drafts.save(AUTHOR, "x", {"campaign.yaml": "id: x\n"}, based_on=0)
    drafts.save(AUTHOR, "x", {"campaign.yaml": "id: a\n"}, based_on=1)
    with pytest.raises(DraftConflictError) as told:
        drafts.save(SECOND, "x", {"campaign.yaml": "id: b\n"}, based_on=1)
    merged = told.value.merged
    assert merged.conflicts == ("campaign.yaml",)
    assert "id: a" in merged.files["campaign.yaml"]
    assert "id: b" in merged.files["campaign.yaml"]


@pytest.mark.parametrize(
    "path", ["../campaign.yaml", "/etc/passwd", "messages/../../x.md", "messages/en.md/../x.md", "logo.svg", "", "a\0b"]
)
def test_no_path_leads_out_of_a_pack(drafts: DraftStore, path: str) -> None:
    """A draft holds the files of the format and no others, whatever is posted."""
    with pytest.raises(InputError) as refused:
        drafts.save(AUTHOR, "x", {"campaign.yaml": "id: x\n", path: "x"}, based_on=0)
    assert refused.value.faults[0].where == path
    with pytest.raises(NotFoundError):
        drafts.latest("x")


@pytest.mark.parametrize("campaign", ["../x", "X", "", "a" * 65, "a b"])
def test_a_draft_has_the_id_of_a_campaign(drafts: DraftStore, campaign: str) -> None:
    """An id is a name of the format, so that a folder can always be made of it."""
    with pytest.raises(InputError):
        drafts.save(AUTHOR, campaign, {"campaign.yaml": ""}, based_on=0)


def test_a_revision_that_is_not_there_cannot_be_the_start(drafts: DraftStore) -> None:
    """Neither of an unknown draft nor from the future."""
    with pytest.raises(NotFoundError):
        drafts.save(AUTHOR, "x", {"campaign.yaml": "id: x\n"}, based_on=3)
