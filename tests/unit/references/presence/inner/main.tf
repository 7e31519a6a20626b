variable "rules" {
  type = map(string)
}

variable "maybe" {
  type    = object({ status = string })
  default = null
}

variable "always" {
  type     = list(string)
  default  = ["x"]
  nullable = false
}

locals {
  rules = [for name, tag in var.rules : { id = name, tag = tag }]
}

resource "aws_lb" "logs" {
  subnets  = ["subnet-1", "subnet-2"]
  internal = true
  dynamic "access_logs" {
    for_each = var.maybe == null ? [] : concat([var.maybe], [for each in var.always : each if each == "y"])
    content {
      bucket  = "logs"
      enabled = access_logs.value.status == "Enabled"
    }
  }
}

resource "aws_db_parameter_group" "this" {
  family = "postgres16"
  dynamic "parameter" {
    for_each = { for rule in local.rules : rule.id => rule }
    content {
      name  = parameter.value.tag
      value = "1"
    }
  }
}
