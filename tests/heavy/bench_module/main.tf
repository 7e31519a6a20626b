# The plan that `make bench` measures: one module of ten resources, as many times as `copies` says.
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

variable "copies" {
  description = "How many instances of the module; each has ten resources."
  type        = number
}

provider "aws" {
  region                      = "us-east-1"
  access_key                  = "testing"
  secret_key                  = "testing"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true

  default_tags {
    tags = {
      Service     = "bench"
      Environment = "test"
      Owner       = "nobody"
      CostCentre  = "0"
    }
  }
}

module "team" {
  source   = "./team"
  for_each = toset([for number in range(var.copies) : format("team-%05d", number)])
  name     = each.key
}
