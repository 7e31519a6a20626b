"""Outcomes about what was selected: encryption at rest and in transit.

The words after `Then` are a form; `planspec.vocabulary` says which subject has which setting.
"""

from collections.abc import Callable

from pytest_bdd import then

from planspec import Judgement
from planspec.features.form import form
from planspec.judgements.generic.selections import Selection
from planspec.vocabulary import Inputs, judged

Uphold = Callable[[Judgement], None]


@then(form("it must be encrypted with a KMS key"))
def must_be_encrypted_with_kms_key(selection: Selection, run: Inputs, uphold: Uphold) -> None:
    """Each is encrypted with a KMS key; whose it is, is not judged."""
    uphold(judged(selection, run, "it must be encrypted with a KMS key"))


@then(form("it must be encrypted with a customer managed KMS key"))
def must_be_encrypted_with_customer_managed_key(
    selection: Selection, run: Inputs, uphold: Uphold
) -> None:
    """Each is encrypted with a KMS key that the customer manages, not with one of AWS."""
    uphold(judged(selection, run, "it must be encrypted with a customer managed KMS key"))


@then(form("it must refuse connections without TLS"))
def must_refuse_connections_without_tls(selection: Selection, run: Inputs, uphold: Uphold) -> None:
    """Each turns away who comes without TLS."""
    uphold(judged(selection, run, "it must refuse connections without TLS"))
