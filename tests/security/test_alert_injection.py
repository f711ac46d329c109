"""Every field that comes from outside, filled with markup: no page and no JSON lets any of it act."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import httpx
import pytest

from tests.support.api_server import ApiServer, serve_everything
from tests.support.attacked_alert import Alert, alert_at, event
from tests.support.world import request

PAYLOADS = (
    "\"'><img src=x onerror=zz7()>",
    "</script><script>zz7()</script>",
    "javascript:zz7()",
    "{{7*7}}${7*7}<svg/onload=zz7()>",
)
FIELDS = (
    "withdrawal_id",
    "asset",
    "network",
    "amount",
    "fiat_currency",
    "channel",
    "customer__id",
    "customer__jurisdiction",
    "customer__locale",
    "destination__address",
    "destination__memo",
    "destination__vasp",
    "destination__vendor_category",
    "session__ip_country",
    "session__risk_flags",
    "attributes__zz7",
    "zz7",
)
GENUINE = "0x25f5e86ef1ee3ff2a4d5c4b37b2fcd1cb3deb02c"
IMITATION = "0x25f56616a9c1d2e3f40516273849a5b6e26db02c"
_STRUCTURE = "html head meta title link script body header nav main section aside footer div ul ol li dl dt dd"
_TEXT = "a h1 h2 p strong em b bdi span wbr mark time details summary"
_FORMS = "form input button label fieldset legend textarea select option"
ELEMENTS = frozenset(f"{_STRUCTURE} {_TEXT} {_FORMS}".split())

BROWSER = httpx.Client(timeout=30)
"""One for all: to make one takes longer than to ask."""


@pytest.fixture(scope="module", autouse=True)
def _gone_afterwards() -> Iterator[None]:
    yield
    BROWSER.close()


class Reader(HTMLParser):
    """Reads a page as a browser would, and refuses whatever could act."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ELEMENTS, tag
        for name, value in attrs:
            assert re.fullmatch(r"[a-z-]+", name), name
            assert not name.startswith("on"), name
            assert name != "style"
            if name in {"href", "src", "action"}:
                assert re.match(r"/|https://|tel:|\?locale=|data:,$", value or ""), (tag, value)
        if tag == "script":
            assert re.fullmatch(r"/alerts/assets/alert\.\w+\.js", dict(attrs).get("src") or "")


def safe(answer: httpx.Response) -> httpx.Response:
    """Refuse an answer in which something from outside could act."""
    said = answer.headers
    kind = said.get("content-type", "").partition(";")[0]
    assert said["x-content-type-options"] == "nosniff"
    assert "script-src 'unsafe" not in said["content-security-policy"]
    assert answer.status_code < 500, answer.text
    assert "zz7" not in str([value for name, value in said.items() if name != "location"])
    assert not re.match(r"[a-z]+:|//", said.get("location", "")), said["location"]
    if kind == "text/html":
        Reader(convert_charrefs=True).feed(answer.text)
        assert "49$" not in answer.text  # {{7*7}} is text, not a template
    else:
        assert kind in {"application/json", "application/problem+json", "text/plain", ""}, kind
        assert kind != "text/plain" or said["content-disposition"].startswith("attachment")
        if "json" in kind:
            answer.json()
    return answer


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiServer]:
    with serve_everything(tmp_path_factory.mktemp("data")) as running:
        yield running


def look_around(alert: Alert, headers: Mapping[str, str] | None = None, query: str = "") -> list[str]:
    """Open every page and every answer of an alert, checked; return their texts."""
    sent = dict(headers or {})
    pages = [f"{alert.page}{rest}{query}" for rest in ("", "/signs", "/continue", "/questions", "/help", "/report.txt")]
    pages += [f"{alert.url}/verify{query}", f"{alert.page}x{query}", f"{alert.page}/zz7{query}"]
    data = [f"{alert.url}/v1/alerts/{alert.id}{rest}{query}" for rest in ("", "/texts", "/zz7")]
    found = [safe(BROWSER.get(page, headers=sent, follow_redirects=True)).text for page in pages]
    return found + [safe(BROWSER.get(one, headers=alert.bearer | sent)).text for one in data]


@pytest.mark.parametrize("field", FIELDS)
def test_no_field_of_a_withdrawal_acts_on_a_page(server: ApiServer, field: str) -> None:
    """Refused with a problem document, or shown as the text that it is."""
    for number, payload in enumerate(PAYLOADS):
        value = [payload] if field == "session__risk_flags" else payload
        fields = {"initiated_at": datetime.now(UTC).isoformat(), "customer__id": f"{field}-{number}"}
        name = payload if field == "withdrawal_id" else f"{field}-{number}"
        body = request(name, **fields | ({} if field == "withdrawal_id" else {field: value}))
        answer = safe(BROWSER.post(f"{server.url}/v1/decisions", json=body, headers=server.headers))
        assert answer.status_code in {200, 422}, answer.text
        if answer.status_code == 200 and (made := answer.json()["alert"]):
            look_around(Alert(server.url, made["id"], made["token"]))


def test_an_address_of_markup_is_shown_as_text(server: ApiServer) -> None:
    """The one field that anybody may choose freely reaches the page, escaped."""
    alert = alert_at(server.url, server.headers, "address", destination__address=PAYLOADS[0])
    page = look_around(alert)[0]
    assert "&lt;img src=x onerror=zz7()&gt;" in page


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_a_browser_sends_acts_on_a_page(server: ApiServer, payload: str) -> None:
    """Choices, answers, typed characters, the report, details of events, codes: nothing comes back as markup."""
    alert = alert_at(server.url, server.headers, "forms")
    form = {"event_id": "event-0001", "locale": payload, "step": payload, "viewport": payload, "asked": payload}
    form |= {"about": payload, "q-contact": payload, "q-origin": payload, payload: payload, "marked": payload}
    told = {"site": payload, "txid": payload, "how": payload}
    claimed = {"locale": payload, "viewport": payload, "badge": payload, "zz": payload, "site": payload}
    with httpx.Client(follow_redirects=True, timeout=30) as browser:
        safe(browser.post(f"{alert.page}/questions", data=form))
        for choice in (payload, "help", "answered", "continued"):
            safe(browser.post(f"{alert.page}/choices", data=form | {"choice": choice}))
        safe(alert.send(event("seen", "event-0002", detail=claimed)))
        safe(alert.send(event("seen", payload)))
        safe(alert.send(event("seen", "event-0003", detail={payload: "x"})))
        safe(alert.send(event("seen", "event-0004") | {payload: payload}))
        safe(browser.post(f"{alert.page}/choices", data=form | {"choice": "cancelled", "event_id": "event-0005"}))
        safe(browser.post(f"{alert.page}/choices", data=form | told | {"choice": "reported", "event_id": "event-0006"}))
        safe(browser.post(f"{server.url}/verify", data={"code": payload, "locale": payload}))
    shown = look_around(alert)
    assert any("zz7()" in text for text in shown)  # the report holds what was written into it, as text


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_around_a_request_acts_on_a_page(server: ApiServer, payload: str) -> None:
    """Query, languages, host, what proxies forward, and the path itself."""
    alert = alert_at(server.url, server.headers, "around")
    quoted = str(httpx.QueryParams({"locale": payload, payload: payload}))
    look_around(alert, query=f"?{quoted}")
    forwarded = ("Host", "Port", "Proto", "Prefix", "For", "Uri", "Path")
    around = {f"X-Forwarded-{name}": payload for name in forwarded}
    look_around(alert, around | {"Accept-Language": payload, "Forwarded": f"host={payload}", "Referer": payload})
    look_around(alert, {"X-Original-Url": payload, "X-Rewrite-Url": payload, "User-Agent": payload, "Origin": payload})
    for host in (
        payload,
        f"localhost:80@{payload}",
        f"localhost:{payload}",
        "evil.example",
        "localhost:80@evil.example",
    ):
        for path in (alert.page, f"{alert.page}/signs/", f"{server.url}/verify", f"{server.url}/verify/"):
            assert "evil" not in safe(BROWSER.get(path, headers={"Host": host})).text
    for path in ("/alerts/", "/alerts/assets/", "/verify/", "/v1/alerts/", "/v1/"):
        safe(BROWSER.get(httpx.URL(server.url).join(path + httpx.URL("/", params={"x": payload}).query.decode())))


def test_characters_typed_for_a_lookalike_are_not_repeated(server: ApiServer) -> None:
    """What was typed is judged, told to be wrong, and neither shown nor kept."""
    now = datetime.now(UTC).isoformat()
    body = request("known", destination__address=GENUINE, customer__id="typing", initiated_at=now)
    BROWSER.post(f"{server.url}/v1/decisions", json=body, headers=server.headers)
    done = event("withdrawal.completed", "done-typing", withdrawal_id="known")
    BROWSER.post(f"{server.url}/v1/events", json={"events": [done]}, headers=server.headers)
    body = request(
        "fake", destination__address=IMITATION, customer__id="typing", initiated_at=datetime.now(UTC).isoformat()
    )
    made = BROWSER.post(f"{server.url}/v1/decisions", json=body, headers=server.headers).json()["alert"]
    alert = Alert(server.url, made["id"], made["token"])
    for payload in PAYLOADS:
        form: dict[str, Any] = {"choice": "continued", "step": "second", "event_id": "event-0001", "marked": payload}
        refused = safe(BROWSER.post(f"{alert.page}/choices", data=form))
        assert refused.status_code == 422
        assert "zz7" not in refused.text
        claim = alert.send(event("continued", "event-0002", detail={"marked": payload}))
        assert safe(claim).status_code == 422
        assert "zz7" not in claim.text
