"""Steps about containers and their images."""

from collections.abc import Callable, Sequence

from pytest_bdd import then

from planspec import Judgement, ResourceChange
from planspec.judgements.containers import hardening
from planspec.judgements.generic import subjects

Uphold = Callable[[Judgement], None]


@then("each container names its image by digest")
def images_by_digest(task_definitions: Sequence[ResourceChange], uphold: Uphold) -> None:
    """Hold every container to the image that was tested."""
    uphold(hardening.images_by_digest(task_definitions))


@then("each container runs as a user that is not root")
def not_root(task_definitions: Sequence[ResourceChange], uphold: Uphold) -> None:
    """Hold every container to a user of its own."""
    uphold(hardening.not_root(task_definitions))


@then("no container can change its own files")
def file_system_read_only(task_definitions: Sequence[ResourceChange], uphold: Uphold) -> None:
    """Hold every container to a read-only file system."""
    uphold(hardening.file_system_read_only(task_definitions))


@then("no container has privileges of the machine")
def no_privileges(task_definitions: Sequence[ResourceChange], uphold: Uphold) -> None:
    """Hold every container to no capabilities."""
    uphold(hardening.no_privileges(task_definitions))


@then("ECS asks each container whether it is well")
def asked_for_health(task_definitions: Sequence[ResourceChange], uphold: Uphold) -> None:
    """Hold every container to a health check of its own."""
    uphold(hardening.asked_for_health(task_definitions))


@then("a tag in each one keeps the image that it was given")
def tags_immutable(image_repositories: subjects.ImageRepositories, uphold: Uphold) -> None:
    """Hold every image repository to immutable tags."""
    uphold(hardening.tags_immutable(image_repositories.plan))


@then("each one is searched for known vulnerabilities on every push")
def images_scanned(image_repositories: subjects.ImageRepositories, uphold: Uphold) -> None:
    """Hold every image repository to scanning."""
    uphold(hardening.images_scanned(image_repositories.plan))
