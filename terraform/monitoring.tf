# Problem: logs were kept for ever, with a key that we cannot take away.
# Fix: for a time (CST-03.1), with our own key (ENC-04.1).
resource "aws_cloudwatch_log_group" "api" {
  name              = "/ecs/${local.name}-api"
  retention_in_days = var.log_retention_days
  kms_key_id        = aws_kms_key.logs.arn
}

# Problem: RDS makes its groups by itself, without an end and without a key.
# Fix: make them first. CST-03.1, ENC-04.1
resource "aws_cloudwatch_log_group" "database" {
  for_each = toset(["postgresql", "upgrade"])

  name              = "/aws/rds/instance/${local.name}-db/${each.value}"
  retention_in_days = var.log_retention_days
  kms_key_id        = aws_kms_key.logs.arn
}

# Problem: nobody was told. Fix: one place for all messages, encrypted with our own key (ENC-05.1),
# with somebody who reads them (OBS-05.2).
resource "aws_sns_topic" "alarms" {
  name              = "${local.name}-alarms"
  kms_master_key_id = aws_kms_key.logs.key_id
}

data "aws_iam_policy_document" "alarms_topic" {
  statement {
    sid       = "Publish"
    actions   = ["sns:Publish"]
    resources = ["${local.arn_prefix.sns}:${local.alarms_topic}"]

    principals {
      type        = "Service"
      identifiers = ["budgets.amazonaws.com", "cloudwatch.amazonaws.com", "events.rds.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account_id]
    }
  }
}

resource "aws_sns_topic_policy" "alarms" {
  arn    = aws_sns_topic.alarms.arn
  policy = data.aws_iam_policy_document.alarms_topic.json
}

resource "aws_sns_topic_subscription" "alarms" {
  for_each = var.alarm_addresses

  topic_arn = aws_sns_topic.alarms.arn
  protocol  = "email"
  endpoint  = each.value
}

locals {
  alarms_topic = aws_sns_topic.alarms.name

  # A tenth of a small disk, and 20 GiB of a large one.
  storage_left_gib = min(20, ceil(var.database_storage_gib / 10))

  service_dimensions  = { ClusterName = aws_ecs_cluster.main.name, ServiceName = aws_ecs_service.api.name }
  database_dimensions = { DBInstanceIdentifier = aws_db_instance.main.identifier }
  balancer_dimensions = { LoadBalancer = aws_lb.main.arn_suffix }
  target_dimensions   = { LoadBalancer = aws_lb.main.arn_suffix, TargetGroup = aws_lb_target_group.api.arn_suffix }
}

# Problem: the service was down for two hours because the connections ran out, and nothing rang.
# Fix: an alarm on them (CAP-02.1) at 80 % of the budget (CAP-02.2), on what users notice (OBS-04.1), on
# what a database runs out of (OBS-04.2) and on missing tasks (OBS-04.3). Each tells somebody (OBS-05.1).
resource "aws_cloudwatch_metric_alarm" "main" {
  for_each = {
    database-connections = {
      description = "80 % of the connections that the service may use are open"
      namespace   = "AWS/RDS", metric = "DatabaseConnections", statistic = "Maximum"
      comparison  = "GreaterThanThreshold", threshold = floor(local.connection_budget * 0.8)
      periods     = 3, missing = "breaching", dimensions = local.database_dimensions
    }
    database-cpu = {
      description = "The database's processor is busy"
      namespace   = "AWS/RDS", metric = "CPUUtilization", statistic = "Average"
      comparison  = "GreaterThanThreshold", threshold = 80
      periods     = 10, missing = "breaching", dimensions = local.database_dimensions
    }
    database-storage = {
      description = "The database has less than ${local.storage_left_gib} GiB left"
      namespace   = "AWS/RDS", metric = "FreeStorageSpace", statistic = "Minimum"
      comparison  = "LessThanThreshold", threshold = local.storage_left_gib * 1024 * 1024 * 1024
      periods     = 5, missing = "breaching", dimensions = local.database_dimensions
    }
    # Problem: a class of the t family pays for more than its share of the processor with credits, and
    # nothing said that they end. Fix: rings while a quarter is left; other classes have none.
    database-credits = {
      description = "The database's processor credits run out"
      namespace   = "AWS/RDS", metric = "CPUCreditBalance", statistic = "Minimum"
      comparison  = "LessThanThreshold", threshold = 144
      periods     = 3, missing = "notBreaching", dimensions = local.database_dimensions
    }
    database-memory = {
      description = "The database has less than 256 MB of memory left"
      namespace   = "AWS/RDS", metric = "FreeableMemory", statistic = "Minimum"
      comparison  = "LessThanThreshold", threshold = 256 * 1024 * 1024
      periods     = 5, missing = "breaching", dimensions = local.database_dimensions
    }
    api-errors = {
      description = "The API answers with 5xx"
      namespace   = "AWS/ApplicationELB", metric = "HTTPCode_Target_5XX_Count", statistic = "Sum"
      comparison  = "GreaterThanThreshold", threshold = 10
      periods     = 3, missing = "notBreaching", dimensions = local.balancer_dimensions
    }
    balancer-errors = {
      description = "The load balancer itself answers with 5xx: no task took the request"
      namespace   = "AWS/ApplicationELB", metric = "HTTPCode_ELB_5XX_Count", statistic = "Sum"
      comparison  = "GreaterThanThreshold", threshold = 10
      periods     = 3, missing = "notBreaching", dimensions = local.balancer_dimensions
    }
    # An average hides the one request in a hundred that waits.
    api-latency = {
      description = "One answer in a hundred takes more than two seconds"
      namespace   = "AWS/ApplicationELB", metric = "TargetResponseTime", statistic = "p99"
      comparison  = "GreaterThanThreshold", threshold = 2
      periods     = 5, missing = "notBreaching", dimensions = local.balancer_dimensions
    }
    unhealthy-hosts = {
      description = "A task fails its health check"
      namespace   = "AWS/ApplicationELB", metric = "UnHealthyHostCount", statistic = "Maximum"
      comparison  = "GreaterThanThreshold", threshold = 0
      periods     = 3, missing = "notBreaching", dimensions = local.target_dimensions
    }
    api-cpu = {
      description = "The tasks are busy although the service has scaled out"
      namespace   = "AWS/ECS", metric = "CPUUtilization", statistic = "Average"
      comparison  = "GreaterThanThreshold", threshold = 85
      periods     = 10, missing = "breaching", dimensions = local.service_dimensions
    }
    api-memory = {
      description = "The tasks are about to be killed for their memory"
      namespace   = "AWS/ECS", metric = "MemoryUtilization", statistic = "Maximum"
      comparison  = "GreaterThanThreshold", threshold = 90
      periods     = 5, missing = "breaching", dimensions = local.service_dimensions
    }
    running-tasks = {
      description = "Fewer tasks run than the service needs"
      namespace   = "ECS/ContainerInsights", metric = "RunningTaskCount", statistic = "Minimum"
      comparison  = "LessThanThreshold", threshold = var.minimum_tasks
      periods     = 3, missing = "breaching", dimensions = local.service_dimensions
    }
  }

  alarm_name          = "${local.name}-${each.key}"
  alarm_description   = each.value.description
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  statistic           = startswith(each.value.statistic, "p") ? null : each.value.statistic
  extended_statistic  = startswith(each.value.statistic, "p") ? each.value.statistic : null
  comparison_operator = each.value.comparison
  threshold           = each.value.threshold
  period              = 60
  evaluation_periods  = each.value.periods
  treat_missing_data  = each.value.missing
  dimensions          = each.value.dimensions
  actions_enabled     = true
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]
}

# Problem: nobody heard from AWS that the database failed, moved or ran out of room.
# Fix: whoever gets the alarms hears that too. OBS-05.3
resource "aws_db_event_subscription" "main" {
  name             = "${local.name}-database"
  sns_topic        = aws_sns_topic.alarms.arn
  source_type      = "db-instance"
  source_ids       = [aws_db_instance.main.identifier]
  event_categories = ["availability", "failover", "failure", "low storage", "maintenance"]
}

# Problem: the number of connections had to be asked of the database, which took no connection.
# Fix: it is the first thing that the dashboard shows. CAP-02.3
# Problem: a metric that is asked for by other dimensions than it has is an empty panel.
# Fix: tasks and their processor by cluster and service, as AWS publishes them for Fargate. OBS-06.1
resource "aws_cloudwatch_dashboard" "main" {
  dashboard_name = local.name

  dashboard_body = jsonencode({
    widgets = [
      for index, panel in [
        ["Connections", "AWS/RDS", "DatabaseConnections", "Maximum", local.database_dimensions],
        ["Database processor", "AWS/RDS", "CPUUtilization", "Average", local.database_dimensions],
        ["Tasks", "ECS/ContainerInsights", "RunningTaskCount", "Minimum", local.service_dimensions],
        ["Tasks' processor", "AWS/ECS", "CPUUtilization", "Average", local.service_dimensions],
      ] :
      {
        type   = "metric"
        x      = index % 2 * 12
        y      = floor(index / 2) * 6
        width  = 12
        height = 6
        properties = {
          title   = panel[0]
          region  = var.region
          period  = 60
          stat    = panel[3]
          metrics = [concat([panel[1], panel[2]], flatten([for name, value in panel[4] : [name, value]]))]
        }
      }
    ]
  })
}
