"""``thinktwice campaign``: check packs and see their pages before anybody is shown them.

Invariants: ``check`` says every fault at once, with file, line and field, and ends with 2 when there is one; warnings
change the exit code under ``--strict`` only, open points never; nothing here releases anything.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from thinktwice.bootstrap.choices import installation_of
from thinktwice.campaigns.library import content_of
from thinktwice.campaigns.pack import Pack
from thinktwice.campaigns.partners import Partner, load_partners
from thinktwice.campaigns.reading import Surroundings, read_pack
from thinktwice.campaigns.version import hash_of
from thinktwice.cli import campaign_checking, campaign_life
from thinktwice.cli.faults import Exit, reporting_faults, say, say_faults
from thinktwice.contacts.loading import load_contacts, shipped_contacts
from thinktwice.errors import InputError
from thinktwice.settings import load_settings
from thinktwice.storage.layout import DataFolder

app = typer.Typer(help="Check, preview, approve, publish and stop campaigns.", no_args_is_help=True)
campaign_life.register(app)

ContactsOption = Annotated[Path | None, typer.Option("--contacts", help="Folder of contacts; default from settings.")]
DataOption = Annotated[Path | None, typer.Option("--data", help="Data folder; not needed here.")]


@app.command("new")
@reporting_faults()
def new(
    folder: Annotated[Path, typer.Argument(help="Folder to make; its name is the pack's id.")],
    jurisdiction: Annotated[str, typer.Option(help="Two letters of ISO 3166, such as MY.")],
    locale: Annotated[list[str], typer.Option(help="A language, such as ms; may be given again.")] = [],  # noqa: B006 - typer copies it
    typology: Annotated[list[str], typer.Option(help="A kind of scam, the default story first.")] = ["investment"],  # noqa: B006 - typer copies it
    contacts: Annotated[Path | None, typer.Option(help="Folder in which the contacts are begun too.")] = None,
    data: DataOption = None,
) -> None:
    """Begin a jurisdiction's pack from the words that are used everywhere, as a draft."""
    del data
    # Imported here: only this command needs the names of all territories.
    from thinktwice.cli.campaign_new import new_pack

    currency = load_settings().reporting_currency
    now = datetime.now(UTC)
    for path in new_pack(folder, jurisdiction, locale, typology, contacts=contacts, currency=currency, now=now):
        typer.echo(path)


@app.command("check")
@reporting_faults()
def check(
    folder: Annotated[Path | None, typer.Argument(help="Folder of one pack, or of several.")] = None,
    contacts: ContactsOption = None,
    strict: Annotated[bool, typer.Option("--strict", help="End with 1 when there is a warning.")] = False,
    checklist: Annotated[bool, typer.Option("--checklist", help="Print what only a reviewer can see.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    data: DataOption = None,
) -> None:
    """Say everything that is wrong with packs, with file and line; otherwise their versions and what is open."""
    del data
    if checklist:
        typer.echo("\n".join(f"[ ] {question}" for question in campaign_checking.CHECKLIST))
        return
    if folder is None:
        raise InputError.of("name the folder of a pack, or of several")
    around, contacts_dir = _surroundings(contacts), _contacts_dir(contacts)
    found = [campaign_checking.check_pack(pack, around, contacts_dir) for pack in _packs_below(folder)]
    faults = [fault for one in found for fault in one.reading.faults]
    if as_json:
        packs = [campaign_checking.as_json(one) for one in found]
        typer.echo(json.dumps({"packs": packs}, indent=2, ensure_ascii=False))
    else:
        for one in found:
            for line in campaign_checking.lines_of(one):
                say(line)
            if one.version:
                typer.echo(f"{one.id}: {one.state}; {one.reach}; version {one.version[:12]}")
    if faults:
        say_faults([campaign_checking.shortly(fault) for fault in faults])
        raise typer.Exit(Exit.UNUSABLE_INPUT)
    if strict and any(one.warnings for one in found):
        raise typer.Exit(Exit.NO)


@app.command("preview")
@reporting_faults()
def preview(  # noqa: PLR0917 - each is an option of the command line
    folder: Annotated[Path, typer.Argument(help="Folder of one pack.")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Where the page is written, such as preview.html.")
    ] = None,
    sheet: Annotated[
        Path | None, typer.Option(help="Write all languages, rungs and themes to one .pdf, .png or .html.")
    ] = None,
    locale: Annotated[str, typer.Option(help="Language, such as en or zh-Hant.")] = "en",
    jurisdiction: Annotated[str | None, typer.Option(help="Whose contacts; default: the pack's first.")] = None,
    arm: Annotated[str | None, typer.Option(help="Which arm the page is of; default: the pack's first.")] = None,
    contacts: ContactsOption = None,
    data: Annotated[Path | None, typer.Option(help="Data folder, for approvals; default from settings.")] = None,
) -> None:
    """Write the pages of a pack, as a customer would see them, with made-up figures.

    A page carries the badge of those partners who approved this version; the sheet shows it as it will be, and says so.
    """
    # Imported here: the page's templates and figures are slow to load and only needed now.
    from thinktwice.cli.campaign_preview import preview_pages

    if out is None and sheet is None:
        raise InputError.of("say where: --out page.html, or --sheet all.pdf")
    around = _surroundings(contacts)
    reading = read_pack(folder, around)
    if reading.pack is None:
        raise InputError(*reading.faults)
    if locale not in reading.pack.messages:
        known = ", ".join(sorted(reading.pack.messages))
        raise InputError.of(f"the pack has no {locale}; it has {known}", field="locale", where=str(folder))
    if arm is not None and arm not in reading.pack.arms:
        there = ", ".join(reading.pack.arms)
        raise InputError.of(f"the pack has no arm {arm}; it has {there}", field="arm", where=str(folder))
    now = datetime.now(UTC)
    approved = _approved(reading.pack, around, jurisdiction, data)
    if sheet is not None:
        _write_sheet(reading.pack, around, jurisdiction, now, sheet, approved)
    if out is not None:
        pages = preview_pages(reading.pack, around.contacts, locale, jurisdiction, now, out, arm=arm, badge=approved)
        for path, html in pages.items():
            path.write_text(html, "utf-8")
            typer.echo(path)


def _write_sheet(
    pack: Pack, around: Surroundings, jurisdiction: str | None, now: datetime, sheet: Path, approved: Sequence[Partner]
) -> None:
    from thinktwice.cli.campaign_sheet import cells_of, write_sheet

    known = around.partners.by_id
    badge = [known[name] for name in pack.partners if name in known]
    awaited = [partner.name for partner in badge if partner not in approved]
    cells = list(cells_of(pack, around.contacts, jurisdiction, now, badge=badge))
    version = hash_of(content_of(pack, around))
    written = write_sheet(pack, version, cells, now, sheet, awaited=awaited)
    files = str(sheet) if len(written) == 1 else f"{len(written)} pictures, {', '.join(map(str, written))}"
    typer.echo(f"{files}: {len(cells)} pages of version {version[:12]}")


def _approved(pack: Pack, around: Surroundings, jurisdiction: str | None, data: Path | None) -> Sequence[Partner]:
    """Return the partners whose badge would stand beside these very words now."""
    from thinktwice.bootstrap.previewing import first_jurisdiction
    from thinktwice.campaigns.badge import Badges, Showing

    settings = load_settings(**({"data": data} if data else {}))
    control, place = DataFolder(settings.data).control, jurisdiction or first_jurisdiction(pack)
    if not around.partners.by_id or not control.exists():
        return ()
    with closing(Badges(control, lambda: around.partners)) as badges:
        showing = Showing(contacts=around.contacts, jurisdiction=place, today=around.today)
        return badges.shown(pack.id, hash_of(content_of(pack, around)), showing)


def _packs_below(folder: Path) -> Sequence[Path]:
    """Return the folder itself when it is a pack, else the packs in it."""
    if not folder.is_dir():
        raise InputError.of("there is no such folder", where=str(folder))
    if (folder / "campaign.yaml").exists() or (folder / "release.yaml").exists():
        return [folder]
    found = sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))
    if not found:
        raise InputError.of("holds no pack; a pack is a folder with campaign.yaml", where=str(folder))
    return found


def _contacts_dir(given: Path | None) -> Path:
    return given or load_settings().contacts_dir or shipped_contacts()


def _surroundings(contacts_dir: Path | None) -> Surroundings:
    """Return what packs are checked against: settings, contacts, partners and the day."""
    settings = load_settings()
    return Surroundings(
        catalogue=installation_of(settings).catalogue,
        contacts=load_contacts(_contacts_dir(contacts_dir)),
        today=datetime.now(UTC).date(),
        currency=settings.reporting_currency,
        partners=load_partners(settings.partners_dir),
    )
