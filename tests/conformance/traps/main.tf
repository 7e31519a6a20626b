# References of every kind that is easily followed wrongly; tests/conformance/test_traps.py says where each leads.
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

provider "aws" {
  region = "eu-west-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

variable "create" {
  type    = bool
  default = true
}

variable "policies" {
  type    = number
  default = 1
}

locals {
  names       = toset(["one", "two"])
  only_bucket = aws_s3_bucket.single.id
  by_name     = { for name, bucket in aws_s3_bucket.named : name => bucket.id }
  attach      = var.policies > 0
  pairs = flatten([
    for name in local.names : [
      { name = name, bucket = aws_s3_bucket.named[name].id },
    ]
  ])
}

resource "aws_s3_bucket" "single" {
  bucket_prefix = "single-"
}

resource "aws_s3_bucket" "other" {
  bucket_prefix = "other-"
}

resource "aws_s3_bucket" "counted" {
  count         = 2
  bucket_prefix = "counted-"
}

resource "aws_s3_bucket" "named" {
  for_each      = local.names
  bucket_prefix = "${each.key}-"
}

# The key has dots, brackets and quotes.
resource "aws_s3_bucket" "odd" {
  for_each      = toset(["a.b[0]\"c"])
  bucket_prefix = "odd-"
}

resource "aws_s3_bucket" "never" {
  count         = 0
  bucket_prefix = "never-"
}

resource "aws_s3_bucket" "known" {
  bucket = "a-name-that-is-known"
}

# 1: through a local
resource "aws_s3_bucket_versioning" "local" {
  bucket = local.only_bucket
  versioning_configuration {
    status = "Enabled"
  }
}

# 2: a condition, one side of which is a policy that points to the bucket itself
resource "aws_s3_bucket_policy" "attached" {
  count  = var.policies
  bucket = aws_s3_bucket.single.id
  policy = data.aws_iam_policy_document.late.json
}

resource "aws_s3_bucket_public_access_block" "conditional" {
  bucket = local.attach ? aws_s3_bucket_policy.attached[0].id : aws_s3_bucket.single.id
}

resource "aws_s3_bucket_public_access_block" "behind" {
  bucket = aws_s3_bucket_versioning.local.bucket
}

# 3: a name that is known
resource "aws_s3_bucket_ownership_controls" "known" {
  bucket = aws_s3_bucket.known.bucket
  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

# 4: one name in two regions
resource "aws_sns_topic" "here" {
  name = "same-name"
}

resource "aws_sns_topic" "west" {
  provider = aws.west
  name     = "same-name"
}

resource "aws_sns_topic_policy" "west" {
  provider = aws.west
  arn      = aws_sns_topic.west.arn
  policy   = data.aws_iam_policy_document.late.json
}

# 5, 6, 10, 17: object variables, whole resources, keys at every level, providers that are passed on
module "outer" {
  source    = "./modules/outer"
  for_each  = local.names
  bucket    = aws_s3_bucket.named[each.key]
  providers = { aws = aws.west }
  options = {
    deep = { key = aws_kms_key.one.arn }
    list = [aws_s3_bucket.other.id]
  }
}

resource "aws_kms_key" "one" {}

# 7: a text with a name in it
resource "aws_ssm_parameter" "text" {
  name  = "/bucket"
  type  = "String"
  value = "${aws_s3_bucket.single.arn}/*"
}

# 8: each.value over what a local made
resource "aws_s3_bucket_versioning" "each_local" {
  for_each = { for pair in local.pairs : pair.name => pair }
  bucket   = each.value.bucket
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_accelerate_configuration" "looked_up" {
  for_each = local.names
  bucket   = local.by_name[each.key]
  status   = "Enabled"
}

# 9: for_each over a resource, and over a module
resource "aws_s3_bucket_ownership_controls" "over" {
  for_each = aws_s3_bucket.named
  bucket   = each.value.id
  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_request_payment_configuration" "over_module" {
  for_each = module.outer
  bucket   = each.value.log_bucket
  payer    = "Requester"
}

# 11: an instance that is not made
resource "aws_s3_bucket_public_access_block" "not_made" {
  bucket = length(aws_s3_bucket.never) > 0 ? aws_s3_bucket.never[0].id : aws_s3_bucket.other.id
}

# 13: order only
resource "aws_s3_bucket_versioning" "ordered" {
  bucket     = aws_s3_bucket.other.id
  depends_on = [aws_s3_bucket.single]
  versioning_configuration {
    status = "Enabled"
  }
}

# 14: data sources, read at apply and while planning
data "aws_iam_policy_document" "late" {
  statement {
    actions   = ["s3:GetObject"]
    resources = [aws_s3_bucket.single.arn]
  }
}

data "aws_region" "current" {}

resource "aws_s3_bucket_policy" "data" {
  bucket = aws_s3_bucket.other.id
  policy = data.aws_iam_policy_document.late.json
}

resource "aws_ssm_parameter" "region" {
  name  = "/region"
  type  = "String"
  value = "${data.aws_region.current.name}-${aws_s3_bucket.single.id}"
}

# 15: two steps
resource "aws_iam_policy" "read" {
  name   = "read"
  policy = data.aws_iam_policy_document.late.json
}

resource "aws_iam_role_policy_attachment" "read" {
  role       = aws_iam_role.app.name
  policy_arn = aws_iam_policy.read.arn
}

# count, keys and splats
resource "aws_s3_bucket_versioning" "counted" {
  count  = 2
  bucket = aws_s3_bucket.counted[count.index].id
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_versioning" "named" {
  for_each = local.names
  bucket   = aws_s3_bucket.named[each.key].id
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_versioning" "odd" {
  bucket = aws_s3_bucket.odd["a.b[0]\"c"].id
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_request_payment_configuration" "rotated" {
  count  = 2
  bucket = aws_s3_bucket.counted[(count.index + 1) % 2].id
  payer  = "Requester"
}

data "aws_iam_policy_document" "splat" {
  statement {
    actions   = ["s3:GetObject"]
    resources = concat(aws_s3_bucket.counted[*].arn, values(aws_s3_bucket.named)[*].arn)
  }
}

resource "aws_s3_bucket_public_access_block" "tried" {
  bucket = try(aws_s3_bucket.never[0].id, aws_s3_bucket.single.id)
}

resource "aws_s3_bucket_acl" "nested_condition" {
  bucket = var.create ? aws_s3_bucket.single.id : local.attach ? aws_s3_bucket.other.id : null
  acl    = "private"
}

output "inner_key" {
  value = module.outer["one"].key
}
