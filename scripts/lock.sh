#!/usr/bin/env bash
# Renews the hashed locks without recording where anything is downloaded from. Needs uv.
set -euo pipefail
cd "$(dirname "$0")/.."
common=(pyproject.toml --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet)
uv pip compile "${common[@]}" -o requirements/run.txt
uv pip compile "${common[@]}" --extra test -c requirements/run.txt -o requirements/test.txt
