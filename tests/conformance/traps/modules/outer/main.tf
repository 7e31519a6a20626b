terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

variable "bucket" {
  type = any
}

variable "options" {
  type = object({
    deep = object({ key = string })
    list = list(string)
    more = optional(string)
  })
}

variable "days" {
  type    = number
  default = null
}

resource "aws_s3_bucket" "log" {
  bucket_prefix = "log-"
}

module "settings" {
  source = "../settings"
  count  = 2
  target = var.bucket.id
  key    = var.options.deep.key
  log    = aws_s3_bucket.log.id
  other  = var.options.list[0]
}

output "log_bucket" {
  value = aws_s3_bucket.log.id
}

output "key" {
  value = module.settings[0].key
}
