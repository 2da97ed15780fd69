#!/usr/bin/env bash
# Install the tax engine, OpenFisca-France (AGPL), into an environment of its own: a program beside ours, never imported.
# `fiscalite.sh FOLDER`: nothing is done where what the lock names is there; two at a time wait for each other.
set -euo pipefail

folder=${1:?the folder of the environment}
lock=$(cd "$(dirname "$0")/.." && pwd)/requirements-fiscalite.lock

mkdir -p "$folder"
exec 9>"$folder/.lock"
flock 9
wanted=$(sha256sum <"$lock")
[ "$(cat "$folder/.installed" 2>/dev/null)" = "$wanted" ] && [ -x "$folder/bin/openfisca" ] && exit 0

rm -f "$folder/.installed"
[ -x "$folder/bin/python" ] || "${PYTHON:-python3}" -m venv "$folder"
# nice: whoever works meanwhile goes first
nice "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps -r "$lock"
"$folder/bin/python" -m pip --disable-pip-version-check check >/dev/null
echo "$wanted" >"$folder/.installed"
