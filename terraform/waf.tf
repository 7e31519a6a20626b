# Problem: anybody could call the API as often as they liked, with whatever they liked.
# Fix: AWS's managed rules, and a limit per address. EXP-08.1
resource "aws_wafv2_web_acl" "main" {
  name        = local.name
  description = "Managed rules and a rate limit for the API"
  scope       = "REGIONAL"

  default_action {
    allow {}
  }

  rule {
    name     = "rate-limit"
    priority = 0

    action {
      block {}
    }

    statement {
      rate_based_statement {
        aggregate_key_type = "IP"
        limit              = var.requests_per_address
      }
    }

    visibility_config {
      cloudwatch_metrics_enabled = true
      metric_name                = "rate-limit"
      sampled_requests_enabled   = true
    }
  }

  dynamic "rule" {
    for_each = [
      "AWSManagedRulesCommonRuleSet",
      # Problem: known attacks, such as the one on Log4j. Fix: AWS keeps a list. CKV_AWS_192
      "AWSManagedRulesKnownBadInputsRuleSet",
    ]

    content {
      name     = rule.value
      priority = rule.key + 1

      # Problem: rules that only count let everything pass. Fix: the group's own actions. EXP-08.4
      override_action {
        none {}
      }

      statement {
        managed_rule_group_statement {
          vendor_name = "AWS"
          name        = rule.value
        }
      }

      visibility_config {
        cloudwatch_metrics_enabled = true
        metric_name                = rule.value
        sampled_requests_enabled   = true
      }
    }
  }

  visibility_config {
    cloudwatch_metrics_enabled = true
    metric_name                = local.name
    sampled_requests_enabled   = true
  }
}

# Problem: nothing stood before the load balancer. Fix: the rules above do. EXP-08.1
resource "aws_wafv2_web_acl_association" "main" {
  resource_arn = aws_lb.main.arn
  web_acl_arn  = aws_wafv2_web_acl.main.arn
}

resource "aws_cloudwatch_log_group" "waf" {
  # AWS asks for this prefix.
  name              = "aws-waf-logs-${local.name}"
  retention_in_days = var.log_retention_days
  kms_key_id        = aws_kms_key.logs.arn
}

# Problem: what a firewall turns away is seen by nobody. Fix: it is written down. EXP-08.3
resource "aws_wafv2_web_acl_logging_configuration" "main" {
  resource_arn            = aws_wafv2_web_acl.main.arn
  log_destination_configs = [aws_cloudwatch_log_group.waf.arn]

  redacted_fields {
    single_header {
      name = "authorization"
    }
  }
}
