"""The partner's edition, published from the console into what the portal may read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.campaign_desk import HK, POLICE
from tests.support.console import NOW, Console, open_console
from thinktwice.audit.ledger import Ledger
from thinktwice.bootstrap.choices import installation_of, load_campaigns
from thinktwice.bootstrap.reporting import Reporting
from thinktwice.campaigns.editions import published_editions, published_for
from thinktwice.errors import UnavailableError
from thinktwice.jobs.files import FinishedFiles
from thinktwice.jobs.seam import Tasks
from thinktwice.jobs.store import SqliteJobs
from thinktwice.keyring.keys import TEST_KEYRING
from thinktwice.measurement.copies import Copies
from thinktwice.measurement.published.reading import from_json, show
from thinktwice.measurement.results import Results, all_declared
from thinktwice.records.catalogue import CATALOGUE
from thinktwice.settings import load_settings
from thinktwice.storage.layout import DataFolder
from thinktwice.storage.migrate import migrate
from thinktwice.web.console.results.desk import ResultsDesk
from thinktwice.web.console.results.pages import AREA
from thinktwice.web.console.results.standings import Standings


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Console, Results]]:
    data = tmp_path_factory.mktemp("published")
    migrate(data)
    settings = load_settings(data=data)
    declared = all_declared(load_campaigns(settings, installation_of(settings)).library)
    results = Results(folder=DataFolder(data), catalogue=CATALOGUE, currency="USD", declared=lambda: declared)
    standings = Standings(lambda name: results.analysis(name, NOW).verdict, lambda: NOW)
    ledger = Ledger(DataFolder(data).control)
    jobs = SqliteJobs(ledger, Tasks())
    desk = ResultsDesk(
        results=results,
        declared=lambda: declared,
        standings=standings,
        write=Reporting(results=results, operator="Harbour Exchange", keyring=lambda: TEST_KEYRING).write,
        copies=Copies(ledger, jobs, FinishedFiles(DataFolder(data).finished)),
    )
    made = open_console(data, [AREA], desks={ResultsDesk: desk})
    yield made, results
    standings.close()
    jobs.close()
    ledger.close()
    made.ledger.close()


def test_what_is_published_is_the_edition_of_that_moment(opened: tuple[Console, Results]) -> None:
    """Read back it is the edition, whole; the act is in the chain; whoever only reads results cannot do it."""
    console, results = opened
    author = console.sign_in("author")
    assert "Publish the partner's edition" not in console.get(f"/results/{HK}", author).text
    assert console.post(f"/results/{HK}/publication", {}, author).status_code == 403
    assert published_editions(console.ledger, HK) == ()
    approver = console.sign_in("approver", account_id="acc_2")
    assert console.post(f"/results/{HK}/publication", {}, approver).status_code == 303
    (found,) = published_editions(console.ledger, HK)
    assert found.partners == (POLICE,)
    assert published_for(console.ledger, POLICE) == {HK}
    assert published_for(console.ledger, "hk-police") == frozenset()
    read = from_json(found.content)
    assert read == results.edition(HK, read.until)
    assert "Published last:" in console.get(f"/results/{HK}", approver).text
    with console.ledger.reading() as connection:
        (entry,) = connection.execute("SELECT actor_id FROM audit_entry WHERE act = 'results.publish'").fetchall()
    assert entry == ("acc_2",)


def test_a_campaign_without_a_partner_is_published_for_nobody(opened: tuple[Console, Results]) -> None:
    """There is no button, and a forged form is refused."""
    console, _results = opened
    approver = console.sign_in("approver", account_id="acc_2")
    assert "For the partners" not in console.get("/results/new-destination", approver).text
    assert console.post("/results/new-destination/publication", {}, approver).status_code == 409


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"format": "thinktwice-partner-edition-1", "edition": {}}'])
def test_what_cannot_be_read_is_said_so(content: str) -> None:
    """Another format, or half of one, is not shown as results."""
    with pytest.raises(UnavailableError, match="cannot be read here"):
        show(content, "en", operator="x", css_href="/x.css", home=("/", "x"))
