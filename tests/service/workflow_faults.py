"""The faults of the inherited pipeline, `plans/inherited/deploy.yml`, as data.

No plan shows them, so no scenario holds them; `test_workflows.py` does.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One fault of the inherited workflow, and how the texts show it and its correction.

    `shown_by` is a regular expression that the inherited workflow matches and no corrected one does;
    `corrected_by` is one that the corrected deploy.yml matches and the inherited does not. What is
    simply missing has only the second. Both are for texts with continued lines joined.
    """

    name: str
    concern: str
    impact: str
    shown_by: str = ""
    corrected_by: str = ""


FAULTS = (
    Fault(
        "long-lived keys",
        "security",
        "whoever reads them once can use them until somebody notices",
        shown_by=r"secrets\.AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY)",
        corrected_by=r"role-to-assume: ",
    ),
    Fault(
        "every permission",
        "security",
        "any step may write code, releases and packages with the token",
        shown_by=r"permissions: write-all",
        corrected_by=r"(?m)^permissions: \{\}$",
    ),
    Fault(
        "actions by tag",
        "security",
        "a tag can be moved to other code, which then has all secrets",
        shown_by=r"uses: \S+@(?![0-9a-f]{40}\b)",
        corrected_by=r"uses: \S+@[0-9a-f]{40} # v",
    ),
    Fault(
        "secrets for every step",
        "security",
        "the whole workflow's environment holds them, third-party actions included",
        shown_by=r"(?m)^env:\n(?:  .*\n)*?  \w+: \$\{\{ secrets\.",
    ),
    Fault(
        "environment printed",
        "security",
        "only GitHub's masking stands between the log and the secrets",
        shown_by=r"run: env\b",
    ),
    Fault(
        "variables printed",
        "security",
        "the password and the token go through the log",
        shown_by=r"cat terraform\.tfvars",
    ),
    Fault(
        "outputs printed",
        "security",
        "the connection string with the password goes through the log",
        shown_by=r"terraform output -json",
    ),
    Fault(
        "secret in the image",
        "security",
        "a build argument stays in the image's history",
        shown_by=r"--build-arg \w*(TOKEN|PASSWORD|SECRET)",
    ),
    Fault(
        "secret on a command line",
        "security",
        "every process of the machine can read the registry's password",
        shown_by=r"docker login .*-p ",
        corrected_by=r"--password-stdin",
    ),
    Fault(
        "commit message as shell",
        "security",
        "who writes a commit message writes a command that runs with all secrets",
        shown_by=r"(?s)run: \|[^|]*\$\{\{ github\.event\.",
    ),
    Fault(
        "token left in the checkout",
        "security",
        "every later step can push with it",
        corrected_by=r"persist-credentials: false",
    ),
    Fault(
        "state in git",
        "security",
        "the state holds every password in clear text, for ever, and has no lock",
        shown_by=r"git add .*\.tfstate",
        corrected_by=r"-backend-config=",
    ),
    Fault(
        "pushed by force",
        "reliability",
        "a deployment can delete commits, and with them the state",
        shown_by=r"git push --force",
    ),
    Fault(
        "every branch deploys",
        "reliability",
        "an unfinished branch changes production",
        shown_by=r"(?m)^  push:\n  workflow_dispatch",
        corrected_by=r"branches: \[main\]",
    ),
    Fault(
        "applied unseen",
        "reliability",
        "a replaced database is noticed after it is gone",
        shown_by=r"(?m)^\s+terraform .*apply .*-auto-approve",
        corrected_by=r"terraform .*apply .*\btfplan\b",
    ),
    Fault("no plan", "reliability", "there is nothing to review", corrected_by=r"terraform .*plan .*"),
    Fault(
        "no gate",
        "reliability",
        "no requirement is checked before production",
        corrected_by=r"planspec check terraform/tfplan",
    ),
    Fault(
        "no approval",
        "reliability",
        "nobody has to agree",
        corrected_by=r"environment:\n\s+name: \$\{\{ inputs\.environment \}\}",
    ),
    Fault(
        "state not locked",
        "reliability",
        "two runs at once write over each other",
        shown_by=r"terraform apply .*-lock=false",
        corrected_by=r"-lock-timeout=",
    ),
    Fault(
        "deployments overlap",
        "reliability",
        "the older of two pushes can win",
        corrected_by=r"(?m)^concurrency:\n  group: ",
    ),
    Fault(
        "nobody waits",
        "reliability",
        "the run is green while the new tasks die",
        shown_by=r"--force-new-deployment",
        corrected_by=r"aws ecs wait services-stable",
    ),
    Fault(
        "no way back",
        "reliability",
        "a bad release stays until somebody finds out",
        corrected_by=r"Check that the new image runs",
    ),
    Fault("no tests", "reliability", "what is broken is deployed", corrected_by=r"make lint test"),
    Fault(
        "image by `latest`",
        "reliability",
        "what runs, and what to go back to, cannot be told",
        shown_by=r":latest\b",
        corrected_by=r"TF_VAR_image_digest: \$\{\{ inputs\.digest \}\}",
    ),
    Fault(
        "image not scanned",
        "security",
        "known vulnerabilities are deployed",
        corrected_by=r"image-scan-complete",
    ),
    Fault(
        "tools of any version",
        "operations",
        "the pipeline breaks on a day when nobody changed anything",
        shown_by=r"terraform init -upgrade",
        corrected_by=r"terraform_version: \d+\.\d+\.\d+",
    ),
    Fault(
        "failures hidden",
        "observability",
        "a run is green although a step failed",
        shown_by=r"continue-on-error: true",
    ),
    Fault(
        "no evidence",
        "observability",
        "nobody can say later what was deployed and why it was allowed",
        corrected_by=r"name: evidence-",
    ),
    Fault(
        "runs for six hours",
        "cost",
        "a hanging job is paid for until GitHub ends it",
        corrected_by=r"timeout-minutes: \d+",
    ),
    Fault(
        "builds from nothing",
        "cost",
        "each push pays for a whole build, and a second run of a commit is another image",
        shown_by=r"docker build .*--no-cache",
        corrected_by=r"pushed_digest",
    ),
)
