"""The desk: who may do what to whose release, and what makes publication impossible."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.campaign_desk import HK, POLICE, DeskWorld, changed, folder_files
from tests.support.control import APPROVER, AUTHOR, OFFICER, SECOND
from tests.support.passkeys import Passkey
from thinktwice.audit.ledger import Actor
from thinktwice.campaigns.overview import release_view
from thinktwice.campaigns.partners import OPERATOR
from thinktwice.campaigns.releasing import steps_of
from thinktwice.contacts.registry import Contacts
from thinktwice.errors import InputError, NotFoundError, SecondPersonError, StateError
from thinktwice.storage.sqlite import connect


@pytest.fixture
def world(tmp_path: Path) -> DeskWorld:
    return DeskWorld(tmp_path / "data")


def entries(world: DeskWorld) -> list[tuple[str, str, str]]:
    with closing(connect(world.control, read_only=True)) as connection:
        return connection.execute("SELECT actor_id, act, outcome FROM audit_entry ORDER BY seq").fetchall()


def test_the_pilot_from_draft_to_live_with_every_act_in_the_chain(world: DeskWorld) -> None:
    """Author drafts and submits, both sides approve by passkey, the approver releases: live, and all of it recorded."""
    release = world.submitted()
    assert release.state == "in_review"
    assert world.approve(release, OPERATOR, APPROVER, world.approver_key).state == "in_review"
    assert world.approve(release, POLICE, OFFICER, world.officer_key).state == "approved"
    assert world.desk.go_live(APPROVER, release.id).state == "live"
    assert entries(world) == [
        ("account-author", "campaign.draft.save", "done"),
        ("account-author", "campaign.submit", "done"),
        ("account-approver", "campaign.approve.ask", "done"),
        ("account-approver", "campaign.approve", "done"),
        ("account-officer", "campaign.approve.ask", "done"),
        ("account-officer", "campaign.approve", "done"),
        ("account-approver", "campaign.release", "done"),
    ]


def test_nobody_approves_or_releases_what_they_wrote(world: DeskWorld) -> None:
    """Whoever saved any revision since the last release, or submitted, is refused; the attempt is in the chain."""
    first = world.desk.save_draft(SECOND, HK, folder_files(HK), based_on=0)
    files = folder_files(HK) | {"README.md": "Words.\n"}
    world.desk.save_draft(AUTHOR, HK, files, based_on=first.revision)
    release = world.desk.submit(AUTHOR, HK)
    assert set(release.authors) == {"account-author", "account-second"}
    for writer in (AUTHOR, SECOND):
        with pytest.raises(SecondPersonError):
            world.desk.challenge(writer, release.id, OPERATOR, own_keys=())
        with pytest.raises(SecondPersonError):
            world.desk.go_live(writer, release.id)
    assert [row for row in entries(world) if row[2] == "refused"] == [
        ("account-author", "campaign.approve", "refused"),
        ("account-author", "campaign.release", "refused"),
        ("account-second", "campaign.approve", "refused"),
        ("account-second", "campaign.release", "refused"),
    ]


def test_two_sides_are_two_people(world: DeskWorld) -> None:
    """One person who holds keys of both sides cannot give both approvals."""
    release = world.submitted()
    world.approve(release, OPERATOR, APPROVER, world.approver_key)
    with pytest.raises(SecondPersonError):
        world.desk.challenge(APPROVER, release.id, POLICE, own_keys=())


@pytest.mark.parametrize("sides", [(), (OPERATOR,), (POLICE,)])
def test_nothing_goes_live_without_both_sides(world: DeskWorld, sides: tuple[str, ...]) -> None:
    """Each missing approval is named."""
    release = world.submitted()
    if OPERATOR in sides:
        world.approve(release, OPERATOR, APPROVER, world.approver_key)
    if POLICE in sides:
        world.approve(release, POLICE, OFFICER, world.officer_key)
    with pytest.raises(StateError) as refused:
        world.desk.go_live(APPROVER, release.id)
    for side in {OPERATOR, POLICE} - set(sides):
        assert f"{side} has not approved it" in str(refused.value)


HEADLINE = "headline\n"


def test_reformatted_yaml_is_the_same_version(world: DeskWorld) -> None:
    """Comments, quotes, order of fields and line breaks of the files do not matter; the approval holds for them."""
    files = folder_files(HK)
    lines = [line for line in files["campaign.yaml"].splitlines() if line.strip()]
    assert any(line.startswith("title:") for line in lines)
    moved = sorted(line for line in lines if not line.startswith((" ", "-", "arms", "#")))
    rest = [line for line in lines if line not in moved]
    reformatted = "# laid out anew\n\n" + "\n".join([*moved, *rest]) + "\n\n"
    one = world.submitted(files)
    other = world.submitted({**files, "campaign.yaml": reformatted})
    assert (one.version, one.release_hash) == (other.version, other.release_hash)


def expired(contacts: Contacts) -> Contacts:
    first, *others = contacts.by_jurisdiction["HK"]
    gone = replace(first, phone="1234 5678") if first.phone else replace(first, name="Other")
    return Contacts({**contacts.by_jurisdiction, "HK": (gone, *others)})


CHANGES: dict[str, Callable[[DeskWorld], None]] = {
    "one contact": lambda world: setattr(world, "contacts", expired(world.contacts)),
    "one logo pixel": lambda world: world.change_partner(logo=b"\x89PNG\r\n\x1a\n\x01"),
    "the partner's name": lambda world: world.change_partner(name="Hong Kong Police Farce"),
    "a contact's expiry": lambda world: setattr(world, "today", world.today + timedelta(days=3650)),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_around_an_approved_release_makes_publication_impossible(world: DeskWorld, what: str) -> None:
    """A contact, a pixel, a name or the calendar: what would be shown is no longer what was approved."""
    world.change_partner(logo=b"\x89PNG\r\n\x1a\n\x00")
    release = world.approved()
    assert release.state == "approved"
    CHANGES[what](world)
    with pytest.raises(StateError) as refused:
        world.desk.go_live(APPROVER, release.id)
    assert "approved was" in str(refused.value)
    assert entries(world)[-1] == ("account-approver", "campaign.release", "refused")


@pytest.mark.parametrize("is_paused", [False, True])
@pytest.mark.parametrize("what", [*CHANGES, "a partner's approval"])
def test_a_shadow_becomes_live_only_as_it_was_approved(world: DeskWorld, what: str, is_paused: bool) -> None:
    """It showed nothing to anybody, so having run proves nothing: all is checked as when it begins, paused or not."""
    world.change_partner(logo=b"\x89PNG\r\n\x1a\n\x00")
    release = world.desk.go_live(APPROVER, world.approved().id, is_shadow=True)
    if what in CHANGES:
        CHANGES[what](world)
    else:
        world.desk.withdraw_partner(OFFICER, HK, release.version, POLICE, "no")
    if is_paused:
        world.desk.pause(SECOND, HK, "")
    with pytest.raises(StateError, match=r"approved was|does not stand"):
        world.desk.go_live(APPROVER, release.id)
    assert entries(world)[-1] == ("account-approver", "campaign.release", "refused")


def test_a_warning_that_was_live_goes_on_without_the_badge_that_was_withdrawn(world: DeskWorld) -> None:
    """A partner who withdraws during a pause does not keep customers unwarned, whoever lets it go on, and how."""
    release = world.live()
    world.desk.pause(SECOND, HK, "")
    world.desk.withdraw_partner(OFFICER, HK, release.version, POLICE, "no")
    assert world.desk.go_live(APPROVER, release.id).state == "live"
    world.desk.pause(SECOND, HK, "")
    assert world.desk.resume(SECOND, HK).state == "live"


@pytest.mark.parametrize(("side", "actor"), [(OPERATOR, APPROVER), (POLICE, OFFICER)])
@pytest.mark.parametrize("what", CHANGES)
def test_nobody_signs_what_is_no_longer_what_was_submitted(
    world: DeskWorld, what: str, side: str, actor: Actor
) -> None:
    """Neither side is asked once anything around the words changed, nor is an answer taken to what was asked before;
    the words say what differs, and the refusal is an entry of the chain.
    """
    world.change_partner(logo=b"\x89PNG\r\n\x1a\n\x00")
    release, key = world.submitted(), world.approver_key if side == OPERATOR else world.officer_key
    asked = world.desk.challenge(actor, release.id, side, own_keys=(key.pinned,))
    CHANGES[what](world)
    with pytest.raises(StateError, match="no longer what was submitted") as refused:
        world.desk.approve(actor, asked.statement.nonce, key.sign(asked.challenge), own_keys=(key.pinned,))
    assert "submit it again" in str(refused.value)
    assert f"submitted was {release.version[:12]}" in str(refused.value)
    assert entries(world)[-1] == (actor.id, "campaign.approve", "refused")
    with pytest.raises(StateError, match="no longer what was submitted"):
        world.desk.challenge(actor, release.id, side, own_keys=(key.pinned,))
    with world.ledger.reading() as connection:
        assert connection.execute("SELECT count(*) FROM campaign_approval").fetchone() == (0,)


def overwrite(world: DeskWorld, sql: str, *values: object) -> None:
    """Write like an attacker: past the ledger, with full access to the database."""
    with closing(sqlite3.connect(world.control)) as connection, connection:
        connection.execute(sql, values)


def test_one_meaningful_byte_in_the_stored_files_makes_publication_impossible(world: DeskWorld) -> None:
    """A digit of the audience changed in the database is seen when it should go live, and is named."""
    release = world.approved()
    with closing(sqlite3.connect(world.control)) as connection:
        (files,) = connection.execute("SELECT files FROM campaign_release").fetchone()
    assert "fiat_amount >= 200" in files
    overwrite(world, "UPDATE campaign_release SET files = ?", files.replace("fiat_amount >= 200", "fiat_amount >= 900"))
    with pytest.raises(StateError) as refused:
        world.desk.go_live(APPROVER, release.id)
    assert "audience" in str(refused.value)
    assert ">= 200" in str(refused.value)


def test_whoever_writes_the_database_without_a_passkey_releases_nothing(world: DeskWorld) -> None:
    """Approvals copied from another version, or made with a key of the attacker's own, do not stand."""
    world.approved()
    files = changed(folder_files(HK), "campaign.yaml", "fiat_amount >= 200", "fiat_amount >= 1")
    forged = world.submitted(files, author=Actor("staff", "account-attacker"))
    overwrite(world, "UPDATE campaign_approval SET version = ?", forged.version)
    overwrite(world, "UPDATE campaign_approval SET release_hash = ? WHERE side = 'operator'", forged.release_hash)
    overwrite(world, "UPDATE campaign_challenge SET release_id = ?", forged.id)
    overwrite(world, "UPDATE campaign_release SET state = 'approved' WHERE id = ?", forged.id)
    with pytest.raises(StateError) as refused:
        world.desk.go_live(APPROVER, forged.id)
    assert "the approval of operator does not stand" in str(refused.value)
    assert f"the approval of {POLICE} does not stand" in str(refused.value)


def test_a_challenge_is_one_persons_and_good_once(world: DeskWorld) -> None:
    """Somebody else's, a used one and one of eleven minutes ago are refused; a foreign key too."""
    release, own = world.submitted(), (world.officer_key.pinned,)
    asked = world.desk.challenge(OFFICER, release.id, POLICE, own_keys=own)
    answer, forger = world.officer_key.sign(asked.challenge), Passkey("forger")
    with pytest.raises(StateError, match="not given to you"):
        world.desk.approve(Actor("officer", "another"), asked.statement.nonce, answer, own_keys=own)
    with pytest.raises(StateError, match="no key with this credential"):
        world.desk.approve(OFFICER, asked.statement.nonce, forger.sign(asked.challenge), own_keys=(forger.pinned,))
    world.desk.approve(OFFICER, asked.statement.nonce, answer, own_keys=own)
    with pytest.raises(StateError, match="used or has expired"):
        world.desk.approve(OFFICER, asked.statement.nonce, answer, own_keys=own)
    late = world.desk.challenge(OFFICER, release.id, POLICE, own_keys=own)
    world.later(minutes=10)
    with pytest.raises(StateError, match="used or has expired"):
        world.desk.approve(OFFICER, late.statement.nonce, world.officer_key.sign(late.challenge), own_keys=own)


def test_nobody_approves_with_a_colleagues_passkey(world: DeskWorld) -> None:
    """A key that is pinned for the side, but is not one of the signer's own, is neither asked for nor accepted: the
    chain would name one officer and the signature another. The attempt is an entry of the chain.
    """
    mine = Passkey("another officer")
    world.change_partner(keys=(world.officer_key.pinned, mine.pinned))
    release = world.submitted()
    with pytest.raises(StateError, match="none of your passkeys is pinned"):
        world.desk.challenge(OFFICER, release.id, POLICE, own_keys=(Passkey("unknown").pinned,))
    asked = world.desk.challenge(OFFICER, release.id, POLICE, own_keys=(mine.pinned,))
    assert asked.credentials == (mine.credential_id,)
    borrowed = world.officer_key.sign(asked.challenge)
    with pytest.raises(StateError, match="no key with this credential"):
        world.desk.approve(OFFICER, asked.statement.nonce, borrowed, own_keys=(mine.pinned,))
    assert entries(world)[-1] == ("account-officer", "campaign.approve", "refused")
    world.desk.approve(OFFICER, asked.statement.nonce, mine.sign(asked.challenge), own_keys=(mine.pinned,))


@pytest.mark.parametrize("is_approved", [False, True])
def test_an_author_takes_a_submission_back(world: DeskWorld, is_approved: bool) -> None:
    """From review, and before it began also once approved: it is a draft again, nobody can approve it, nothing of it
    can go live, and the next submission is a release of its own. What is live is stopped, never taken back.
    """
    release = world.approved() if is_approved else world.submitted()
    assert world.desk.take_back(AUTHOR, release.id).state == "draft"
    assert entries(world)[-1] == ("account-author", "campaign.take_back", "done")
    with pytest.raises(StateError, match="draft"):
        world.desk.challenge(OFFICER, release.id, POLICE, own_keys=(world.officer_key.pinned,))
    with pytest.raises(StateError):
        world.desk.go_live(APPROVER, release.id)
    again = world.live(changed(folder_files(HK), "campaign.yaml", "fiat_amount >= 200", "fiat_amount >= 300"))
    assert again.id != release.id
    with pytest.raises(StateError):
        world.desk.take_back(AUTHOR, again.id)


def test_a_release_that_begins_ends_the_one_before(world: DeskWorld) -> None:
    """At most one release of a campaign is under way, and the old one says why it ended."""
    first = world.live()
    files = changed(folder_files(HK), "campaign.yaml", "fiat_amount >= 200", "fiat_amount >= 300")
    second = world.live(files)
    with world.ledger.reading() as connection:
        states = dict(connection.execute("SELECT id, state FROM campaign_release").fetchall())
        why = connection.execute("SELECT reason FROM campaign_step WHERE release_id = ? ORDER BY id DESC", (first.id,))
        assert f"release {second.id} takes its place" in why.fetchone()[0]
    assert states == {first.id: "ended", second.id: "live"}


def test_pausing_stopping_and_withdrawing(world: DeskWorld) -> None:
    """A pause can be lifted; what was stopped or withdrawn stays so."""
    release = world.live()
    assert world.desk.pause(SECOND, HK, "too many").state == "paused"
    assert world.desk.go_live(APPROVER, release.id, is_shadow=True).state == "shadow"
    assert world.desk.go_live(APPROVER, release.id).state == "live"
    assert world.desk.stop(SECOND, HK, "enough").state == "ended"
    with pytest.raises(StateError):
        world.desk.go_live(APPROVER, release.id)
    again = world.approved()
    assert world.desk.withdraw(APPROVER, again.id, "wrong words").state == "withdrawn"


@pytest.mark.parametrize(("is_shadow", "state"), [(False, "live"), (True, "shadow")])
def test_what_goes_on_is_again_what_it_was_and_nothing_more(world: DeskWorld, is_shadow: bool, state: str) -> None:
    """A shadow that was paused goes on as a shadow, whoever lets it; the chain and the history say what that was."""
    release = world.desk.go_live(APPROVER, world.approved().id, is_shadow=is_shadow)
    world.desk.pause(SECOND, HK, "too many")
    assert world.desk.resume(SECOND, HK).state == state
    assert entries(world)[-1] == ("account-second", "campaign.resume", "done")
    with world.ledger.reading() as connection:
        assert steps_of(connection, release.id)[-1].step == ("resume_shadow" if is_shadow else "resume")
    with pytest.raises(StateError, match="not paused"):
        world.desk.resume(SECOND, HK)


def test_a_pause_within_a_shadow_is_told_from_one_of_what_was_live(world: DeskWorld) -> None:
    """The last state in force counts: live, then a shadow, then paused twice, is a shadow."""
    release = world.live()
    world.desk.pause(SECOND, HK, "")
    world.desk.go_live(APPROVER, release.id, is_shadow=True)
    for _ in range(2):
        world.desk.pause(SECOND, HK, "")
        assert world.desk.resume(SECOND, HK).state == "shadow"


def test_nobody_lets_go_on_what_they_wrote(world: DeskWorld) -> None:
    """An author pauses, because that protects; letting it go on is for others, and the attempt is in the chain."""
    world.live()
    world.desk.pause(AUTHOR, HK, "wait")
    with pytest.raises(SecondPersonError):
        world.desk.resume(AUTHOR, HK)
    assert entries(world)[-1] == ("account-author", "campaign.resume", "refused")


def test_a_partners_withdrawal_ends_the_badge_and_not_the_warning(world: DeskWorld) -> None:
    """The release stays live; the approval is withdrawn, whoever of the agency gave it; a second time there is none."""
    release = world.live()
    other = Actor("officer", "account-colleague")
    world.desk.withdraw_partner(other, HK, release.version, POLICE, "we changed our mind")
    with world.ledger.reading() as connection:
        assert connection.execute("SELECT state FROM campaign_release").fetchone() == ("live",)
        assert connection.execute("SELECT withdrawn_by FROM campaign_approval WHERE side <> 'operator'").fetchone() == (
            "account-colleague",
        )
    with pytest.raises(NotFoundError):
        world.desk.withdraw_partner(other, HK, release.version, POLICE, "again")


def test_a_partners_withdrawal_before_it_began_withdraws_the_release(world: DeskWorld) -> None:
    """Nothing that a partner took back goes live."""
    release = world.approved()
    world.desk.withdraw_partner(OFFICER, HK, release.version, POLICE, "no")
    with pytest.raises(StateError):
        world.desk.go_live(APPROVER, release.id)


def test_a_pack_of_the_folder_can_be_stopped_too(world: DeskWorld) -> None:
    """One click stops what was never released from here; a second click says that nothing is under way."""
    assert world.desk.stop(SECOND, HK, "harm").state == "ended"
    with pytest.raises(NotFoundError):
        world.desk.stop(SECOND, HK, "again")


def test_what_cannot_be_approved_cannot_be_submitted(world: DeskWorld) -> None:
    """A partner without a pinned key, a holdout without a plan, and any fault of the pack, with file and line."""
    files = folder_files(HK)
    world.change_partner(keys=())
    with pytest.raises(InputError, match="no officer's key is pinned"):
        world.submitted(files)
    text = files["release.yaml"]
    with pytest.raises(InputError, match="a holdout needs its plan"):
        world.submitted({**files, "release.yaml": text[: text.index("\nplan:") + 1]})
    with pytest.raises(InputError) as refused:
        world.submitted(changed(files, "campaign.yaml", "intervention: confirm", "intervention: shout"))
    fault = refused.value.faults[0]
    assert (fault.where, fault.field) == (f"{HK}/campaign.yaml", "intervention")
    assert fault.line is not None


def test_an_officer_can_approve_again_what_is_live(world: DeskWorld) -> None:
    """After a withdrawal the same partner may return; the state of the release does not change."""
    release = world.live()
    world.desk.withdraw_partner(OFFICER, HK, release.version, POLICE, "wait")
    assert world.approve(release, POLICE, OFFICER, world.officer_key).state == "live"


OVER: dict[str, Callable[[DeskWorld, int], object]] = {
    "withdrawn": lambda world, release: world.desk.withdraw(APPROVER, release, "wrong words"),
    "withdrawn while live": lambda world, release: (
        world.desk.go_live(APPROVER, release),
        world.desk.withdraw(APPROVER, release, "wrong words"),
    ),
    "stopped": lambda world, release: (
        world.desk.go_live(APPROVER, release),
        world.desk.stop(SECOND, HK, "harm"),
    ),
    "taken back": lambda world, release: world.desk.take_back(AUTHOR, release),
}


@pytest.mark.parametrize("what", OVER)
def test_the_operators_approval_ends_with_its_release(world: DeskWorld, what: str) -> None:
    """Submitted again without a change, and signed again by the officer, it waits for the operator's approver."""
    first = world.approved()
    OVER[what](world, first.id)
    again = world.submitted()
    assert (again.version, again.release_hash) == (first.version, first.release_hash)
    assert world.approve(again, POLICE, OFFICER, world.officer_key).state == "in_review"
    with pytest.raises(StateError):
        world.desk.go_live(APPROVER, again.id)
    assert world.approve(again, OPERATOR, APPROVER, world.approver_key).state == "approved"
    assert world.desk.go_live(APPROVER, again.id).state == "live"


def test_what_was_sent_back_is_approved_afresh(world: DeskWorld) -> None:
    """An approver who approved and then sent it back has approved nothing of the next submission."""
    first = world.submitted()
    world.approve(first, OPERATOR, APPROVER, world.approver_key)
    world.desk.send_back(APPROVER, first.id, "read it once more")
    again = world.submitted()
    assert world.approve(again, POLICE, OFFICER, world.officer_key).state == "in_review"
    assert release_view(world.ledger, again.id, world.around()).sides == {OPERATOR: "not given yet", POLICE: None}
    assert release_view(world.ledger, first.id, world.around()).sides[OPERATOR] == "withdrawn"


def test_sending_a_second_submission_back_leaves_the_live_one_approved(world: DeskWorld) -> None:
    """What an author submits beside a live release, and takes back, is no way to end its approval."""
    first = world.live()
    written_again = {name: text + "\n" if name == "campaign.yaml" else text for name, text in folder_files(HK).items()}
    again = world.submitted(written_again)
    assert again.version == first.version
    world.desk.take_back(AUTHOR, again.id)
    sides = release_view(world.ledger, first.id, world.around()).sides
    assert sides == {OPERATOR: None, POLICE: None}
