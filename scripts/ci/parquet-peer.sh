#!/usr/bin/env bash
# Holds our Parquet files against pyarrow, live, both ways: it reads ours, we read its. Needs Python 3.11 or later with venv and pip; installs the
# pinned package into a throwaway environment, or takes PYTHON as it is. Exit 0: every column has its bits. 1: a difference. 2: no peer to compare with.
set -euo pipefail
cd "$(dirname "$0")/../.."
peer=$(mktemp -d)
trap 'rm -rf "$peer"' EXIT
if [ -z "${PYTHON:-}" ]; then
  python3 -m venv "$peer/venv" || { echo "parquet-peer: expected python3 with venv"; exit 2; }
  PYTHON=$peer/venv/bin/python
  "$PYTHON" -m pip install --quiet --disable-pip-version-check pyarrow==26.0.1 || { echo "parquet-peer: pip could not install the peer"; exit 2; }
fi
mkdir "$peer/files"
node scripts/bootstrap.mjs compiled scripts/ci/parquet-peer.ts write "$peer/files"
PYTHONDONTWRITEBYTECODE=1 "$PYTHON" scripts/ci/parquet-peer.py "$peer/files" | tee "$peer/theirs"
node scripts/bootstrap.mjs compiled scripts/ci/parquet-peer.ts read "$peer/files" | tee "$peer/ours"
cat "$peer/theirs" "$peer/ours" | awk '/^parquet-peer-[a-z]+: [0-9]+ passed, 0 failed$/ { n += $2 } END { print "parquet-peer: " n + 0 " passed, 0 failed" }'
