#!/usr/bin/env bash
# Holds the Engle-Granger p-values of src/quant against statsmodels, live, on 200 generated pairs. Needs Python 3.11 or later with venv
# and pip; installs the pinned packages of vectors/quant/requirements.txt into a throwaway environment, or takes PYTHON as it is.
# Exit 0: all agree within 1e-6. 1: a difference, or not all pairs were seen. 2: no peer to compare with.
set -euo pipefail
cd "$(dirname "$0")/../.."
peer=$(mktemp -d)
trap 'rm -rf "$peer"' EXIT
if [ -z "${PYTHON:-}" ]; then
  python3 -m venv "$peer/venv" || { echo "engle-granger: expected python3 with venv"; exit 2; }
  PYTHON=$peer/venv/bin/python
  "$PYTHON" -m pip install --quiet --disable-pip-version-check $(grep -E '^(numpy|scipy|statsmodels)==' vectors/quant/requirements.txt) ||
    { echo "engle-granger: pip could not install the peer"; exit 2; }
fi
node scripts/bootstrap.mjs compiled scripts/ci/engle-granger.ts >"$peer/pairs.jsonl"
PYTHONDONTWRITEBYTECODE=1 "$PYTHON" scripts/ci/engle-granger.py <"$peer/pairs.jsonl"
