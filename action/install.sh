#!/usr/bin/env bash
# Installs planspec from this checkout into an environment of its own, in the locked versions.
set -euo pipefail
home="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
environment="$RUNNER_TEMP/planspec"

# -I: the workspace is the code under review, and holds no module that we import.
"$PYTHON" -I -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    { echo "::error::planspec: $PYTHON is missing or too old; expected Python 3.11 or newer"; exit 2; }
# The lock without its hashes: what is built here has none, and as constraints it cannot have any.
sed -n 's/^\([a-z0-9].*[^ ]\) *\\$/\1/p' "$home/requirements.lock" > "$RUNNER_TEMP/planspec-constraints.txt"
"$PYTHON" -I -m venv "$environment"
"$environment/bin/python" -I -m pip install --quiet --disable-pip-version-check \
    --constraint "$RUNNER_TEMP/planspec-constraints.txt" "$home"
echo "$environment/bin" >> "$GITHUB_PATH"
