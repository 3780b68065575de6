#!/usr/bin/env bash
# Speed beside backtrader on the same bars and rules. Needs Python 3.10 or later with venv and pip, or takes PYTHON as it is. Exit 2: no peer to compare with.
set -euo pipefail
cd "$(dirname "$0")/../.."
peer=$(mktemp -d)
trap 'rm -rf "$peer"' EXIT
if [ -z "${PYTHON:-}" ]; then
  python3 -m venv "$peer/venv" || { echo "backtrader: expected python3 with venv"; exit 2; }
  PYTHON=$peer/venv/bin/python
  "$PYTHON" -m pip install --quiet --disable-pip-version-check backtrader==1.9.78.123 || { echo "backtrader: pip could not install the peer"; exit 2; }
fi
PYTHONDONTWRITEBYTECODE=1 node scripts/bootstrap.mjs compiled scripts/ci/backtrader-peer.ts "$PYTHON"
