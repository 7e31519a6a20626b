# Apply: change the service of one environment. By name where AWS takes a name, and for what it does not name
# (security groups, endpoints, keys) by the tag that every resource of the service carries.
data "aws_iam_policy_document" "apply" {
  for_each = var.environments

  source_policy_documents = [data.aws_iam_policy_document.refresh[each.key].json]

  statement {
    sid       = "WriteState"
    actions   = ["s3:DeleteObject", "s3:PutObject"]
    resources = ["${local.state_arns[each.key]}/*"]
  }

  statement {
    sid       = "DecryptPlanWriteState"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = ["${local.arn_prefix.kms}:key/*"]

    condition {
      test     = "ForAnyValue:StringEquals"
      variable = "kms:ResourceAliases"
      values   = [local.plans_key_alias, local.states_key_alias]
    }
  }

  statement {
    sid = "ByName"
    actions = [
      "cloudwatch:DeleteAlarms",
      "cloudwatch:DeleteDashboards",
      "cloudwatch:PutDashboard",
      "cloudwatch:PutMetricAlarm",
      "cloudwatch:TagResource",
      "cloudwatch:UntagResource",
      "ecr:CreateRepository",
      "ecr:DeleteLifecyclePolicy",
      "ecr:PutImageScanningConfiguration",
      "ecr:PutImageTagMutability",
      "ecr:PutLifecyclePolicy",
      "ecr:TagResource",
      "ecr:UntagResource",
      "ecs:CreateCluster",
      "ecs:CreateService",
      "ecs:DeregisterTaskDefinition",
      "ecs:PutClusterCapacityProviders",
      "ecs:RegisterTaskDefinition",
      "ecs:TagResource",
      "ecs:UntagResource",
      "ecs:UpdateCluster",
      "ecs:UpdateClusterSettings",
      "ecs:UpdateService",
      "logs:AssociateKmsKey",
      "logs:CreateLogGroup",
      "logs:PutRetentionPolicy",
      "logs:TagResource",
      "logs:UntagResource",
      "rds:AddTagsToResource",
      "rds:CreateDBInstance",
      "rds:CreateDBParameterGroup",
      "rds:CreateDBSubnetGroup",
      "rds:CreateEventSubscription",
      "rds:DeleteDBParameterGroup",
      "rds:DeleteEventSubscription",
      "rds:ModifyDBInstance",
      "rds:ModifyDBParameterGroup",
      "rds:ModifyDBSubnetGroup",
      "rds:ModifyEventSubscription",
      "rds:RemoveTagsFromResource",
      "sns:CreateTopic",
      "sns:SetTopicAttributes",
      "sns:Subscribe",
      "sns:TagResource",
      "sns:Unsubscribe",
      "sns:UntagResource",
      "ssm:AddTagsToResource",
      "ssm:DeleteParameter",
      "ssm:PutParameter",
      "ssm:RemoveTagsFromResource",
    ]
    resources = [
      "arn:${local.partition}:cloudwatch:${var.region}:${local.account_id}:alarm:${local.names[each.key]}-*",
      "arn:${local.partition}:cloudwatch::${local.account_id}:dashboard/${local.names[each.key]}*",
      "${local.arn_prefix.ecr}:repository/${local.names[each.key]}-*",
      "${local.arn_prefix.ecs}:cluster/${local.names[each.key]}*",
      "${local.arn_prefix.ecs}:service/${local.names[each.key]}*",
      "${local.arn_prefix.ecs}:task-definition/${local.names[each.key]}-*",
      "${local.arn_prefix.logs}:log-group:/ecs/${local.names[each.key]}-*",
      "${local.arn_prefix.logs}:log-group:aws-waf-logs-${local.names[each.key]}*",
      "${local.arn_prefix.logs}:log-group:/aws/rds/instance/${local.names[each.key]}-*",
      "${local.arn_prefix.logs}:log-group:/aws/ecs/containerinsights/${local.names[each.key]}*",
      "${local.arn_prefix.rds}:*:${local.names[each.key]}-*",
      "${local.arn_prefix.sns}:${local.names[each.key]}-*",
      "${local.arn_prefix.ssm}:parameter/${local.names[each.key]}/*",
    ]
  }

  # The service's roles, and no others. What they may be given is for the gate to say (IDN-01, CHG-12) and for whoever
  # approves; they are handed only to the services that use them.
  statement {
    sid = "Roles"
    actions = [
      "iam:AttachRolePolicy",
      "iam:CreateRole",
      "iam:DeleteRole",
      "iam:DeleteRolePolicy",
      "iam:DetachRolePolicy",
      "iam:ListInstanceProfilesForRole",
      "iam:PutRolePolicy",
      "iam:TagRole",
      "iam:UntagRole",
      "iam:UpdateAssumeRolePolicy",
      "iam:UpdateRoleDescription",
    ]
    resources = ["${local.iam}:role/${local.names[each.key]}-*"]
  }

  # A web ACL writes its log by a delivery and a resource policy, which AWS knows no resource for.
  statement {
    sid       = "LogDelivery"
    actions   = ["logs:CreateLogDelivery", "logs:DescribeResourcePolicies", "logs:PutResourcePolicy"]
    resources = ["*"]
  }

  statement {
    sid       = "ServiceLinkedRoles"
    actions   = ["iam:CreateServiceLinkedRole"]
    resources = ["${local.iam}:role/aws-service-role/*"]

    condition {
      test     = "StringEquals"
      variable = "iam:AWSServiceName"
      values = [
        "ecs.amazonaws.com",
        "ecs.application-autoscaling.amazonaws.com",
        "elasticloadbalancing.amazonaws.com",
        "rds.amazonaws.com",
        "wafv2.amazonaws.com",
      ]
    }
  }

  statement {
    sid       = "PassRoles"
    actions   = ["iam:PassRole"]
    resources = ["${local.iam}:role/${local.names[each.key]}-*"]

    condition {
      test     = "StringEquals"
      variable = "iam:PassedToService"
      values   = ["ecs-tasks.amazonaws.com", "monitoring.rds.amazonaws.com"]
    }
  }

  statement {
    sid     = "Buckets"
    actions = ["s3:CreateBucket", "s3:PutBucket*", "s3:PutEncryptionConfiguration", "s3:PutLifecycleConfiguration", "s3:DeleteBucketPolicy"]
    resources = [
      for name in ["images", "logs"] : "arn:${local.partition}:s3:::${local.names[each.key]}-${name}"
    ]
  }

  statement {
    sid = "LoadBalancer"
    actions = [
      "elasticloadbalancing:AddTags",
      "elasticloadbalancing:CreateListener",
      "elasticloadbalancing:CreateLoadBalancer",
      "elasticloadbalancing:CreateTargetGroup",
      "elasticloadbalancing:DeleteListener",
      "elasticloadbalancing:DeleteTargetGroup",
      "elasticloadbalancing:ModifyListener",
      "elasticloadbalancing:ModifyListenerAttributes",
      "elasticloadbalancing:ModifyLoadBalancerAttributes",
      "elasticloadbalancing:ModifyTargetGroup",
      "elasticloadbalancing:ModifyTargetGroupAttributes",
      "elasticloadbalancing:RemoveTags",
      "elasticloadbalancing:SetSecurityGroups",
      "elasticloadbalancing:SetSubnets",
      "elasticloadbalancing:SetWebACL",
    ]
    resources = [
      "${local.arn_prefix.elasticloadbalancing}:listener/app/${local.names[each.key]}/*",
      "${local.arn_prefix.elasticloadbalancing}:loadbalancer/app/${local.names[each.key]}/*",
      "${local.arn_prefix.elasticloadbalancing}:targetgroup/${local.names[each.key]}-*",
    ]
  }

  statement {
    sid = "WebAcl"
    actions = [
      "wafv2:AssociateWebACL",
      "wafv2:CreateWebACL",
      "wafv2:DeleteLoggingConfiguration",
      "wafv2:DeleteWebACL",
      "wafv2:DisassociateWebACL",
      "wafv2:PutLoggingConfiguration",
      "wafv2:TagResource",
      "wafv2:UntagResource",
      "wafv2:UpdateWebACL",
    ]
    resources = [
      "${local.arn_prefix.elasticloadbalancing}:loadbalancer/app/${local.names[each.key]}/*",
      "${local.arn_prefix.wafv2}:regional/managedruleset/*",
      "${local.arn_prefix.wafv2}:regional/webacl/${local.names[each.key]}/*",
    ]
  }

  statement {
    sid       = "Budget"
    actions   = ["budgets:ModifyBudget", "budgets:TagResource", "budgets:UntagResource"]
    resources = ["arn:${local.partition}:budgets::${local.account_id}:budget/${local.names[each.key]}-*"]
  }

  # What gets its identifier from AWS: made with the service's tags, and changed only with them.
  statement {
    sid       = "CreateTagged"
    actions   = ["ec2:CreateSecurityGroup", "ec2:CreateVpcEndpoint", "kms:CreateKey"]
    resources = ["*"]

    condition {
      test     = "StringEquals"
      variable = "aws:RequestTag/Environment"
      values   = [each.key]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:RequestTag/Service"
      values   = [var.service]
    }
  }

  statement {
    sid       = "CreateIn"
    actions   = ["ec2:CreateSecurityGroup", "ec2:CreateVpcEndpoint"]
    resources = ["${local.arn_prefix.ec2}:route-table/*", "${local.arn_prefix.ec2}:vpc/*"]
  }

  statement {
    sid       = "TagWhenCreated"
    actions   = ["ec2:CreateTags"]
    resources = ["${local.arn_prefix.ec2}:security-group-rule/*", "${local.arn_prefix.ec2}:security-group/*", "${local.arn_prefix.ec2}:vpc-endpoint/*"]

    condition {
      test     = "StringEquals"
      variable = "ec2:CreateAction"
      values = [
        "AuthorizeSecurityGroupEgress",
        "AuthorizeSecurityGroupIngress",
        "CreateSecurityGroup",
        "CreateVpcEndpoint",
      ]
    }
  }

  statement {
    sid = "ChangeTagged"
    actions = [
      "application-autoscaling:DeleteScalingPolicy",
      "application-autoscaling:DeregisterScalableTarget",
      "application-autoscaling:TagResource",
      "ec2:AuthorizeSecurityGroupEgress",
      "ec2:AuthorizeSecurityGroupIngress",
      "ec2:CreateTags",
      "ec2:DeleteSecurityGroup",
      "ec2:DeleteVpcEndpoints",
      "ec2:ModifySecurityGroupRules",
      "ec2:ModifyVpcEndpoint",
      "ec2:RevokeSecurityGroupEgress",
      "ec2:RevokeSecurityGroupIngress",
      "kms:CreateAlias",
      "kms:CreateGrant",
      "kms:Decrypt",
      "kms:DeleteAlias",
      "kms:DescribeKey",
      "kms:EnableKeyRotation",
      "kms:Encrypt",
      "kms:GenerateDataKey",
      "kms:PutKeyPolicy",
      "kms:TagResource",
      "kms:UpdateKeyDescription",
    ]
    resources = ["*"]

    condition {
      test     = "StringEquals"
      variable = "aws:ResourceTag/Environment"
      values   = [each.key]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:ResourceTag/Service"
      values   = [var.service]
    }
  }

  statement {
    sid       = "Aliases"
    actions   = ["kms:CreateAlias", "kms:DeleteAlias"]
    resources = ["${local.arn_prefix.kms}:alias/${local.names[each.key]}-*"]
  }

  statement {
    sid       = "Scaling"
    actions   = ["application-autoscaling:PutScalingPolicy", "application-autoscaling:RegisterScalableTarget"]
    resources = ["arn:${local.partition}:application-autoscaling:${var.region}:${local.account_id}:scalable-target/*"]

    condition {
      test     = "StringEquals"
      variable = "application-autoscaling:service-namespace"
      values   = ["ecs"]
    }
  }
}
