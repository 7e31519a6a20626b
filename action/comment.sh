#!/usr/bin/env bash
# Writes the verdict as one comment on pull request $NUMBER: the one of an earlier run is replaced.
# Anybody can begin a comment with the mark, so only one of the token's own user is ours. The token of
# a job has no user that REST tells; GraphQL does, and else it is the bot of GitHub Actions.
set -euo pipefail
unset PYTHONPATH # an empty entry in it would import modules of the workspace

body="$RUNNER_TEMP/planspec-comment.md"
planspec report --output "comment=$body" -- "$EVIDENCE" || (($? == 1)) # 1: blocked, and reported
mark="$(head -n 1 "$body")"
author="$(gh api graphql --raw-field query='{ viewer { login } }' --jq .data.viewer.login)" ||
    author="github-actions[bot]"
author="${author%"[bot]"}"
known="$(gh api --paginate "repos/$GITHUB_REPOSITORY/issues/$NUMBER/comments" \
    --jq ".[] | select(.user.login == (\"$author\", \"$author[bot]\")) | select(.body | startswith(\"$mark\")) | .id" |
    sed -n 1p)"
if [[ -n "$known" ]]; then
    gh api --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$known" --field "body=@$body" --silent
else
    gh api --method POST "repos/$GITHUB_REPOSITORY/issues/$NUMBER/comments" --field "body=@$body" --silent
fi
