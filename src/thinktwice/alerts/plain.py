"""An alert as plain text: what goes into a log of exposure, an e-mail body or a screen without markup.

Invariant: says what the first screen says, in its order; addresses and numbers appear as text, never as links.
"""

from __future__ import annotations

from thinktwice.alerts.prose import plain_text
from thinktwice.alerts.rendered import RenderedAlert


def alert_as_text(alert: RenderedAlert) -> str:
    """Return the first screen as text, paragraphs apart by an empty line."""
    parts = [alert.headline]
    for section in alert.first_screen:
        parts.append(plain_text(section.prose))
        if section.kind == "this_withdrawal" and alert.pair is not None:
            parts += [f"{address.label}:\n{address.text}" for address in (alert.pair.known, alert.pair.entered)]
    return "\n\n".join(parts)
