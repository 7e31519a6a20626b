"""Outcomes about containers and their images."""

from typing import Final

from planspec.judgements.containers import hardening
from planspec.vocabulary import forms, subjects
from planspec.vocabulary.model import Outcome

OUTCOMES: Final = (
    Outcome(
        subjects.TASK_DEFINITION,
        forms.EVERY_CONTAINER,
        "an image digest",
        lambda a: hardening.images_by_digest(a.resources),
        "container_definitions: image",
        "REPOSITORY@sha256:...",
        "Each container names its image by digest, so that the image cannot be exchanged.",
    ),
    Outcome(
        subjects.TASK_DEFINITION,
        forms.EVERY_CONTAINER,
        "a non-root user",
        lambda a: hardening.not_root(a.resources),
        "container_definitions: user",
        "neither root nor 0",
        "Each container runs as a user that is not root.",
        ("least privilege",),
    ),
    Outcome(
        subjects.TASK_DEFINITION,
        forms.EVERY_CONTAINER,
        "a read-only root filesystem",
        lambda a: hardening.file_system_read_only(a.resources),
        "container_definitions: readonlyRootFilesystem",
        "true",
        "No container can write to its root filesystem; volumes stay writable.",
    ),
    Outcome(
        subjects.TASK_DEFINITION,
        "every container must run unprivileged and drop all Linux capabilities",
        "",
        lambda a: hardening.no_privileges(a.resources),
        "container_definitions: privileged, linuxParameters.capabilities",
        "not true; drop = [ALL]",
        "No container has privileges of its machine.",
        ("least privilege",),
    ),
    Outcome(
        subjects.TASK_DEFINITION,
        forms.EVERY_CONTAINER,
        "a health check",
        lambda a: hardening.asked_for_health(a.resources),
        "container_definitions: healthCheck",
        "a command that can fail",
        "ECS asks each container whether it is healthy.",
    ),
    Outcome(
        subjects.REPOSITORY,
        forms.ENABLED,
        "tag immutability",
        lambda a: hardening.tags_immutable(a.resources),
        "image_tag_mutability",
        "IMMUTABLE",
        "A tag keeps the image that it was given.",
    ),
    Outcome(
        subjects.REPOSITORY,
        forms.ENABLED,
        "scan on push",
        lambda a: hardening.images_scanned(a.plan, a.resources),
        "image_scanning_configuration.scan_on_push",
        "true",
        "Each image is scanned for known vulnerabilities; scanning of the registry does not count.",
        ("vulnerability scanning",),
    ),
)
