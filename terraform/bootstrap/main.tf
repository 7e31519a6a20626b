provider "aws" {
  region = var.region

  default_tags {
    tags = {
      Service     = var.service
      Environment = "shared"
      Owner       = var.owner
      CostCentre  = var.cost_centre
    }
  }
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

locals {
  account_id = data.aws_caller_identity.current.account_id
  partition  = data.aws_partition.current.partition

  # The bootstrap's own state is one more beside those of the environments.
  states = setunion(["bootstrap"], var.environments)

  arn_prefix = {
    for service in ["ec2", "ecr", "ecs", "elasticloadbalancing", "kms", "logs", "rds", "secretsmanager", "sns", "ssm", "wafv2"] :
    service => "arn:${local.partition}:${service}:${var.region}:${local.account_id}"
  }
  iam = "arn:${local.partition}:iam::${local.account_id}"

  # In a key's own policy "*" means this key. Without this statement nobody could change the key.
  key_owner = {
    Sid       = "Account"
    Effect    = "Allow"
    Principal = { AWS = "${local.iam}:root" }
    Action    = "kms:*"
    Resource  = "*"
  }
}
