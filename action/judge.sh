#!/usr/bin/env bash
# Judges $PLAN, writes the reports, and tells GitHub what came out.
set -euo pipefail
unset PYTHONPATH # an empty entry in it would import modules of the workspace

case "$FAIL_ON" in
    blocked | not-judged) ;;
    *) echo "::error::planspec: fail-on is \"$FAIL_ON\"; expected blocked or not-judged"; exit 2 ;;
esac

folder="$RUNNER_TEMP/planspec-reports"
mkdir -p "$folder"
rm -f "$folder/evidence.json" "$folder/report.html"
options=(--output console --output github)
options+=(--output "json=$folder/evidence.json" --output "html=$folder/report.html")
[[ -z "${GITHUB_STEP_SUMMARY:-}" ]] || options+=(--output "summary=$GITHUB_STEP_SUMMARY")
[[ -z "$SARIF" ]] || options+=(--output "sarif=$SARIF")
[[ -z "$POLICIES" ]] || options+=(--policies "$POLICIES")
[[ -z "${BASE:-}" ]] || options+=(--base "$BASE")
[[ -z "$SOURCE" ]] || options+=(--source "$SOURCE")
while IFS= read -r path; do
    [[ -z "${path// /}" ]] || options+=(--features "$path")
done <<< "$FEATURES"
while IFS= read -r path; do
    [[ -z "${path// /}" ]] || options+=(--steps "$path")
done <<< "${STEPS:-}"

code=0
planspec check "${options[@]}" -- "$PLAN" || code=$?

case "$code" in
    0) verdict=passed ;;
    1) verdict=blocked ;;
    *) verdict=not-judged ;;
esac
{
    echo "verdict=$verdict"
    if [[ "$verdict" != not-judged ]]; then
        echo "counts=$(python3 -I -c 'import json, sys
print(json.dumps(json.load(open(sys.argv[1], encoding="utf-8"))["summary"]["scenarios"]))' "$folder/evidence.json")"
        echo "report=$folder/report.html"
        echo "evidence=$folder/evidence.json"
    fi
} >> "$GITHUB_OUTPUT"

if [[ "$verdict" == blocked && "$FAIL_ON" == not-judged ]]; then
    echo "::warning::planspec: the plan is blocked; this job goes on, because fail-on is not-judged"
    exit 0
fi
exit "$code"
