# Whatever stands here is there only if `local.on` says so, and apply decides that unless `known` does.
# Three plans of it are recorded: apply
# decides, `known` is true, `known` is false. Made by
#
#     planspec plan tests/unit/references/presence -o tests/unit/references/presence/undecided.json
#     planspec plan tests/unit/references/presence -o tests/unit/references/presence/on.json --var known=true
#     planspec plan tests/unit/references/presence -o tests/unit/references/presence/off.json --var known=false

terraform {
  required_providers {
    aws = { source = "hashicorp/aws", version = "5.100.0" }
  }
}

provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "x"
  secret_key                  = "x"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}

variable "known" {
  type    = bool
  default = null
}

variable "stage" {
  default = "prod"
}

resource "terraform_data" "seed" {}

resource "terraform_data" "none" {
  count = 0
}

resource "aws_kms_key" "k" {}

resource "aws_sns_topic" "other" {}

locals {
  on   = var.known == null ? terraform_data.seed.id == "x" : var.known
  one  = local.on ? ["a"] : []
  set  = toset(local.on ? ["a", "b"] : ["b"])
  null = local.on ? { name = "a" } : null
  pair = { a = "Owner", b = "Team" }
  some = { for k, v in local.pair : k => v if local.on }
  text = local.on ? "a" : ""
}

# Expressions: each `input` is one, and the tests ask for its elements.
resource "terraform_data" "choice" {
  input = local.on ? ["a"] : []
}
resource "terraform_data" "choice_between" {
  input = local.on ? ["a", "b"] : ["b"]
}
resource "terraform_data" "filtered" {
  input = [for each in ["a", "b"] : each if each == "b" || local.on]
}
resource "terraform_data" "filtered_all" {
  input = [for each in ["a", "b"] : each if local.on]
}
resource "terraform_data" "in_a_set" {
  input = local.set
}
resource "terraform_data" "over_a_set" {
  input = [for each in local.set : "${each}-x"]
}
resource "terraform_data" "concatenated" {
  input = concat(["b"], local.one, ["c"])
}
resource "terraform_data" "concatenated_first" {
  input = concat(local.one, ["c"])[0]
}
resource "terraform_data" "concatenated_last" {
  input = element(concat(["c"], local.one), 1)
}
resource "terraform_data" "compacted" {
  input = compact([local.text, "b", ""])
}
resource "terraform_data" "compacted_alone" {
  input = compact([local.text])
}
resource "terraform_data" "flattened" {
  input = flatten([["b"], local.one, [[local.one]]])
}
resource "terraform_data" "nested" {
  input = [for each in local.one : concat([each], [for inner in ["d"] : inner if local.on])]
}
resource "terraform_data" "merged" {
  input = merge({ Stage = "x" }, local.on ? { Owner = "a" } : {})
}
resource "terraform_data" "merged_null" {
  input = merge({ Stage = "x" }, local.on ? { Stage = "y", Owner = "a" } : null)
}
resource "terraform_data" "merged_over" {
  input = merge(local.on ? { Owner = "a" } : {}, { Owner = "b" })
}
resource "terraform_data" "mapped" {
  input = local.some
}
resource "terraform_data" "turned_round" {
  input = { for k, v in local.some : v => k }
}
resource "terraform_data" "keys" {
  input = keys(local.some)
}
resource "terraform_data" "values" {
  input = [for each in values(local.some) : each]
}
resource "terraform_data" "looked_up" {
  input = [lookup(local.some, "a", "none")]
}
resource "terraform_data" "tried" {
  input = [try(local.some["a"], "none")]
}
resource "terraform_data" "tried_list" {
  input = try([local.one[0]], [])
}
resource "terraform_data" "tried_null" {
  input = try(local.null.name, "none")
}
resource "terraform_data" "only" {
  input = [one(local.one)]
}
resource "terraform_data" "splat_of_null" {
  input = local.null[*].name
}
resource "terraform_data" "splat_of_only" {
  input = one(local.one)[*]
}
resource "terraform_data" "not_made" {
  input = concat(terraform_data.none[*].id, local.one)
}
resource "terraform_data" "otherwise" {
  input = coalescelist(local.one, ["b"])
}
resource "terraform_data" "stage" {
  input = concat(local.one, var.stage == "prod" && !(var.stage == "dev") ? ["b"] : [])
}
resource "terraform_data" "object" {
  input = local.on ? { Owner = "a", list = ["a"] } : { Owner = "b", list = [] }
}
resource "terraform_data" "grouped" {
  input = { for each in local.one : each => "x"... }
}
resource "terraform_data" "distinct" {
  input = distinct(concat(["a"], local.one))
}
resource "terraform_data" "counted" {
  input = { at_least_one = length(local.one) > 0 ? ["a"] : [], always = length(local.pair) == 2 ? ["a"] : [] }
}

# Blocks.
resource "aws_db_parameter_group" "choice" {
  family = "postgres16"
  dynamic "parameter" {
    for_each = local.one
    content {
      name  = parameter.value
      value = "1"
    }
  }
}
resource "aws_db_parameter_group" "beside" {
  family = "postgres16"
  parameter {
    name  = "b"
    value = "1"
  }
  dynamic "parameter" {
    for_each = local.one
    content {
      name  = parameter.value
      value = "1"
    }
  }
}
resource "aws_db_parameter_group" "none_beside" {
  family = "postgres16"
  dynamic "parameter" {
    for_each = []
    content {
      name  = "b"
      value = "1"
    }
  }
  dynamic "parameter" {
    for_each = local.some
    content {
      name  = parameter.key
      value = parameter.value
    }
  }
}
resource "aws_db_parameter_group" "not_followed" {
  family = "postgres16"
  dynamic "parameter" {
    for_each = split(",", local.on ? "a,b" : "a")
    content {
      name  = "c"
      value = parameter.value
    }
  }
}
resource "aws_s3_bucket_lifecycle_configuration" "nested" {
  bucket = "b"
  dynamic "rule" {
    for_each = local.one
    content {
      id     = rule.value
      status = "Enabled"
      filter {}
      dynamic "transition" {
        for_each = local.set
        content {
          days          = 30
          storage_class = transition.value == "a" ? "GLACIER" : "STANDARD_IA"
        }
      }
    }
  }
}
resource "aws_s3_bucket_lifecycle_configuration" "inner" {
  bucket = "b"
  rule {
    id     = "a"
    status = "Enabled"
    filter {}
    expiration {
      days = 30
    }
    dynamic "transition" {
      for_each = local.one
      content {
        days          = 30
        storage_class = "GLACIER"
      }
    }
  }
}
resource "aws_lb" "logs" {
  subnets  = ["subnet-1", "subnet-2"]
  internal = true
  dynamic "access_logs" {
    for_each = local.null[*]
    content {
      bucket  = "logs"
      enabled = true
    }
  }
}
resource "aws_security_group" "open" {
  dynamic "ingress" {
    for_each = local.one
    content {
      from_port   = 22
      to_port     = 22
      protocol    = "tcp"
      cidr_blocks = ["0.0.0.0/0"]
    }
  }
}
resource "aws_security_group" "inside" {
  dynamic "ingress" {
    for_each = local.one
    content {
      from_port   = 22
      to_port     = 22
      protocol    = "tcp"
      cidr_blocks = ["10.0.0.0/8"]
    }
  }
}
resource "aws_security_group" "inside_beside" {
  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["10.1.0.0/16"]
  }
  dynamic "ingress" {
    for_each = local.one
    content {
      from_port   = 22
      to_port     = 22
      protocol    = "tcp"
      cidr_blocks = ["10.0.0.0/8"]
    }
  }
}
resource "aws_s3_bucket_server_side_encryption_configuration" "key" {
  bucket = "b"
  rule {
    bucket_key_enabled = false
  }
  dynamic "rule" {
    for_each = local.one
    content {
      apply_server_side_encryption_by_default {
        sse_algorithm     = "aws:kms"
        kms_master_key_id = aws_kms_key.k.arn
      }
    }
  }
}
resource "aws_sns_topic" "tagged" {
  tags              = { for k, v in local.pair : v => k if local.on }
  kms_master_key_id = local.on ? aws_kms_key.k.arn : null
}
resource "aws_sns_topic" "tagged_beside" {
  tags = merge({ Stage = "x" }, { for k, v in local.pair : v => k if local.on })
}
resource "aws_iam_policy" "everything" {
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = concat(
      [{ Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::b/*" }],
      local.on ? [{ Effect = "Allow", Action = "*", Resource = "*" }] : [],
    )
  })
}
resource "aws_s3_bucket_policy" "tls" {
  bucket = "b"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [merge(
      { Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::b/*", Principal = "*" },
      local.on ? { Condition = { StringEquals = { "aws:SourceAccount" = "123456789012" } } } : {},
    )]
  })
}

module "inner" {
  source = "./inner"
  rules  = local.some
  maybe  = local.on ? { status = "Enabled" } : null
}
