"""Outcomes about what a change does to what exists, and about unintended changes."""

from typing import Final

from planspec.aws import members
from planspec.judgements.availability import placement
from planspec.judgements.change import data_loss, wider_network, wider_permissions
from planspec.judgements.deployment import upgrades, version_pins
from planspec.judgements.exposure import load_balancers
from planspec.judgements.generic import no_weaker
from planspec.judgements.secrets import interface
from planspec.vocabulary import forms, subjects
from planspec.vocabulary.model import Outcome

NO_MORE: Final = "it must not allow more than before the change"
NO_WEAKER: Final = "it must not be weaker than before the change"

OUTCOMES: Final = (
    Outcome(
        subjects.STATEFUL,
        "it must not be destroyed, replaced or removed from state",
        "",
        lambda a: data_loss.no_data_is_destroyed(a.plan, a.resources, a.parameters.data_types),
        "actions of the change",
        "neither delete nor forget",
        "What holds data stays; for a type that no list names, this is unknown.",
        ("data loss",),
    ),
    Outcome(
        subjects.BALANCER,
        forms.ENABLED,
        "deletion protection",
        lambda a: load_balancers.protected_from_deletion(a.resources),
        "enable_deletion_protection",
        "true",
        "It cannot be deleted before the protection is taken away.",
    ),
    Outcome(
        subjects.DB_INSTANCE,
        forms.ENABLED,
        "automatic minor version upgrades",
        lambda a: upgrades.follow_minor_versions(a.databases),
        "auto_minor_version_upgrade",
        "true",
        "RDS raises the minor version of its engine in the maintenance window.",
    ),
    Outcome(
        subjects.DB_INSTANCE,
        "its engine version must leave automatic minor version upgrades to RDS",
        "",
        lambda a: version_pins.leave_minor_versions_to_rds(a.plan, members(a.databases)),
        "engine_version",
        "without a minor version, or from elsewhere",
        "It pins no minor version that RDS upgrades automatically.",
    ),
    Outcome(
        subjects.DB_INSTANCE,
        forms.DISABLED,
        "major version upgrades",
        lambda a: upgrades.refuse_major_versions(a.databases),
        "allow_major_version_upgrade",
        "false, or left out",
        "A typo in the version of its engine does not upgrade it for good.",
    ),
    Outcome(
        subjects.DB_INSTANCE,
        forms.DISABLED,
        "immediate application of changes",
        lambda a: upgrades.wait_for_the_window(a.databases),
        "apply_immediately",
        "false, or left out",
        "Changes that interrupt it wait for its maintenance window.",
    ),
    Outcome(
        subjects.DB_INSTANCE,
        forms.APPROVED_LIST,
        "engine version",
        lambda a: upgrades.supported(a.databases, a.parameters.upgrades),
        "engine, engine_version",
        "a major version that the policies list",
        "Its major engine version is one that AWS still supports, by the list in the policies.",
    ),
    Outcome(
        subjects.PROVIDER,
        forms.HAS,
        "an upper version bound",
        lambda a: interface.providers_are_pinned(a.plan, a.resources),
        "required_providers.version",
        "a constraint that ends somewhere",
        "A new major version of the provider does not change the plan automatically.",
        ("version constraint",),
    ),
    Outcome(
        subjects.VARIABLE,
        forms.HAS,
        "a validation rule",
        lambda a: interface.variables_are_checked(a.plan, a.resources),
        "validation",
        "a block",
        "It has a condition that refuses values; what that refuses is not judged.",
    ),
    Outcome(
        subjects.TASK_DEFINITION,
        "the database host must not be hardcoded",
        "",
        lambda a: placement.databases_are_found(a.plan, a.resources, a.parameters.capacity),
        "container_definitions: environment, secrets",
        "a reference to the database",
        "The variables that hold the host get it from the database itself.",
    ),
    Outcome(
        subjects.GROUP_CHANGE,
        NO_MORE,
        "",
        lambda a: wider_network.let_in_no_more(a.plan, a.resources),
        "ingress, in all its forms",
        "no more than before",
        "No security group allows more ingress than before, its rules taken together.",
    ),
    Outcome(
        subjects.RIGHTS_CHANGE,
        NO_MORE,
        "",
        lambda a: wider_permissions.allow_no_more(a.plan, a.selection.left_out),
        "policies",
        "no more than before",
        "No role, user or resource grants more permissions than before, its policies taken together.",
    ),
    Outcome(
        subjects.PUBLIC_CHANGE,
        NO_WEAKER,
        "",
        lambda a: no_weaker.not_weakened(a.plan, a.resources, a.parameters.change.exposure),
        "those of [change.exposure] in the policies",
        "as before, or stricter",
        "Nothing becomes public that was not.",
    ),
    Outcome(
        subjects.ENCRYPTION_CHANGE,
        NO_WEAKER,
        "",
        lambda a: no_weaker.not_weakened(a.plan, a.resources, a.parameters.change.encryption),
        "those of [change.encryption] in the policies",
        "as before, or stricter",
        "Nothing is encrypted less than before.",
    ),
    Outcome(
        subjects.BACKUP_CHANGE,
        NO_WEAKER,
        "",
        lambda a: no_weaker.not_weakened(a.plan, a.resources, a.parameters.change.backup),
        "those of [change.backup] in the policies",
        "as before, or stricter",
        "Nothing is backed up less, or is easier to delete, than before.",
    ),
)
