# Problem: the bill was a surprise at the end of the month.
# Fix: a message when four fifths are spent, and when the forecast exceeds the limit. CST-08.1,
# CST-08.2. The budget counts what carries the tag of this service in this environment: with the tag of
# the service alone, staging would spend production's budget. CST-08.3
# A tag counts from the day on which it is activated for cost allocation, in the account that pays, once
# for all environments (`aws_ce_cost_allocation_tag`); until then this budget counts nothing.
resource "aws_budgets_budget" "monthly" {
  name         = "${local.name}-monthly"
  budget_type  = "COST"
  limit_amount = tostring(var.monthly_budget_usd)
  limit_unit   = "USD"
  time_unit    = "MONTHLY"

  cost_filter {
    name   = "TagKeyValue"
    values = [format("user:Stack$%s", local.name)]
  }

  notification {
    comparison_operator       = "GREATER_THAN"
    threshold                 = 80
    threshold_type            = "PERCENTAGE"
    notification_type         = "ACTUAL"
    subscriber_sns_topic_arns = [aws_sns_topic.alarms.arn]
  }

  notification {
    comparison_operator       = "GREATER_THAN"
    threshold                 = 100
    threshold_type            = "PERCENTAGE"
    notification_type         = "FORECASTED"
    subscriber_sns_topic_arns = [aws_sns_topic.alarms.arn]
  }
}
