"""Where logs go and what a line of them is.

Invariants: whoever logs, and whatever went wrong, it is one JSON object on one line of standard error; an error is
told with where it arose and never with the values of variables; configuring anew reaches every logger, also one that
has been used.
"""

from __future__ import annotations

import logging
import sys
from typing import Any, Final

import structlog

_AS_FIELDS: Final[tuple[Any, ...]] = (
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
)
_AS_LINE: Final = structlog.processors.JSONRenderer()


def log_to_stderr(level: str) -> None:
    """Write logs to standard error from this level on; those of libraries from "warning" on at the earliest."""
    number = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[*_AS_FIELDS, _AS_LINE],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    lines = logging.StreamHandler(sys.stderr)
    lines.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *_AS_FIELDS],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _AS_LINE],
        )
    )
    logging.basicConfig(level=max(number, logging.WARNING), handlers=[lines])
