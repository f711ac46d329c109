"""One campaign's analysis as a report for people: pages that print, in English and Traditional Chinese, and JSON.

Invariants: nothing is computed here that an analysis does not already say; a figure that cannot be made shows its
reason; what describes the treated is never printed as a lift; every chart has a table with the same numbers beside it;
pages work without script and load nothing.
"""
