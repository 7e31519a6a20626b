terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

variable "target" {
  type = string
}

variable "key" {
  type = string
}

variable "log" {
  type = string
}

variable "other" {
  type = string
}

locals {
  target = var.target
}

resource "aws_s3_bucket_logging" "this" {
  bucket        = local.target
  target_bucket = var.log
  target_prefix = "logs/"
}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  bucket = var.target
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = var.key
    }
  }
}

resource "aws_s3_bucket_versioning" "this" {
  bucket = var.other
  versioning_configuration {
    status = "Enabled"
  }
}

output "key" {
  value = var.key
}
