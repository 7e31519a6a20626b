"""Golden plans about containers and their images."""

from tests.golden.settings import attribute, containers
from tests.support.container_edits import container
from tests.support.cutting import only
from tests.support.recipe_edits import Edit

REPOSITORY = "aws_ecr_repository.api"
DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
REPOSITORIES = only("corrected", REPOSITORY)


def capabilities(**values: list[str] | None) -> Edit:
    """The Linux capabilities of the container are these."""
    return container(linuxParameters={"capabilities": values})


def asks(*command: str) -> Edit:
    """The health check of the container runs this."""
    return container(healthCheck={"command": list(command)})


SCENARIOS = [
    containers("CON-01.1")
    .violated("a tag", container(image="registry.example.com/api:2026-11-23"))
    .violated("a tag that looks like a digest", container(image=f"registry.example.com/api:{DIGEST}"))
    .violated("half a digest", container(image=f"registry.example.com/api@sha256:{DIGEST[:32]}"))
    .satisfied("tag and digest", container(image=f"registry.example.com/api:1@sha256:{DIGEST}")),
    containers("CON-02.1")
    .satisfied("by name", container(user="api"))
    .violated("root by name", container(user="root"))
    .violated("root by number", container(user="0:0"))
    .violated("nobody named", container(user=None)),
    containers("CON-02.2")
    .violated("switched off", container(readonlyRootFilesystem=False))
    .violated("not said", container(readonlyRootFilesystem=None)),
    containers("CON-02.3")
    .violated("privileged", container(privileged=True))
    .violated("drops one", container(linuxParameters={"capabilities": {"drop": ["NET_RAW"]}}))
    .violated("drops none", container(linuxParameters={"initProcessEnabled": True}))
    .satisfied("adds an empty list", capabilities(drop=["ALL"], add=[]))
    .satisfied("adds null", capabilities(drop=["ALL"], add=None))
    .violated("drops all and adds two", capabilities(drop=["ALL"], add=["SYS_ADMIN", "SYS_PTRACE"]))
    .violated("drops all and adds all", capabilities(drop=["ALL"], add=["ALL"]))
    .violated("adds one and drops nothing", capabilities(add=["SYS_PTRACE"])),
    containers("CON-03.1")
    .violated("none", container(healthCheck=None))
    .satisfied("asks in a shell", asks("CMD-SHELL", "curl -f http://api/ >/dev/null 2>&1 || exit 1"))
    .satisfied("fails in the middle", asks("CMD-SHELL", "curl -f http://localhost/ || exit 1; true"))
    .satisfied("answers by grep", asks("CMD-SHELL", "pg_isready -U api | grep -q accepting"))
    .violated("switched off", container(healthCheck={"command": ["NONE"]}))
    .violated("exit 0", asks("CMD-SHELL", "exit 0"))
    .violated("always true", asks("CMD", "/bin/true"))
    .violated("nothing to run", asks("CMD-SHELL", ""))
    .violated("the answer is thrown away", asks("CMD-SHELL", "curl -f http://$(hostname -i)/ || true"))
    .violated("true at the end", asks("CMD", "sh", "-c", "curl -f http://localhost/; exit 0")),
    attribute(
        *("CON-04.1", REPOSITORIES, REPOSITORY, "image_tag_mutability"),
        bad={"tags move": "MUTABLE"},
        unset="violated",
    ),
    attribute(
        *("CON-05.1", REPOSITORIES, REPOSITORY, "image_scanning_configuration[0].scan_on_push"),
        bad={"switched off": False},
        unset="violated",
    ).violated("as inherited", base=only("inherited", REPOSITORY)),
]
