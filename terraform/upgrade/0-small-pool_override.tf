# Second half of stage 0: the same image with the pool that it will have, and with the new password and token:
# `-var desired_count=1 -var db_password=... -var api_token=...`, set in the database just before.
#
# Problem: one old task beside a new one still opens 60 connections and 10 more, at 78 less 14 in reserve.
# Fix: the old image reads its pool from the environment; two processes with 5 connections open 10. ECS stops
# the one task before it starts the new one (0-scale-in_override.tf), so the service is away for about ten
# minutes: the old task leaves the load balancer for five, and the inherited check asks the new one every 120
# seconds. From here on, old tasks are as cheap as new ones.
# Way back: apply without this file.
resource "aws_ecs_task_definition" "api" {
  skip_destroy = true # the old revision is the way back

  container_definitions = jsonencode([
    {
      name       = "api"
      image      = "${var.account_id}.dkr.ecr.${var.region}.amazonaws.com/${local.name}-api:latest"
      essential  = true
      privileged = false

      portMappings = [
        { containerPort = 8000, hostPort = 8000, protocol = "tcp" }
      ]

      environment = [
        { name = "DB_HOST", value = var.db_host },
        { name = "DB_PORT", value = "5432" },
        { name = "DB_NAME", value = var.db_name },
        { name = "DB_USER", value = var.db_username },
        { name = "DB_PASSWORD", value = var.db_password },
        { name = "DB_POOL_SIZE", value = "5" },
        { name = "WEB_CONCURRENCY", value = "2" },
        { name = "API_TOKEN", value = var.api_token },
        { name = "IMAGES_BUCKET", value = var.images_bucket },
        { name = "LOG_LEVEL", value = "DEBUG" },
      ]

      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"         = "/ecs/${local.name}-api"
          "awslogs-region"        = var.region
          "awslogs-stream-prefix" = "api"
        }
      }
    }
  ])
}
