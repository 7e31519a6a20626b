# Problem: one role, for ECS and for the application, that could do everything everywhere.
# Fix: one role for what ECS does (fetch the image and the secrets, write logs), one for what the
# application does (read and write images). IDN-02.1
#
# Problem: ECS could be made to use the role for somebody else's tasks.
# Fix: it may take it for tasks of this account only. IDN-03.1
data "aws_iam_policy_document" "tasks_assume" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account_id]
    }

    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      values   = ["${local.arn_prefix.ecs}:*"]
    }
  }
}

locals {
  # A policy document that names a resource directly is only written when that resource is there,
  # even if all it uses is the name. Through a local it takes the value, and the plan shows the policy.
  repository_arn = "${local.arn_prefix.ecr}:repository/${aws_ecr_repository.api.name}"
  api_logs_arn   = "${local.arn_prefix.logs}:log-group:${aws_cloudwatch_log_group.api.name}"
  data_key_alias = aws_kms_alias.data.name
}

resource "aws_iam_role" "execution" {
  name               = "${local.name}-execution"
  description        = "What ECS needs to start the API's tasks"
  assume_role_policy = data.aws_iam_policy_document.tasks_assume.json
}

# Problem: as below, for what ECS does. Fix: each action on the one thing that it is for. IDN-01.1
data "aws_iam_policy_document" "execution" {
  statement {
    sid       = "RegistryToken"
    actions   = ["ecr:GetAuthorizationToken"]
    resources = ["*"] # AWS has no resource for this action.
  }

  statement {
    sid       = "PullImage"
    actions   = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
    resources = [local.repository_arn]
  }

  statement {
    sid       = "WriteLogs"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${local.api_logs_arn}:log-stream:*"]
  }

  statement {
    sid       = "ReadParameter"
    actions   = ["ssm:GetParameters"]
    resources = [local.database_host_arn]
  }

  statement {
    sid       = "ReadSecret"
    actions   = ["secretsmanager:GetSecretValue"]
    resources = [data.aws_secretsmanager_secret.database.arn]
  }

  statement {
    sid       = "DecryptParameter"
    actions   = ["kms:Decrypt"]
    resources = ["${local.arn_prefix.kms}:key/*"]

    condition {
      test     = "ForAnyValue:StringEquals"
      variable = "kms:ResourceAliases"
      values   = [local.data_key_alias]
    }
  }
}

resource "aws_iam_role_policy" "execution" {
  name   = "start-tasks"
  role   = aws_iam_role.execution.id
  policy = data.aws_iam_policy_document.execution.json
}

resource "aws_iam_role" "task" {
  name               = "${local.name}-task"
  description        = "What the API itself may do in AWS"
  assume_role_policy = data.aws_iam_policy_document.tasks_assume.json
}

# Problem: whoever broke into a task could do everything everywhere in the account.
# Fix: two actions on images, one on their bucket and two on their key, each on named resources. IDN-01.1
data "aws_iam_policy_document" "task" {
  statement {
    sid       = "Images"
    actions   = ["s3:GetObject", "s3:PutObject"]
    resources = ["${local.images_arn}/*"]
  }

  # Problem: without it, S3 answers 403 for an image that is not there, and nobody can tell it from a
  # missing right. Fix: who may list the bucket gets 404.
  statement {
    sid       = "ImagesList"
    actions   = ["s3:ListBucket"]
    resources = [local.images_arn]
  }

  statement {
    sid       = "ImagesKey"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = ["${local.arn_prefix.kms}:key/*"]

    # The key's own ARN is unknown before the apply; its alias is not.
    condition {
      test     = "ForAnyValue:StringEquals"
      variable = "kms:ResourceAliases"
      values   = [local.data_key_alias]
    }
  }
}

resource "aws_iam_role_policy" "task" {
  name   = "images"
  role   = aws_iam_role.task.id
  policy = data.aws_iam_policy_document.task.json
}

data "aws_iam_policy_document" "monitoring_assume" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["monitoring.rds.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account_id]
    }
  }
}

resource "aws_iam_role" "database_monitoring" {
  name               = "${local.name}-database-monitoring"
  description        = "Lets RDS write enhanced monitoring"
  assume_role_policy = data.aws_iam_policy_document.monitoring_assume.json
}

resource "aws_iam_role_policy_attachment" "database_monitoring" {
  role       = aws_iam_role.database_monitoring.name
  policy_arn = "arn:${local.partition}:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"
}
