"""What `aws`, `docker`, `terraform`, `curl`, `gh` and `make` answer in a run of a workflow here.

The JSON file that CLOUD names holds what the cloud knows, and gets each call. Only what the workflows
call is known; another call is an error, so that a misspelt command cannot pass.
"""

import base64
import fcntl
import json
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

REGISTRY = "registry.example"

Cloud = dict[str, Any]
Arguments = Sequence[str]


class Refused(Exception):
    """What the command says on standard error, before it ends with 1."""


def option(arguments: Arguments, name: str) -> str:
    """The value of an option, `--name value` or `-name=value`."""
    for number, each in enumerate(arguments):
        if each == name:
            return arguments[number + 1]
        if each.startswith(f"{name}="):
            return each.partition("=")[2]
    raise Refused(f"expected {name} in: {' '.join(arguments)}")


def aws(cloud: Cloud, arguments: Arguments) -> str:
    answers: dict[str, Callable[[Cloud, Arguments], str]] = {
        "ecr describe-images": describe_images,
        "ecr describe-repositories": lambda _, told: (
            f"registry.example/{option(told, '--repository-names')}"
        ),
        "ecr get-login-password": lambda *_: "password",
        "ecr describe-image-scan-findings": lambda cloud, _: json.dumps(cloud["vulnerabilities"]),
        "ecr wait": lambda *_: "",
        "kms generate-data-key": generate_data_key,
        "kms decrypt": decrypt,
        "ecs wait": lambda *_: "",
        "ecs describe-services": lambda cloud, _: (
            "arn:aws:ecs:eu-west-1:123456789012:task-definition/api:7"
        ),
        "ecs describe-task-definition": lambda cloud, _: f"{REGISTRY}/api@{cloud['running']}",
    }
    return answers[" ".join(arguments[:2])](cloud, arguments)


def describe_images(cloud: Cloud, arguments: Arguments) -> str:
    images = cloud["images"].get(option(arguments, "--repository-name"), {})
    kind, _, value = option(arguments, "--image-ids").partition("=")
    found = images.get(value) if kind == "imageTag" else value if value in images.values() else None
    if found is None:
        raise Refused("ImageNotFoundException")
    return str(found)


def generate_data_key(cloud: Cloud, arguments: Arguments) -> str:
    key, sealed = secrets.token_bytes(32), secrets.token_bytes(48)
    texts = [base64.b64encode(each).decode() for each in (key, sealed)]
    context = [option(arguments, "--key-id"), option(arguments, "--encryption-context")]
    cloud.setdefault("keys", {})[texts[1]] = [texts[0], context]
    return json.dumps({"Plaintext": texts[0], "CiphertextBlob": texts[1]})


def decrypt(cloud: Cloud, arguments: Arguments) -> str:
    sealed = Path(option(arguments, "--ciphertext-blob").removeprefix("fileb://")).read_bytes()
    key, context = cloud["keys"].get(base64.b64encode(sealed).decode(), (None, None))
    if context != [option(arguments, "--key-id"), option(arguments, "--encryption-context")]:
        raise Refused("InvalidCiphertextException")
    return str(key)


def docker(cloud: Cloud, arguments: Arguments) -> str:
    command = arguments[0]
    if command == "image" and not cloud.get("built"):
        raise Refused("No such image")
    if command == "build":
        cloud["built"] = cloud["digest"]
    elif command == "push":
        name, _, tag = arguments[1].rpartition(":")
        cloud["images"].setdefault(name.rpartition("/")[2], {})[tag] = cloud["built"]
    elif command not in {"image", "login", "tag"}:
        raise Refused(f"unknown: docker {command}")
    return ""


def terraform(cloud: Cloud, arguments: Arguments) -> str:
    folder = next((each.partition("=")[2] for each in arguments if each.startswith("-chdir=")), ".")
    command, *told = [each for each in arguments if not each.startswith("-chdir=")]
    if command == "init":
        return ""
    if command == "plan":
        if "-detailed-exitcode" in told:
            sys.exit(2 if cloud.get("drift") else 0)
        shutil.copy(cloud["plans"][os.environ["ENVIRONMENT"]], Path(folder, option(told, "-out")))
        return ""
    if command == "apply":
        cloud.setdefault("applied", {})[os.environ["ENVIRONMENT"]] = (
            Path(folder, told[-1]).read_bytes().hex()
        )
        return ""
    if command == "output":
        return "https://classifier.example.com"
    if command == "show" and told == ["-json"]:
        return json.dumps(cloud["state"])
    if command == "show" and cloud.get("drift"):
        return json.dumps(cloud["drift"])
    return subprocess.run(
        [os.environ["REAL_TERRAFORM"], *arguments], stdout=subprocess.PIPE, text=True, check=True
    ).stdout


def curl(cloud: Cloud, arguments: Arguments) -> str:
    path = "/" + arguments[-1].split("/", 3)[3]
    if path not in cloud["answers"]:
        raise Refused(f"curl: (22) The requested URL returned error: 503 {path}")
    return str(cloud["answers"][path])


def gh(cloud: Cloud, arguments: Arguments) -> str:
    if arguments[:2] == ["issue", "list"]:
        return str(cloud.get("open_issue", ""))
    body = Path(option(arguments, "--body-file")).read_text("utf-8")
    cloud.setdefault("issues", []).append([arguments[1], body])
    return ""


def main(name: str, *arguments: str) -> int:
    place = Path(os.environ["CLOUD"])
    commands: dict[str, Callable[[Cloud, Arguments], str]] = {
        "aws": aws,
        "curl": curl,
        "docker": docker,
        "gh": gh,
        "make": lambda *_: "",
        "terraform": terraform,
    }
    if "--password-stdin" in arguments:
        sys.stdin.read()
    # Both ends of a pipe are called at once.
    with place.open("r+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        cloud = json.load(file)
        cloud.setdefault("calls", []).append([name, *arguments])
        try:
            answer = commands[name](cloud, list(arguments))
        except (Refused, KeyError) as error:
            sys.stderr.write(f"{name}: {error}\n")
            return 1
        finally:
            file.seek(0)
            file.truncate()
            json.dump(cloud, file)
    sys.stdout.write(f"{answer}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
