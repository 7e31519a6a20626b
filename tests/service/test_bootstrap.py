"""What a person makes before the pipeline: does it pass, is it the least, does the user work?"""

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pg8000.dbapi
import pytest
from ruamel.yaml import YAML

from planspec.plan import Plan, read
from tests.service.service_pages import judged
from tests.support import postgres

ROOT = Path(__file__).resolve().parents[2]
SQL = ROOT / "terraform/bootstrap/database_user.sql"
ON_MAIN = "repo:example/classifier:ref:refs/heads/main"
# AWS Identity and Access Management User Guide, "IAM and AWS STS quotas": all inline policies of a role,
# without white space.
INLINE_CHARACTERS = 10_240
BINARIES = postgres.binaries()
LIMIT = 3


@pytest.fixture(scope="module")
def plan() -> Plan:
    return read(ROOT / "plans/bootstrap.json")


def document(plan: Plan, address: str, attribute: str) -> dict[str, Any]:
    change = plan.find(address)
    assert change is not None
    text = change.after.get(attribute).reading
    parsed: dict[str, Any] = json.loads(str(text.value))  # type: ignore[union-attr]
    return parsed


def jobs(plan: Plan) -> dict[str, str]:
    """The address of each role by the job that it is for."""
    found = [change.address for change in plan.changes if change.type == "aws_iam_role"]
    return {address.split('"')[1]: address for address in found}


def test_no_requirement_is_violated_or_left_open() -> None:
    verdicts = [str(each["verdict"]) for each in judged("bootstrap")["scenarios"]]
    assert set(verdicts) == {"satisfied", "not applicable"}
    assert verdicts.count("satisfied") >= 30


def test_each_job_has_a_role_that_only_its_subject_may_take(plan: Plan) -> None:
    subjects = {
        job: document(plan, address, "assume_role_policy")["Statement"][0]["Condition"]["StringEquals"]
        for job, address in jobs(plan).items()
    }
    github = "token.actions.githubusercontent.com"
    assert subjects == {
        job: {
            f"{github}:aud": "sts.amazonaws.com",
            f"{github}:sub": f"repo:example/classifier:environment:{job.removesuffix('-apply')}"
            if job.endswith("-apply")
            else ON_MAIN,
        }
        for job in subjects
    }
    assert len(subjects) == 9


def test_the_policies_of_a_role_are_short_enough_for_aws(plan: Plan) -> None:
    for job, address in jobs(plan).items():
        policy = document(plan, address.replace("aws_iam_role", "aws_iam_role_policy"), "policy")
        assert len(json.dumps(policy, separators=(",", ":"))) <= INLINE_CHARACTERS, job


def test_only_apply_changes_anything_but_locks_and_images(plan: Plan) -> None:
    writes = re.compile(r":(Create|Put|Delete|Update|Modify|Attach|Detach|Register|Authorize|Set)")
    for job, address in jobs(plan).items():
        policy = document(plan, address.replace("aws_iam_role", "aws_iam_role_policy"), "policy")
        actions = {
            (action, resource)
            for statement in policy["Statement"]
            for action in listed(statement["Action"])
            for resource in listed(statement["Resource"])
            if writes.search(action)
        }
        if job.endswith("-plan"):
            assert {resource.rpartition("/")[2] for _, resource in actions} == {"*.tflock"}
        elif job == "build":
            assert {action for action, _ in actions} == {"ecr:PutImage"}
        elif not job.endswith("-apply"):
            assert actions == set(), job


def test_apply_writes_only_the_roles_of_its_environment(plan: Plan) -> None:
    for environment in ("production", "staging"):
        address = f'aws_iam_role_policy.job["{environment}-apply"]'
        statements = document(plan, address, "policy")["Statement"]
        written = [
            resource
            for statement in statements
            if any(each.startswith("iam:") for each in listed(statement["Action"]))
            and not {"iam:GetRole"} & set(listed(statement["Action"]))
            for resource in listed(statement["Resource"])
        ]
        assert written
        assert {each.rpartition(":role/")[2] for each in written} == {
            f"classifier-{environment}-*",
            "aws-service-role/*",
        }


def listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def test_the_workflows_read_the_variables_that_the_bootstrap_names(plan: Plan) -> None:
    named = {f"AWS_{job.upper().replace('-', '_')}_ROLE" for job in jobs(plan)} | {"AWS_PLAN_KEY"}
    workflows = sorted((ROOT / ".github/workflows").glob("*.yml"))
    read_there = {
        name
        for path in workflows
        for name in re.findall(r"vars\.(AWS_\w+)", json.dumps(YAML(typ="safe").load(path)))
    }
    assert read_there == named


@pytest.mark.usefixtures("postgresql")
def test_the_database_user_is_made_by_a_master_user_who_is_no_superuser() -> None:
    assert BINARIES is not None
    with postgres.running(BINARIES, max_connections=20, reserved=5) as server:
        owner = server.connect(server.superuser)
        owner.autocommit = True
        for statement in (
            "CREATE ROLE master LOGIN CREATEROLE",
            "CREATE DATABASE classifier OWNER master",
        ):
            owner.cursor().execute(statement)
        owner.cursor().execute("CREATE ROLE stranger LOGIN")
        owner.close()
        inherited = connect(server, "master")
        inherited.autocommit = True
        inherited.cursor().execute("CREATE TABLE results (id serial)")
        inherited.close()
        for _ in range(2):  # a second time changes nothing
            psql(server, f"--file={SQL}")
        psql(server, "--command=\\password classifier_app", answers="secret\nsecret\n")
        assert stored_password(server).startswith("SCRAM-SHA-256$")

        held = [connect(server, "classifier_app") for _ in range(LIMIT)]
        assert "too many connections for role" in refusal(server, "classifier_app")
        cursor = held[0].cursor()
        cursor.execute("CREATE TABLE jobs (id int)")
        cursor.execute("SELECT schemaname FROM pg_tables WHERE tablename = 'jobs'")
        assert list(cursor.fetchone()) == ["classifier_app"]
        cursor.execute("INSERT INTO results DEFAULT VALUES")  # of the inherited database
        with pytest.raises(pg8000.dbapi.Error, match="permission denied for schema public"):
            held[1].cursor().execute("CREATE TABLE public.jobs (id int)")
        assert "permission denied for database" in refusal(server, "stranger")
        for each in held:
            each.close()


def connect(server: postgres.Server, user: str) -> pg8000.dbapi.Connection:
    return pg8000.dbapi.connect(user, unix_sock=server.socket, database="classifier", ssl_context=False)


def refusal(server: postgres.Server, user: str) -> str:
    """What the server says to somebody whom it does not let in."""
    with pytest.raises(pg8000.dbapi.Error) as refused:
        connect(server, user)
    return postgres.said(refused.value)


def stored_password(server: postgres.Server) -> str:
    connection = server.connect(server.superuser)
    cursor = connection.cursor()
    cursor.execute("SELECT rolpassword FROM pg_authid WHERE rolname = 'classifier_app'")
    (password,) = cursor.fetchone()
    connection.close()
    return str(password)


def psql(server: postgres.Server, *arguments: str, answers: str = "") -> None:
    """Call psql as the page says, without a terminal, so that it reads answers from standard input."""
    assert BINARIES is not None
    variables = ("ON_ERROR_STOP=1", "application=classifier_app", f"connections={LIMIT}")
    done = subprocess.run(
        [BINARIES / "psql", "--no-psqlrc", *(f"--set={each}" for each in variables), *arguments],
        env={
            "PATH": os.environ["PATH"],
            "PGHOST": str(Path(server.socket).parent),
            "PGUSER": "master",
            "PGDATABASE": "classifier",
        },
        input=answers,
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
    )
    assert done.returncode == 0, done.stderr
