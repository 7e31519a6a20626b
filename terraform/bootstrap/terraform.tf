# What must be there before the pipeline can run, because the pipeline cannot make its own permissions: where the
# states are, who may do what in which job, the key that plans travel under, the secret of the database user.
# One root module for all environments of an account, applied by a person, once and after a change:
#
#   cp terraform.tfvars.example terraform.tfvars        # then fill it in
#   printf 'terraform {\n  backend "local" {}\n}\n' > first_override.tf
#   terraform init && terraform plan -out=tfplan
#   planspec check tfplan --source .                    # judged like the rest
#   terraform apply tfplan                              # the bucket is there now, so the state moves into it
#   bucket="$(terraform output -raw bootstrap_state_bucket)"
#   rm first_override.tf
#   terraform init -migrate-state -backend-config="bucket=$bucket" -backend-config=region=eu-west-1
#
# Then the repository variables that `terraform output github_variables` names, and README.md for the database user.
terraform {
  required_version = ">= 1.10, < 2.0"

  backend "s3" {
    key          = "bootstrap/terraform.tfstate"
    encrypt      = true
    use_lockfile = true
  }

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }
}
