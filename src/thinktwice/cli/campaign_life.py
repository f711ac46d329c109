"""``thinktwice campaign import|export|diff|list|publish|pause|resume|stop|lift|approvals|verify|keys``.

Invariants: what is exported after an import is the imported files, byte for byte; ``diff`` tells meaning apart from
text; ``publish`` begins only what both sides approved; ``verify`` needs no database, only an export and the file of
partners. Every act goes into the audit chain under the name of the user of this machine.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from thinktwice.cli.faults import Exit, reporting_faults, say
from thinktwice.errors import InputError

DataOption = Annotated[Path | None, typer.Option("--data", help="Data folder; default from settings.")]
CampaignArgument = Annotated[str, typer.Argument(help="Id of a campaign.")]
BecauseOption = Annotated[str, typer.Option("--because", help="Why, for whoever asks later.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]

_RELEASE: Final = "release:"


def register(app: typer.Typer) -> None:
    """Add the commands to ``thinktwice campaign``."""
    for name, command in (
        ("import", import_folder),
        ("export", export),
        ("diff", diff),
        ("list", list_campaigns),
        ("publish", publish),
        ("pause", pause),
        ("resume", resume),
        ("stop", stop),
        ("lift", lift),
        ("approvals", approvals),
        ("verify", verify),
        ("keys", keys),
    ):
        app.command(name)(reporting_faults()(command))


@dataclass(frozen=True, slots=True)
class _Office:
    """The desk, and who sits at it."""

    desk: Any  # CampaignDesk; its module is slow to load and only needed inside a command
    ledger: Any
    source: Any
    actor: Any


@contextmanager
def _office(data: Path | None) -> Iterator[_Office]:
    """Open the campaign desk of a data folder, brought up to date first."""
    from thinktwice.audit.ledger import Ledger
    from thinktwice.bootstrap.campaign_source import CampaignSource
    from thinktwice.bootstrap.campaigning import campaign_desk
    from thinktwice.bootstrap.choices import installation_of
    from thinktwice.cli.acting import cli_actor
    from thinktwice.settings import load_settings
    from thinktwice.storage.layout import DataFolder
    from thinktwice.storage.migrate import migrate

    settings = load_settings(**({"data": data} if data else {}))
    migrate(settings.data)
    installation = installation_of(settings)
    with closing(Ledger(DataFolder(settings.data).control)) as ledger:
        desk = campaign_desk(settings, installation, ledger)
        yield _Office(desk, ledger, CampaignSource(settings, installation), cli_actor())


def import_folder(
    folder: Annotated[Path, typer.Argument(help="Folder of one pack.")],
    data: DataOption = None,
    is_submitted: Annotated[bool, typer.Option("--submit", help="Ask for approval at once.")] = False,
) -> None:
    """Save a folder as the newest revision of its campaign's draft."""
    from thinktwice.campaigns.content import read_folder

    files = read_folder(folder)
    campaign = folder.resolve().name
    with _office(data) as office:
        newest = office.desk.drafts.revisions(campaign)
        before = newest[-1].revision if newest else 0
        draft = office.desk.save_draft(office.actor, campaign, files, based_on=before)
        same = " (as it was)" if draft.revision == before else ""
        typer.echo(f"{campaign}: revision {draft.revision}{same}")
        if is_submitted:
            release = office.desk.submit(office.actor, campaign, draft.revision)
            typer.echo(f"{campaign}: release {release.id} in review; version {release.version[:12]}")


def export(
    what: Annotated[
        str, typer.Argument(help="A campaign's draft, such as hk or hk@3, or a release, such as release:7.")
    ],
    folder: Annotated[Path, typer.Argument(help="Where the folder of the pack is made.")],
    data: DataOption = None,
) -> None:
    """Write a draft or a release as a folder, byte for byte as it was written."""
    from thinktwice.campaigns.content import write_folder

    with _office(data) as office:
        campaign, files = _named(office, what)
    target = folder / campaign
    if target.exists() and any(target.iterdir()):
        raise InputError.of("is there already; choose another folder", where=str(target))
    target.mkdir(parents=True, exist_ok=True)
    write_folder(files, target)
    typer.echo(str(target))


def diff(
    before: Annotated[str, typer.Argument(help="A folder, a draft (hk, hk@3) or a release (release:7).")],
    after: Annotated[str, typer.Argument(help="The same, to compare with.")],
    data: DataOption = None,
    is_text: Annotated[bool, typer.Option("--text", help="Show the lines too.")] = False,
) -> None:
    """Say what differs in meaning between two packs; exit 1 when anything does."""
    from thinktwice.campaigns.comparing import differences, staff_differences
    from thinktwice.campaigns.merging import diff_files
    from thinktwice.campaigns.publishing import meant

    with _office(data) as office:
        (one, old), (other, new) = _named(office, before), _named(office, after)
        around = office.source.around()
        first, second = meant(one, old, around), meant(other, new, around)
    found = differences(first.content, second.content)
    for line in found:
        typer.echo(str(line))
    if first.version == second.version and first.release_hash != second.release_hash:
        typer.echo("release.yaml: schedule, weights, limits or plan differ")
    for line in (staff := staff_differences(first.pack, second.pack)):
        typer.echo(f"for staff only: {line}")
    if is_text:
        typer.echo(diff_files(old, new, names=(before, after)), nl=False)
    if first.release_hash == second.release_hash:
        say("the same for customers; what only staff read differs" if staff else "the same in meaning")
        return
    raise typer.Exit(Exit.NO)


def list_campaigns(data: DataOption = None, as_json: JsonOption = False) -> None:
    """List drafts and releases with their state."""
    from thinktwice.campaigns.overview import overview

    with _office(data) as office:
        rows = overview(office.ledger)
    if as_json:
        typer.echo(json.dumps([row.as_json() for row in rows], indent=2, ensure_ascii=False))
        return
    for row in rows:
        draft = f"draft {row.draft}" if row.draft else "no draft"
        typer.echo(f"{row.campaign}: {draft}{'; limited' if row.limit else ''}")
        for release in row.releases:
            typer.echo(f"  release {release.id}: {release.state.replace('_', ' ')}; version {release.version[:12]}")


def publish(
    release_id: Annotated[int, typer.Argument(help="Number of an approved release.")],
    data: DataOption = None,
    is_shadow: Annotated[bool, typer.Option("--shadow", help="Decide and record, show nothing.")] = False,
) -> None:
    """Let an approved release begin; refused when anything is no longer as approved."""
    with _office(data) as office:
        release = office.desk.go_live(office.actor, release_id, is_shadow=is_shadow)
    typer.echo(f"{release.campaign}: release {release.id} is {release.state}")


def pause(campaign: CampaignArgument, because: BecauseOption, data: DataOption = None) -> None:
    """Pause what is under way of a campaign; `resume` lets it go on."""
    reason = _reason(because)
    with _office(data) as office:
        release = office.desk.pause(office.actor, campaign, reason)
    typer.echo(f"{campaign}: release {release.id} is paused")


def resume(campaign: CampaignArgument, data: DataOption = None) -> None:
    """Let what is paused go on as what it was: live, or a shadow."""
    with _office(data) as office:
        release = office.desk.resume(office.actor, campaign)
    typer.echo(f"{campaign}: release {release.id} is {release.state}")


def stop(campaign: CampaignArgument, because: BecauseOption, data: DataOption = None) -> None:
    """Stop a campaign in every process within a second, also one that lies in the folder of packs."""
    reason = _reason(because)
    with _office(data) as office:
        release = office.desk.stop(office.actor, campaign, reason)
    typer.echo(f"{campaign}: release {release.id} is {release.state}")


def lift(campaign: CampaignArgument, because: BecauseOption, data: DataOption = None) -> None:
    """Lift a limit that stopped or softened a campaign; it counts afresh."""
    reason = _reason(because)
    with _office(data) as office:
        office.desk.lift_limit(office.actor, campaign, reason)
    typer.echo(f"{campaign}: no limit stands")


def approvals(
    campaign: CampaignArgument,
    data: DataOption = None,
    is_verified: Annotated[bool, typer.Option("--verify", help="Verify each under the pinned keys.")] = False,
    out: Annotated[Path | None, typer.Option("--export", help="Write them to a file for `verify`.")] = None,
) -> None:
    """List approvals; with ``--verify`` exit 1 when one that was not withdrawn does not stand."""
    from thinktwice.campaigns.approval import as_json
    from thinktwice.campaigns.signing import approvals_of_campaign, why_not_standing

    with _office(data) as office:
        with office.ledger.reading() as connection:
            found = approvals_of_campaign(connection, campaign)
        partners = office.source.around().partners
    is_bad = False
    for one in found:
        why = why_not_standing(one, partners) if is_verified else ("withdrawn" if one.withdrawn_at else None)
        is_bad = is_bad or (why is not None and one.withdrawn_at is None)
        stands = f"does not stand: {why}" if why else ("verified" if is_verified else "given")
        said = one.statement
        typer.echo(f"{one.approved_at.isoformat()} {said.side} version {said.version[:12]}: {stands}")
    if out is not None:
        exported = [as_json(one.statement, one.assertion, one.public_key) for one in found]
        out.write_text(json.dumps(exported, indent=2) + "\n", "utf-8")
    if is_bad:
        raise typer.Exit(Exit.NO)


def verify(
    file: Annotated[Path, typer.Argument(help="What `approvals --export` wrote.")],
    partners: Annotated[Path, typer.Option("--partners", help="Folder with partners.yaml, which pins the keys.")],
    data: DataOption = None,
) -> None:
    """Verify exported approvals without any database; exit 1 when one does not hold."""
    from thinktwice.campaigns.approval import from_json, why_not
    from thinktwice.campaigns.partners import load_partners

    del data
    try:
        found = json.loads(file.read_text("utf-8"))
    except ValueError as error:
        raise InputError.of(f"is not JSON: {error}", where=str(file)) from error
    if not isinstance(found, list):
        raise InputError.of("is no list of approvals", where=str(file))
    pinned, is_bad = load_partners(partners), False
    for one in found:
        statement, assertion = from_json(one if isinstance(one, dict) else {})
        why = why_not(statement, assertion, pinned.keys_of(statement.side))
        is_bad = is_bad or why is not None
        typer.echo(f"{statement.side} version {statement.version}: {f'does not hold: {why}' if why else 'verified'}")
    if is_bad or not found:
        raise typer.Exit(Exit.NO)


def keys(
    partners: Annotated[Path, typer.Option("--partners", help="Folder with partners.yaml, which pins the keys.")],
    data: DataOption = None,
) -> None:
    """Print the fingerprint of every pinned key, to be compared with its holder over the telephone."""
    from thinktwice.campaigns.partners import OPERATOR, load_partners

    del data
    found = load_partners(partners)
    for side in (OPERATOR, *found.by_id):
        for key in found.keys_of(side):
            typer.echo(f"{side} {key.fingerprint} ({key.rp_id})")


def _reason(because: str) -> str:
    """Return what was said.

    Raises:
        InputError: it says nothing.
    """
    if not because.strip():
        raise InputError.of("say why, for whoever asks later", field="--because")
    return because.strip()


def _named(office: _Office, what: str) -> tuple[str, Any]:
    """Return campaign and files of a folder, a draft or a release."""
    from thinktwice.campaigns.content import read_folder
    from thinktwice.campaigns.releasing import find_release

    if Path(what).is_dir():
        return Path(what).resolve().name, read_folder(Path(what))
    if what.startswith(_RELEASE) and what.removeprefix(_RELEASE).isdecimal():
        with office.ledger.reading() as connection:
            release = find_release(connection, int(what.removeprefix(_RELEASE)))
        return release.campaign, release.files
    campaign, _, revision = what.partition("@")
    if revision and not revision.isdecimal():
        raise InputError.of("write a folder, a campaign, campaign@revision, or release:number", field=what)
    drafts = office.desk.drafts
    draft = drafts.revision(campaign, int(revision)) if revision else drafts.latest(campaign)
    return campaign, draft.files
