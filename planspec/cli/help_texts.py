"""What stands below the help of each command: examples, exit codes, and the environment.

Kept apart from the commands, because the documentation is held to the same text.
"""

from collections.abc import Mapping
from typing import Final

EXIT_CODES: Final[Mapping[int, str]] = {
    0: "every requirement holds, or what does not is advisory, waived or overridden",
    1: "some requirement is violated or undetermined, or Checkov found something",
    2: "not judged: no plan, a broken feature or policy, bad usage, nothing examined",
}
ENVIRONMENT: Final[Mapping[str, str]] = {
    "NO_COLOR": "set to anything: no colours",
    "PLANSPEC_CHECKOV": "the checkov program, or the Python that has it",
    "PLANSPEC_PROVIDER_MIRROR": "a folder with provider archives, for planspec plan offline",
    "PLANSPEC_TRACEBACK": "set to 1: show where a fault of planspec itself happened",
}
EXAMPLES: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "": (
        ("planspec check plan.json", "judge a plan"),
        ("planspec check tfplan -o html=report.html", "a saved plan; a page for an auditor"),
        ("planspec plan terraform -o plan.json", "make a plan first"),
        ("planspec explain EXP-01", "why a requirement is there"),
        ("planspec init", "begin in a repository of your own"),
    ),
    "check": (
        ("planspec check tfplan", "a saved plan, with lines of its own source"),
        ("terraform show -json tfplan | planspec check -", "standard input"),
        ("planspec check plan.json --source terraform", "lines, locals and what a plan leaves out"),
        ('planspec check plan.json --tags "@severity:critical"', "the critical requirements only"),
        ("planspec check plan.json --features features --policies policies", "your own requirements"),
        ("planspec check plan.json -o console -o html=r.html -o sarif=r.sarif", "three reports at once"),
    ),
    "plan": (
        ("planspec plan terraform -o plan.json --var-file prod.tfvars", "the plan of a folder"),
        ("planspec plan terraform -o plan.json --emulator", "without an account"),
        ("planspec plan terraform -o plan.json --emulator --seed seed.toml", "what exists there"),
    ),
    "report": (
        ("planspec report evidence.json", "what the run printed"),
        ("planspec report evidence.json -o html=report.html", "the page, made later"),
    ),
    "steps": (
        ("planspec steps", "every phrase"),
        ("planspec steps bucket", "those about buckets"),
    ),
    "explain": (
        ("planspec explain EXP-01", "a requirement"),
        ("planspec explain EXP-01.1", "one scenario of it"),
    ),
    "init": (
        ("planspec init", "here, for the CI system that is found"),
        ("planspec init --ci gitlab --terraform infra", "for GitLab, planning infra/"),
    ),
    "completion": (
        ("planspec completion bash > ~/.local/share/bash-completion/completions/planspec", ""),
        ('planspec completion zsh > "${fpath[1]}/_planspec"', ""),
        ("planspec completion fish > ~/.config/fish/completions/planspec.fish", ""),
    ),
    "cost": (
        ("planspec cost plan.json", "what the plan costs a month"),
        ("planspec cost plan.json -o markdown", "the same as Markdown"),
    ),
    "coverage": (
        ("planspec coverage plan.json -v", "what nobody looked at, and what Checkov alone did"),
        ("planspec coverage plan.json -o json=coverage.json", "each resource, for another program"),
    ),
    "lint": (
        ("planspec lint features --policies policies", "mistakes in your requirements"),
        ("planspec lint features --plans plans", "also scenarios that reach no recorded plan"),
    ),
    "mutate": (
        ("planspec mutate plan.json --limit 200", "would the requirements notice a mistake?"),
        ("planspec mutate plan.json --blind", "change what nobody reads"),
    ),
    "backtest": (
        ("planspec backtest plans --against v1.0", "which verdicts a new requirement changes"),
    ),
    "verify": (
        ("planspec verify evidence.json tfplan", "before terraform apply tfplan"),
        ("planspec verify evidence.json tfplan --public-key planspec.pem", "and signed by us"),
    ),
    "waive": (
        (
            (
                "planspec waive OWN-01.1 aws_s3_bucket.old --reason 'gone in March' --owner platform"
                " --approver 'head of platform' --policies policies"
            ),
            "a finding, by its number and address",
        ),
    ),
    "schema": (("planspec schema terraform", "know the names of every provider of a folder"),),
}
SHORT: Final[Mapping[str, str]] = {
    "backtest": "judge past plans by the old and the new requirements",
    "check": "judge a plan: the main job",
    "completion": "print what a shell needs to complete command lines",
    "cost": "estimate what a plan costs a month, offline",
    "coverage": "show what of a plan the requirements look at",
    "explain": "show what is behind a requirement",
    "init": "begin in a repository: features, policies, CI, hook",
    "lint": "look for mistakes in the requirements themselves",
    "mutate": "change a plan for the worse: does a verdict fall?",
    "plan": "make a plan with the real Terraform",
    "report": "make reports again from the record of a run",
    "schema": "keep the names that the providers of a folder know",
    "steps": "list the vocabulary",
    "waive": "write a correct waiver for a finding",
    "verify": "prove before apply that this very plan was judged",
}
# Commands that give verdicts, so that the exit codes above are theirs.
_VERDICTS: Final = frozenset({"", "check", "report"})


def below(command: str) -> str:
    """Return what stands below the help of a command ("" is planspec itself), as click takes it."""
    parts = []
    if command in EXAMPLES:
        parts.append(
            _block("Examples", [(line, said) for line, said in EXAMPLES[command]], stacked=True)
        )
    if command in _VERDICTS:
        parts.append(_block("Exit codes", [(str(code), said) for code, said in EXIT_CODES.items()]))
    if command == "":
        parts.append(_block("Environment", list(ENVIRONMENT.items())))
    return "\n\n".join(parts)


def _block(title: str, rows: list[tuple[str, str]], *, stacked: bool = False) -> str:
    """A paragraph that click does not wrap; `stacked` puts what is said above the line."""
    if stacked:
        lines = [f"{f'  # {said}{chr(10)}' if said else ''}  {line}" for line, said in rows]
    else:
        width = max(len(name) for name, _ in rows)
        lines = [f"  {name:<{width}}  {said}" for name, said in rows]
    return "\n".join(["\b", f"{title}:", *lines])
