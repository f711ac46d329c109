"""One story: the demo starts, a customer is asked to think twice, goes on, is cleared, and appears in the report."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.support.demo_process import Running, start, stop
from tests.support.watchlists import Lists


@pytest.fixture(scope="module")
def demo() -> Iterator[Running]:
    running = start()
    yield running
    stop(running)


@pytest.fixture
def browser(demo: Running) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=demo.exchange, timeout=30, trust_env=False) as client:
        yield client


def withdraw(browser: httpx.Client, slug: str) -> httpx.Response:
    """Fill in the prepared form of a customer and send it; returns the page that the browser is led to."""
    form = browser.get(f"/customers/{slug}").text
    values = {name: re.search(rf'name="{name}" value="([^"]*)"', form) for name in ("address", "amount")}
    data = {name: found[1] for name, found in values.items() if found}
    assert len(data) == 2
    answer = browser.post(f"/customers/{slug}/withdrawals", data=data)
    assert answer.status_code == 303, answer.text
    return browser.get(answer.headers["location"])


def alert_of(page: httpx.Response) -> str:
    """Return the address of the hosted alert, which the element's place holds for browsers without script."""
    found = re.search(r'<think-twice [^>]*>.*?href="([^"]+)".*?</think-twice>', page.text, re.DOTALL)
    assert found
    return found[1]


def order_page(browser: httpx.Client) -> str:
    """Return the page of the withdrawal that the browser was last concerned with."""
    return browser.get("/return", follow_redirects=True).text


def send(browser: httpx.Client) -> str:
    action = re.search(r'action="(/withdrawals/[^"]+/send)"', order_page(browser))
    assert action
    return browser.post(action[1], follow_redirects=True).text


def test_the_terminal_says_what_was_decided_and_that_it_is_synthetic(demo: Running) -> None:
    """The table of decisions and every address are printed."""
    assert "withdrawals decided (all synthetic)" in demo.output
    assert "new-destination" in demo.output
    assert f"{demo.exchange}/report" in demo.output


def test_withdrawal_alert_continue_clearance_completed_report(demo: Running, browser: httpx.Client) -> None:
    """A first payment leads to the alert; it is not cleared before the customer goes on, and is afterwards."""
    alert_url = alert_of(withdraw(browser, "new-destination"))
    assert alert_url.startswith(f"{demo.api}/alerts/")
    alert = browser.get(alert_url)
    assert alert.status_code == 200
    assert "12,000" in alert.text

    assert "has not cleared" in send(browser)

    second = browser.get(f"{alert_url}/continue")
    assert second.status_code == 200
    form = re.search(r'<form[^>]*action="([^"]*choices)" class="step">(.*?)</form>', second.text, re.DOTALL)
    assert form
    fields = dict(re.findall(r'name="([^"]+)"[^>]*value="([^"]*)"', form[2]))
    chosen = browser.post(httpx.URL(alert_url).join(form[1]), data=fields, follow_redirects=True)
    assert chosen.status_code == 200

    page = send(browser)
    assert "Sent (not really)" in page
    assert "&#34;status&#34;: &#34;cleared&#34;" in page
    assert "&#34;status&#34;: &#34;recorded&#34;" in page

    report = browser.get("/report")
    assert "hk-joint-anti-scam" in report.text
    assert "Counts only, no effects" in report.text
    assert "Synthetic data" in report.text
    assert "/results/hk-joint-anti-scam" in report.text
    results = browser.get("/results/hk-joint-anti-scam", params={"locale": "zh-Hant"})
    assert results.status_code == 200
    assert "有幫助嗎？" in results.text
    assert browser.get("/results/nobody").status_code == 404


@contextmanager
def visitor(url: str, **chosen: str) -> Iterator[httpx.Client]:
    """Choose somebody to be at the door of console or portal, and give the browser that is in."""
    with httpx.Client(base_url=url, timeout=30, trust_env=False, follow_redirects=True) as browser:
        token = re.search(r'name="form_token" value="([^"]*)"', browser.get("/demo").text)
        assert token
        headers = {"Origin": url, "Sec-Fetch-Site": "same-origin"}
        assert browser.post("/demo", data={"form_token": token[1], **chosen}, headers=headers).status_code == 200
        yield browser


def test_agencies_work_is_there_on_both_sides_and_says_that_it_is_invented(demo: Running) -> None:
    """An officer finds requests in the portal, staff the same ones, the agency and its reports in the console."""
    with visitor(demo.portal, who="officer") as officer, visitor(demo.console, role="case_handler") as handler:
        requests = officer.get("/requests")
        assert set(re.findall("DEMO-000[0-9]", requests.text)) == {f"DEMO-000{number}" for number in range(1, 6)}
        assert "Everything here is invented" in requests.text
        assert "Demo officer" in requests.text
        assert "0x5290" in officer.get("/reports").text
        cases = handler.get("/cases").text
        assert "Waits for a second person" in cases
        assert "Demo Police" in cases
        agencies = handler.get("/agencies").text
        assert "Demo Police" in agencies
        assert "Demo Harbour Bureau" in agencies
        assert "Invented: three victims" in handler.get("/reported-addresses").text
    with visitor(demo.portal, who="colleague") as colleague:
        joint = colleague.get("/campaigns").text
        assert "Joint alert with an invented agency" in joint
        version = re.search(r'href="(/campaigns/demo-joint-alert/versions/[0-9a-f]{64})"', joint)
        assert version
        page = colleague.get(version[1]).text
        assert "Please read it as a customer would" in page
        assert "your account has none yet" in page
        assert "Approve with a passkey" not in page
        assert "co-sign" in colleague.get("/reports").text
    with visitor(demo.portal, who="agency_administrator") as administrator:
        assert "Demo colleague" in administrator.get("/officers").text


@pytest.mark.parametrize(
    ("slug", "words"),
    [
        ("established", "Ready to be sent"),
        ("holdout", "Ready to be sent"),
        ("sanctioned", "We cannot carry out this withdrawal"),
        ("api", "This withdrawal waits"),
    ],
)
def test_every_prepared_customer_gets_the_answer_they_stand_for(browser: httpx.Client, slug: str, words: str) -> None:
    """Established and held-out customers go on, sanctions block, the API waits."""
    assert "<think-twice" not in withdraw(browser, slug).text
    assert words in order_page(browser)


def test_only_what_is_cleared_is_sent(browser: httpx.Client) -> None:
    """The exchange sends an established destination at once and never a blocked one."""
    withdraw(browser, "established")
    assert "Sent (not really)" in send(browser)
    withdraw(browser, "sanctioned")
    assert "status: blocked" in send(browser)


@pytest.mark.parametrize("slug", ["lookalike", "listed"])
def test_known_bad_is_warned_without_tipping_off(browser: httpx.Client, slug: str) -> None:
    """A look-alike and a listed destination lead to an alert that names no list."""
    alert = browser.get(alert_of(withdraw(browser, slug)))
    assert alert.status_code == 200
    assert "synthetic-sample" not in alert.text
    assert "watchlist" not in alert.text.lower()


def test_a_bad_address_is_told_in_the_form(browser: httpx.Client) -> None:
    """What ThinkTwice refuses is told beside the form, and nothing is sent."""
    answer = browser.post("/customers/established/withdrawals", data={"address": "", "amount": "1"})
    assert answer.status_code == 422
    assert "destination.address" in answer.text


def test_pages_run_no_inline_script_or_style(browser: httpx.Client) -> None:
    """Every page of the exchange lives under a policy that forbids inline script and style, and needs neither."""
    for path in ("/", "/customers/new-destination", "/report", "/nothing-here"):
        answer = browser.get(path)
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "<script" not in answer.text
        assert "style=" not in answer.text
        assert "<style" not in answer.text


def test_the_exchange_answers_to_loopback_names_only(browser: httpx.Client) -> None:
    """Another site's name that points here is refused."""
    assert browser.get("/", headers={"Host": "evil.example"}).status_code == 421


def test_your_own_lists_are_read_and_never_written(tmp_path: Path) -> None:
    """With --data the visitor's lists decide, the prepared customers of the sample list are gone, nothing is added."""
    own = tmp_path / "own.csv"
    own.write_text("address\n0x7F367cC41522cE07553e823bf3be79A889DEbe1B\n")
    lists = Lists(tmp_path / "data")
    lists.take(own, kind="sanctions")
    before = lists.rows("SELECT source, count(*) FROM indicator GROUP BY source")
    running = start("--data", str(tmp_path / "data"))
    try:
        with httpx.Client(base_url=running.exchange, timeout=30, trust_env=False) as browser:
            assert "sanctioned destination" not in browser.get("/").text
    finally:
        assert stop(running) == 0
    assert lists.rows("SELECT source, count(*) FROM indicator GROUP BY source") == before
    assert lists.rows("SELECT 1 FROM api_key") == []


def test_your_own_history_is_replayed_and_the_prepared_customers_are_still_there(tmp_path: Path) -> None:
    """With --history the visitor's file is decided instead of an invented one; the stage is set all the same."""
    own = tmp_path / "own.csv"
    own.write_text(
        "withdrawal_id,initiated_at,customer.id,customer.jurisdiction,asset,network,amount,fiat_amount,fiat_currency,"
        "destination.address,completed_at\n"
        "w-1,2026-05-22T12:00:00Z,c-1,GB,USDT,tron,1200,1201,USD,TRkYnCecd6ebcbRLPfy71ZwV2jWTcww9NQ,2026-05-22T12:09:00Z\n"
    )
    running = start("--history", str(own))
    try:
        assert "1 withdrawals decided" in running.output
        assert "Everything is synthetic" not in running.output
        with httpx.Client(base_url=running.exchange, timeout=30, trust_env=False) as browser:
            withdraw(browser, "established")
            assert "Ready to be sent" in order_page(browser)
            assert "Synthetic data" not in browser.get("/report").text
    finally:
        stop(running)


def test_a_bad_history_is_refused_with_its_line(tmp_path: Path) -> None:
    """A file that cannot be used ends the demo before it begins, with exit code 2."""
    bad = tmp_path / "bad.jsonl"
    bad.write_text("nonsense\n")
    words = ["demo", "--port", "0", "--demo-port", "0", "--history", str(bad)]
    done = subprocess.run(
        [sys.executable, "-m", "thinktwice.cli.main", *words], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 2
    assert f"{bad}:1: " in done.stderr
