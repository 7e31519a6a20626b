provider "aws" {
  region = var.region

  # Problem: no resource said whose it is, so the bill could not be split and nobody was called.
  # Fix: four tags on everything that can carry tags (CST-06.1), and one with service and environment
  # together, by which a budget can tell one environment from the other.
  default_tags {
    tags = {
      Stack       = local.name
      Service     = var.service
      Environment = var.environment
      Owner       = var.owner
      CostCentre  = var.cost_centre
    }
  }
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

locals {
  name       = "${var.service}-${var.environment}"
  account_id = data.aws_caller_identity.current.account_id
  partition  = data.aws_partition.current.partition

  # ARNs are made from names that the plan knows. An ARN that is only known after the apply would
  # leave every policy that holds it unknown in the plan, and nobody could judge it before.
  arn_prefix = {
    for service in ["ecr", "ecs", "kms", "logs", "sns", "ssm"] :
    service => "arn:${local.partition}:${service}:${var.region}:${local.account_id}"
  }
}
