"""An operator's own site on an origin of its own: pages that hold ``<think-twice>``, and the element's files."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

ELEMENT: Final = Path(__file__).parents[2] / "element" / "src"
STRICT: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'{images}; connect-src {alerts}; "
    "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
"""No inline script or style, no markup parsed by script, nothing fetched but the alert."""

LOGGER: Final = """
globalThis.told = [];
const kinds = ["shown", "reviewed", "cancelled", "changed", "continued", "help", "reported"];
for (const kind of kinds) {
  document.addEventListener(`think-twice:${kind}`, ({ type, detail }) => told.push({ type: type.slice(12), detail }));
}
document.addEventListener("click", (event) => {
  if (event.composedPath().some((node) => node.localName === "a")) event.preventDefault();
});
import("/element/register.js");
"""

PAGE: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Withdraw</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<link rel="icon" href="/icon"><link rel="stylesheet" href="/page.css">{head}
<script type="module" src="/page.js"></script>
</head><body><main><h1>Withdraw</h1><button id="before">Before</button>
<think-twice {attributes}><p id="plain">Check before you send. <a href="{alert}">Read the message</a></p></think-twice>
<button id="after">After</button></main></body></html>"""


@dataclass
class OperatorSite:
    """What the site serves, by path: media type, content, further headers."""

    url: str
    alerts: str = ""
    served: dict[str, tuple[str, bytes, dict[str, str]]] = field(default_factory=dict)

    def put(self, path: str, content: str, media_type: str = "text/html", **headers: str) -> str:
        """Serve some text; return its address."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        self.served[path] = (f"{media_type}; charset=utf-8", content.encode(), given)
        return self.url + path

    def page(
        self, alert: tuple[str, str], *, attributes: str = "", css: str = "", before: str = "", images: str = ""
    ) -> str:
        """Serve a strict page with the alert (its id and its hosted address); return its address.

        ``images`` is where else pictures may come from.
        """
        alert_id, hosted = alert
        self.put("/page.css", f"body {{ font-family: sans-serif; margin: 8px }} {css}", "text/css")
        self.put("/page.js", LOGGER, "text/javascript")
        self.put("/before.js", before, "text/javascript")
        given = f'alert-id="{alert_id}" token="{hosted.rpartition("/")[2]}" api="{self.alerts}" {attributes}'
        head = '<script src="/before.js"></script>' if before else ""
        html = PAGE.format(head=head, attributes=given, alert=hosted)
        return self.put(
            f"/pages/{alert_id}", html, content_security_policy=STRICT.format(alerts=self.alerts, images=f" {images}")
        )


@contextmanager
def serve_operator() -> Iterator[OperatorSite]:
    """Run the site on a free loopback port for as long as the block lasts."""
    site = OperatorSite("")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, (media_type, content, headers) = 200, ("text/plain", b"", {})
            if self.path.startswith("/element/"):
                # A sandboxed frame has no origin, so a module reaches it only with leave.
                media_type, headers = "text/javascript", {"Access-Control-Allow-Origin": "*"}
                content = (ELEMENT / Path(self.path).name).read_bytes()
            elif self.path in site.served:
                media_type, content, headers = site.served[self.path]
            elif self.path != "/icon":
                status = 404
            self.send_response(status)
            for name, value in {"Content-Type": media_type, "Content-Length": str(len(content)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield site
    server.shutdown()
    server.server_close()
    thread.join(5)
