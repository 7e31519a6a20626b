#!/usr/bin/env bash
# Writes the verdict as one comment on pull request $NUMBER: the one of an earlier run is replaced.
set -euo pipefail
unset PYTHONPATH # an empty entry in it would import modules of the workspace

body="$RUNNER_TEMP/planspec-comment.md"
planspec report --output "comment=$body" -- "$EVIDENCE" || (($? == 1)) # 1: blocked, and reported
mark="$(head -n 1 "$body")"
known="$(gh api --paginate "repos/$GITHUB_REPOSITORY/issues/$NUMBER/comments" \
    --jq ".[] | select(.body | startswith(\"$mark\")) | .id" | sed -n 1p)"
if [[ -n "$known" ]]; then
    gh api --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$known" --field "body=@$body" --silent
else
    gh api --method POST "repos/$GITHUB_REPOSITORY/issues/$NUMBER/comments" --field "body=@$body" --silent
fi
