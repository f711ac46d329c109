"""What the pages of campaigns work with: the desk of campaigns, what lies in the folders, and the preview.

Invariant: reads only; every act goes through ``CampaignDesk``, which enters it in the audit chain.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol

from thinktwice.audit.ledger import Actor, Ledger
from thinktwice.campaigns.comparing import Difference, differences
from thinktwice.campaigns.content import check_id, read_files, read_folder
from thinktwice.campaigns.desk import CampaignDesk
from thinktwice.campaigns.drafts import Draft
from thinktwice.campaigns.lifecycle import UNDER_WAY, WAITING, State
from thinktwice.campaigns.limiting import StandingLimit, standing_limits
from thinktwice.campaigns.merging import Files
from thinktwice.campaigns.overview import CampaignRow, ReleaseView, overview, release_view
from thinktwice.campaigns.pack import Pack
from thinktwice.campaigns.publishing import meant
from thinktwice.campaigns.reading import Reading, Surroundings
from thinktwice.campaigns.releasing import CampaignRelease, find_release, governed, last_in_force, releases_of, steps_of
from thinktwice.campaigns.submitted import title_of
from thinktwice.errors import InputError, NotFoundError
from thinktwice.web.console.results.standings import Standings

_SOURCE: Final = re.compile(r"(draft|release)-([0-9]{1,9})")


class Preview(Protocol):
    """Renders one screen of a pack exactly as customers get it."""

    def __call__(self, pack: Pack, *, locale: str, rung: str, screen: str, arm: str | None = None) -> str:
        """Return the page of one arm; NotFoundError when this rung has no such screen."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One campaign of the list; ``state`` is of what is under way, or waits, or was last."""

    campaign: str
    title: str
    state: str
    release: CampaignRelease | None
    waiting: CampaignRelease | None
    given: int
    asked: int
    draft: int | None
    limit: StandingLimit | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One thing in the history of a campaign."""

    at: datetime
    what: str
    actor: Actor
    reason: str | None = None
    release: int | None = None
    revision: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignRoom:
    """Everything about campaigns; ``folder`` holds those that are in force as they lie, ``shipped`` ours."""

    desk: CampaignDesk
    ledger: Ledger
    around: Callable[[], Surroundings]
    folder: Path
    shipped: Path
    preview: Preview
    name_of: Callable[[str], str | None]
    standings: Standings

    def lines(self) -> tuple[Line, ...]:
        """Return every campaign, what is under way first."""
        rows = {row.campaign: row for row in overview(self.ledger)}
        with self.ledger.reading() as connection:
            taken = governed(connection)
            limits = {one.campaign: one for one in standing_limits(connection)}
        lying = set(_folders(self.folder))
        found = [
            self._line(name, rows.get(name), limits.get(name), is_lying=name in lying - taken)
            for name in {*rows, *lying}
        ]
        order = ("live", "folder", "shadow", "paused", "approved", "in_review", "draft")
        rank = {state: place for place, state in enumerate(order)}
        return tuple(sorted(found, key=lambda one: (rank.get(one.state, len(rank)), one.campaign)))

    def line(self, campaign: str) -> Line:
        """Return one campaign.

        Raises:
            NotFoundError: neither a draft, a release nor a folder has this name.
        """
        found = next((line for line in self.lines() if line.campaign == campaign), None)
        if found is None:
            raise NotFoundError("there is no such campaign")
        return found

    def _line(self, name: str, row: CampaignRow | None, limit: StandingLimit | None, *, is_lying: bool) -> Line:
        releases = row.releases if row else ()
        under_way = next((one for one in releases if one.state in UNDER_WAY), None)
        waiting = next((one for one in releases if one.state in WAITING), None)
        last = releases[0] if releases else None
        state = under_way.state if under_way else "folder" if is_lying else None
        state = state or (waiting.state if waiting else last.state if last else "draft")
        sides = self.view(waiting.id).sides if waiting else {}
        files = next((one.files for one in (under_way, waiting, last) if one), None) or self._newest(name)
        return Line(
            campaign=name,
            title=title_of(files) or name,
            state=state,
            release=under_way or last,
            waiting=waiting,
            given=sum(why is None for why in sides.values()),
            asked=len(sides),
            draft=row.draft if row else None,
            limit=limit,
        )

    def _newest(self, campaign: str) -> Files:
        for source in ("draft", "folder"):
            try:
                return self.files(campaign, source)
            except (NotFoundError, InputError):
                continue
        return {}

    def history(self, campaign: str) -> tuple[Happening, ...]:
        """Return everything that happened to a campaign, newest first."""
        found = list(self._happened(campaign))
        return tuple(sorted(found, key=lambda one: one.at, reverse=True))

    def _happened(self, campaign: str) -> Iterator[Happening]:
        for draft in self.desk.drafts.revisions(campaign):
            yield Happening(at=draft.saved_at, what="save", actor=draft.author, revision=draft.revision)
        with self.ledger.reading() as connection:
            steps = [
                (one.id, step) for one in releases_of(connection, campaign) for step in steps_of(connection, one.id)
            ]
        for release, step in steps:
            yield Happening(at=step.at, what=step.step, actor=step.actor, reason=step.reason, release=release)

    def draft(self, campaign: str, revision: int | None = None) -> Draft:
        """Return a revision of a draft, by default the newest.

        Raises:
            NotFoundError: there is none.
        """
        drafts = self.desk.drafts
        return drafts.latest(campaign) if revision is None else drafts.revision(campaign, revision)

    def view(self, release: int) -> ReleaseView:
        """Return one release with everything about it.

        Raises:
            NotFoundError: there is none.
        """
        return release_view(self.ledger, release, self.around())

    def was(self, release: CampaignRelease) -> State | None:
        """Return as what a release was last in force: of a paused one, what it goes on as."""
        with self.ledger.reading() as connection:
            return last_in_force(connection, release.id)

    def release(self, campaign: str, number: str) -> CampaignRelease:
        """Return one release of a campaign by the number in an address.

        Raises:
            NotFoundError: the campaign has no such release.
        """
        if not (number.isascii() and number.isdecimal() and len(number) <= 9):
            raise NotFoundError("there is no such release")
        with self.ledger.reading() as connection:
            found = find_release(connection, int(number))
        if found.campaign != campaign:
            raise NotFoundError("there is no such release")
        return found

    def files(self, campaign: str, source: str) -> Files:
        """Return the files of ``draft``, ``draft-3``, ``release-7`` or ``folder``.

        Raises:
            NotFoundError: there is none of that name.
        """
        check_id(campaign)
        if source == "draft":
            return self.draft(campaign).files
        if source == "folder":
            if campaign not in _folders(self.folder):
                raise NotFoundError("there is no such folder")
            return read_folder(self.folder / campaign)
        named = _SOURCE.fullmatch(source)
        if named is None:
            raise NotFoundError("there is no such version")
        return (
            self.draft(campaign, int(named[2])).files if named[1] == "draft" else self.release(campaign, named[2]).files
        )

    def sources(self, campaign: str) -> tuple[str, ...]:
        """Return what there is to look at of a campaign, newest first, as ``files`` takes it."""
        row = next((one for one in overview(self.ledger) if one.campaign == campaign), None)
        found = [f"release-{one.id}" for one in row.releases] if row else []
        found += [f"draft-{number}" for number in range((row.draft or 0) if row else 0, 0, -1)]
        return (*found, *(["folder"] if campaign in _folders(self.folder) else []))

    def templates(self) -> Mapping[str, str]:
        """Return the packs that a draft can begin from, ``folder/name`` or ``shipped/name``, with their titles."""
        found = {}
        for kind, folder in (("folder", self.folder), ("shipped", self.shipped)):
            if kind == "shipped" and folder == self.folder:
                continue
            for name in _folders(folder):
                found[f"{kind}/{name}"] = title_of(_read(folder / name)) or name
        return found

    def template(self, key: str) -> Files:
        """Return the files of a pack that a draft can begin from.

        Raises:
            NotFoundError: there is none of that name.
        """
        kind, _, name = key.partition("/")
        folder = {"folder": self.folder, "shipped": self.shipped}.get(kind)
        if folder is None or name not in _folders(folder):
            raise NotFoundError("there is no such pack")
        return read_folder(folder / name)

    def check(self, campaign: str, files: Files) -> Reading:
        """Read a draft as it would be read, faults and all; never raises for what is in it."""
        try:
            return read_files(campaign, files, self.around())
        except InputError as error:
            return Reading(None, error.faults, ())

    def changes(self, campaign: str, before: Files, after: Files) -> tuple[Difference, ...] | None:
        """Return what differs in meaning, or None where one of the two cannot be read."""
        around = self.around()
        try:
            return differences(meant(campaign, before, around).content, meant(campaign, after, around).content)
        except InputError:
            return None


def _folders(folder: Path) -> tuple[str, ...]:
    """Return the names of the packs in a folder; nothing when it is gone."""
    try:
        return tuple(sorted(one.name for one in folder.iterdir() if (one / "campaign.yaml").is_file()))
    except OSError:
        return ()


def _read(folder: Path) -> Files:
    try:
        return read_folder(folder)
    except InputError:
        return {}
