terraform {
  # Problem: nothing was pinned, so two people could plan the same commit with different providers.
  # Fix: versions here, checksums in .terraform.lock.hcl. CHG-06.1
  required_version = ">= 1.10, < 2.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }
}
