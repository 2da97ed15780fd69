#!/usr/bin/env bash
# Install the system packages that are missing: `system.sh runtime` for running, `system.sh test` for the suite.
set -euo pipefail

runtime=(libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core)
test=(chromium fonts-dejavu-core ocrmypdf postgresql poppler-utils tesseract-ocr-fra xmlsec1)
#: Makes the suite quicker; taken where the system's archive has it.
welcome=chromium-headless-shell

absent() { ! dpkg-query -W -f='${Status}' "$1" 2>/dev/null | grep -q 'install ok installed'; }

wanted=("${runtime[@]}")
[ "${1:-runtime}" = test ] && wanted=("${test[@]}" "$welcome")

missing=()
for package in "${wanted[@]}"; do
  if absent "$package"; then missing+=("$package"); fi
done
[ ${#missing[@]} -eq 0 ] && exit 0

sudo=()
if [ "$(id -u)" -ne 0 ]; then
  sudo=(sudo)
fi
export DEBIAN_FRONTEND=noninteractive
"${sudo[@]}" apt-get update -qq
apt-cache show "$welcome" >/dev/null 2>&1 || missing=("${missing[@]/$welcome/}")
echo "Installing: ${missing[*]}"
# shellcheck disable=SC2068 - one that is not there leaves an empty word
"${sudo[@]}" apt-get install -y -qq --no-install-recommends ${missing[@]} >/dev/null
