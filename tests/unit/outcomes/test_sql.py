"""The SQL is ready for the other engine."""

from __future__ import annotations

import pytest
import sqlglot
from sqlglot.errors import ErrorLevel

from thinktwice.outcomes.descriptions import STATEMENTS as DESCRIPTIONS
from thinktwice.outcomes.health import CHECKS
from thinktwice.outcomes.held import BY_ARM
from thinktwice.outcomes.measures import MEASURES
from thinktwice.outcomes.sql import STEPS
from thinktwice.outcomes.statistics import statement_of

STATEMENTS = {
    **dict(STEPS),
    **DESCRIPTIONS,
    **{f"health {check.name}": check.query for check in CHECKS},
    "held": BY_ARM,
    "statistics": statement_of([MEASURES["not_sent"], MEASURES["loss"]], ["entered_on"]),
}


@pytest.mark.parametrize("name", STATEMENTS)
def test_every_statement_can_be_written_for_spark(name: str) -> None:
    """sqlglot turns it into Spark's dialect without anything unsupported, and Spark's grammar reads the result."""
    (written,) = sqlglot.transpile(STATEMENTS[name], read="duckdb", write="spark", unsupported_level=ErrorLevel.RAISE)
    assert sqlglot.parse_one(written, read="spark").sql(dialect="spark")
