locals {
  # What the tasks can open at the peak of a deployment, when each runs twice.
  connection_demand = var.maximum_tasks * 2 * var.web_processes * var.database_pool_size

  # Problem: two figures for the same reserve, 20 here and 14 in the policies.
  # Fix: one. PostgreSQL and RDS keep 9 (3 for superusers, 2 for RDS's own role, 4 of RDS's processes), and
  # 5 are for migrations and people; the same 14 stand in policies/parameters.toml, and a test compares.
  connection_reserve = 14

  # What the database accepts, less the reserve.
  connection_budget = [
    for parameter in aws_db_parameter_group.main.parameter :
    tonumber(parameter.value) - local.connection_reserve if parameter.name == "max_connections"
  ][0]
}

# Problem: the number of tasks was raised by hand, with nothing to stop it below the database's limit.
# Fix: from two (AVA-01.1) to four by load, which fits into the database at the peak of a deployment
# (CAP-01.1, CAP-06.1) and into the month's budget (CST-11.2), and no more than the need at night
# (CST-14.2). Terraform itself refuses values that would exceed the connections.
resource "aws_appautoscaling_target" "api" {
  service_namespace  = "ecs"
  resource_id        = "service/${aws_ecs_cluster.main.name}/${aws_ecs_service.api.name}"
  scalable_dimension = "ecs:service:DesiredCount"
  min_capacity       = var.minimum_tasks
  max_capacity       = var.maximum_tasks

  lifecycle {
    precondition {
      condition     = local.connection_demand <= local.connection_budget
      error_message = "A deployment could open ${local.connection_demand} connections; the database has ${local.connection_budget} for the service."
    }
  }
}

# Problem: six tasks ran day and night, whatever there was to do.
# Fix: as many as the load asks for, and fewer when it is gone (CST-05.1, CST-05.2); more
# before the present ones are full. CAP-10.1
resource "aws_appautoscaling_policy" "cpu" {
  name               = "${local.name}-cpu"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.api.service_namespace
  resource_id        = aws_appautoscaling_target.api.resource_id
  scalable_dimension = aws_appautoscaling_target.api.scalable_dimension

  target_tracking_scaling_policy_configuration {
    target_value       = 60
    scale_in_cooldown  = 300
    scale_out_cooldown = 60

    predefined_metric_specification {
      predefined_metric_type = "ECSServiceAverageCPUUtilization"
    }
  }
}

resource "aws_appautoscaling_policy" "memory" {
  name               = "${local.name}-memory"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.api.service_namespace
  resource_id        = aws_appautoscaling_target.api.resource_id
  scalable_dimension = aws_appautoscaling_target.api.scalable_dimension

  target_tracking_scaling_policy_configuration {
    target_value       = 75
    scale_in_cooldown  = 300
    scale_out_cooldown = 60

    predefined_metric_specification {
      predefined_metric_type = "ECSServiceAverageMemoryUtilization"
    }
  }
}
