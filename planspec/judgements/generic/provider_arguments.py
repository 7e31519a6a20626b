"""Which arguments does the configuration of a provider take?

A plan holds only those that somebody wrote, so that a misspelt one looks like one that nobody wrote.
Sources: Terraform AWS provider 6, Google provider 6 and AzureRM provider 4, "Argument Reference".
"""

from collections.abc import Mapping
from typing import Final

_ROLE: Final = (
    "duration external_id policy policy_arns role_arn session_name source_identity tags"
    " transitive_tag_keys"
)
_WEB_IDENTITY: Final = (
    "duration policy policy_arns role_arn session_name web_identity_token web_identity_token_file"
)
_AWS: Final = """
    access_key allowed_account_ids assume_role assume_role_with_web_identity custom_ca_bundle
    default_tags ec2_metadata_service_endpoint ec2_metadata_service_endpoint_mode endpoints
    forbidden_account_ids http_proxy https_proxy ignore_tags insecure max_retries no_proxy profile
    region retry_mode s3_us_east_1_regional_endpoint s3_use_path_style secret_key
    shared_config_files shared_credentials_files skip_credentials_validation skip_metadata_api_check
    skip_region_validation skip_requesting_account_id sts_region tag_policy_compliance token
    token_bucket_rate_limiter_capacity use_dualstack_endpoint use_fips_endpoint user_agent
"""
_GOOGLE: Final = """
    access_token add_terraform_attribution_label batching billing_project credentials default_labels
    external_credentials impersonate_service_account impersonate_service_account_delegates
    poll_interval project region request_reason request_timeout scopes
    terraform_attribution_label_addition_strategy universe_domain user_project_override zone
"""
_AZURE: Final = """
    ado_pipeline_service_connection_id auxiliary_tenant_ids client_certificate
    client_certificate_password client_certificate_path client_id client_id_file_path client_secret
    client_secret_file_path disable_correlation_request_id disable_terraform_partner_id environment
    features metadata_host msi_endpoint oidc_request_token oidc_request_url oidc_token
    oidc_token_file_path partner_id resource_provider_registrations resource_providers_to_register
    skip_provider_registration storage_use_azuread subscription_id tenant_id
    use_aks_workload_identity use_cli use_msi use_oidc
"""
_TAKEN: Final[Mapping[str, frozenset[str]]] = {
    "hashicorp/aws": frozenset(_AWS.split()),
    "hashicorp/google": frozenset(_GOOGLE.split()),
    "hashicorp/google-beta": frozenset(_GOOGLE.split()),
    "hashicorp/azurerm": frozenset(_AZURE.split()),
}
_INSIDE: Final[Mapping[str, Mapping[str, frozenset[str]]]] = {
    "hashicorp/aws": {
        "assume_role": frozenset(_ROLE.split()),
        "assume_role_with_web_identity": frozenset(_WEB_IDENTITY.split()),
        "default_tags": frozenset({"tags"}),
        "ignore_tags": frozenset({"keys", "key_prefixes"}),
    }
}


def taken(source: str) -> frozenset[str]:
    """The arguments of the provider at this address; none where they are not known."""
    return _TAKEN.get(_short(source), frozenset())


def inside(source: str) -> Mapping[str, frozenset[str]]:
    """The arguments inside the blocks of a provider, as far as they are known."""
    return _INSIDE.get(_short(source), {})


def _short(source: str) -> str:
    """The address without its registry: hashicorp/aws."""
    return "/".join(source.split("/")[-2:])
