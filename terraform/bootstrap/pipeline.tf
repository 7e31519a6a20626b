# Problem: permanent keys of a user that could do everything, handed to every step of every branch.
# Fix: no keys. GitHub says which repository, branch or environment a job is of; each job has a role that trusts
# exactly that and may do what the job does.
resource "aws_iam_openid_connect_provider" "github" {
  url            = "https://token.actions.githubusercontent.com"
  client_id_list = ["sts.amazonaws.com"]
}

# Plans travel between jobs encrypted with this key: whoever may read the repository may download them.
resource "aws_kms_key" "plans" {
  description             = "${var.service}: saved plans between the jobs of the pipeline"
  enable_key_rotation     = true
  deletion_window_in_days = 30
  policy                  = jsonencode({ Version = "2012-10-17", Statement = [local.key_owner] })
}

resource "aws_kms_alias" "plans" {
  name          = "alias/${var.service}-plans"
  target_key_id = aws_kms_key.plans.key_id
}

locals {
  on_main = "repo:${var.repository}:ref:refs/heads/main"

  # Each job: the subject that may take its role, and its policy. Only `apply` may change something, and its subject
  # is the environment, which GitHub gives to a job after a person has approved it.
  jobs = merge(
    { build = { subject = local.on_main, policy = data.aws_iam_policy_document.build.json } },
    merge([
      for each in var.environments : {
        "${each}-plan"  = { subject = local.on_main, policy = data.aws_iam_policy_document.plan[each].json }
        "${each}-gate"  = { subject = local.on_main, policy = data.aws_iam_policy_document.gate.json }
        "${each}-drift" = { subject = local.on_main, policy = data.aws_iam_policy_document.drift[each].json }
        "${each}-apply" = {
          subject = "repo:${var.repository}:environment:${each}"
          policy  = data.aws_iam_policy_document.apply[each].json
        }
      }
    ]...)
  )

  github = "token.actions.githubusercontent.com"

  names = { for each in var.environments : each => "${var.service}-${each}" }

  plans_key_alias  = aws_kms_alias.plans.name
  states_key_alias = aws_kms_alias.states.name
}

data "aws_iam_policy_document" "trust" {
  for_each = local.jobs

  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = ["${local.iam}:oidc-provider/${local.github}"]
    }

    condition {
      test     = "StringEquals"
      variable = "${local.github}:aud"
      values   = ["sts.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "${local.github}:sub"
      values   = [each.value.subject]
    }
  }
}

resource "aws_iam_role" "job" {
  for_each = local.jobs

  name               = "${var.service}-pipeline-${each.key}"
  description        = "What the job ${each.key} of the pipeline may do"
  assume_role_policy = data.aws_iam_policy_document.trust[each.key].json

  # The provider has to be there before AWS takes a role that trusts it.
  depends_on = [aws_iam_openid_connect_provider.github]
}

resource "aws_iam_role_policy" "job" {
  for_each = local.jobs

  name   = "job"
  role   = aws_iam_role.job[each.key].id
  policy = each.value.policy
}

# Build: push one image to the repositories of the environments, and read what the scan found.
data "aws_iam_policy_document" "build" {
  statement {
    sid       = "RegistryToken"
    actions   = ["ecr:GetAuthorizationToken"]
    resources = ["*"] # AWS has no resource for this action.
  }

  statement {
    sid = "Push"
    actions = [
      "ecr:BatchCheckLayerAvailability",
      "ecr:BatchGetImage",
      "ecr:CompleteLayerUpload",
      "ecr:DescribeImageScanFindings",
      "ecr:DescribeImages",
      "ecr:DescribeRepositories",
      "ecr:GetDownloadUrlForLayer",
      "ecr:InitiateLayerUpload",
      "ecr:PutImage",
      "ecr:UploadLayerPart",
    ]
    resources = [for each in var.environments : "${local.arn_prefix.ecr}:repository/${var.service}-${each}-api"]
  }
}

# Gate: decrypt the plan that it judges, and nothing else.
data "aws_iam_policy_document" "gate" {
  statement {
    sid       = "DecryptPlan"
    actions   = ["kms:Decrypt"]
    resources = ["${local.arn_prefix.kms}:key/*"]

    condition {
      test     = "ForAnyValue:StringEquals"
      variable = "kms:ResourceAliases"
      values   = [local.plans_key_alias]
    }
  }
}

# What a refresh reads. AWS knows no resource for most of these actions; none of them reads data or a secret.
data "aws_iam_policy_document" "refresh" {
  for_each = var.environments

  statement {
    sid = "Describe"
    actions = [
      "acm:DescribeCertificate",
      "acm:ListCertificates",
      "acm:ListTagsForCertificate",
      "application-autoscaling:Describe*",
      "application-autoscaling:ListTagsForResource",
      "budgets:ListTagsForResource",
      "budgets:ViewBudget",
      "cloudwatch:DescribeAlarms",
      "cloudwatch:GetDashboard",
      "cloudwatch:ListTagsForResource",
      "ec2:Describe*",
      "ecr:DescribeRepositories",
      "ecr:GetLifecyclePolicy",
      "ecr:ListTagsForResource",
      "ecs:Describe*",
      "ecs:ListTagsForResource",
      "elasticloadbalancing:Describe*",
      "iam:GetPolicy",
      "iam:GetPolicyVersion",
      "iam:GetRole",
      "iam:GetRolePolicy",
      "iam:ListAttachedRolePolicies",
      "iam:ListRolePolicies",
      "kms:DescribeKey",
      "kms:GetKeyPolicy",
      "kms:GetKeyRotationStatus",
      "kms:ListAliases",
      "kms:ListResourceTags",
      "logs:DescribeLogGroups",
      "logs:ListTagsForResource",
      "rds:Describe*",
      "rds:ListTagsForResource",
      "secretsmanager:DescribeSecret",
      "secretsmanager:GetResourcePolicy",
      "secretsmanager:ListSecrets",
      "sns:GetSubscriptionAttributes",
      "sns:GetTopicAttributes",
      "sns:ListTagsForResource",
      "ssm:DescribeParameters",
      "ssm:ListTagsForResource",
      "sts:GetCallerIdentity",
      "wafv2:GetLoggingConfiguration",
      "wafv2:GetWebACL",
      "wafv2:GetWebACLForResource",
      "wafv2:ListTagsForResource",
    ]
    resources = ["*"]
  }

  # The one parameter of the service is the database's host name; reading it is a part of a refresh.
  statement {
    sid       = "ReadParameter"
    actions   = ["ssm:GetParameter", "ssm:GetParameters"]
    resources = ["${local.arn_prefix.ssm}:parameter/${local.names[each.key]}/*"]
  }

  statement {
    sid       = "DecryptStateAndParameter"
    actions   = ["kms:Decrypt"]
    resources = ["${local.arn_prefix.kms}:key/*"]

    condition {
      test     = "ForAnyValue:StringEquals"
      variable = "kms:ResourceAliases"
      values   = [local.states_key_alias, "alias/${local.names[each.key]}-data"]
    }
  }

  statement {
    sid       = "ReadState"
    actions   = ["s3:GetObject"]
    resources = ["${local.state_arns[each.key]}/*"]
  }

  statement {
    sid       = "FindState"
    actions   = ["s3:ListBucket"]
    resources = [local.state_arns[each.key]]
  }

  statement {
    sid = "DescribeBuckets"
    actions = [
      "s3:GetAccelerateConfiguration",
      "s3:GetBucket*",
      "s3:GetEncryptionConfiguration",
      "s3:GetLifecycleConfiguration",
      "s3:GetReplicationConfiguration",
      "s3:ListBucket",
    ]
    resources = [for name in ["images", "logs"] : "arn:${local.partition}:s3:::${local.names[each.key]}-${name}"]
  }
}

# Drift: a refresh, and no write at all, not even the state's lock.
data "aws_iam_policy_document" "drift" {
  for_each = var.environments

  source_policy_documents = [data.aws_iam_policy_document.refresh[each.key].json]
}

# Plan: a refresh, the lock beside the state, and a data key for the plan.
data "aws_iam_policy_document" "plan" {
  for_each = var.environments

  source_policy_documents = [data.aws_iam_policy_document.refresh[each.key].json]

  statement {
    sid       = "LockState"
    actions   = ["s3:DeleteObject", "s3:PutObject"]
    resources = ["${local.state_arns[each.key]}/*.tflock"]
  }

  statement {
    sid       = "EncryptPlanAndLock"
    actions   = ["kms:GenerateDataKey"]
    resources = ["${local.arn_prefix.kms}:key/*"]

    condition {
      test     = "ForAnyValue:StringEquals"
      variable = "kms:ResourceAliases"
      values   = [local.plans_key_alias, local.states_key_alias]
    }
  }
}
