resource "aws_ecr_repository" "api" {
  name = "${local.name}-api"

  # Problem: `latest` could be another image every minute, and nobody looked into it.
  image_tag_mutability = "IMMUTABLE"
  force_delete         = false

  image_scanning_configuration {
    scan_on_push = true
  }

  # The key of a repository cannot be changed; another one would replace the repository, with all
  # images in it. The default encryption (AES-256, AWS's key) stays.
}

# Problem: every image that was ever built is still there, and is paid for.
resource "aws_ecr_lifecycle_policy" "api" {
  repository = aws_ecr_repository.api.name

  policy = jsonencode({
    rules = [
      {
        rulePriority = 1
        description  = "Keep the last 30 releases"
        selection = {
          tagStatus      = "tagged"
          tagPatternList = ["*"]
          countType      = "imageCountMoreThan"
          countNumber    = 30
        }
        action = { type = "expire" }
      },
      {
        rulePriority = 2
        description  = "Untagged images go after a week"
        selection = {
          tagStatus   = "untagged"
          countType   = "sinceImagePushed"
          countUnit   = "days"
          countNumber = 7
        }
        action = { type = "expire" }
      },
    ]
  })
}

resource "aws_ecs_cluster" "main" {
  name = local.name

  # Problem: no figures per task, so a restart could not be told from a deployment.
  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}

resource "aws_ecs_task_definition" "api" {
  family                   = "${local.name}-api"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"

  # Problem: 4 vCPU and 16 GB for two web processes. Fix: measured need, on Graviton, 20 % cheaper.
  cpu    = var.task_cpu
  memory = var.task_memory

  execution_role_arn = aws_iam_role.execution.arn
  task_role_arn      = aws_iam_role.task.arn

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = "ARM64"
  }

  volume {
    name = "tmp"
  }

  container_definitions = jsonencode([local.api_container])
}

locals {
  registry = "${local.account_id}.dkr.ecr.${var.region}.amazonaws.com"

  api_container = {
    name      = "api"
    essential = true

    # Problem: `latest` means that a restart can be a deployment. Fix: the digest that was tested.
    image = "${local.registry}/${aws_ecr_repository.api.name}@${var.image_digest}"

    # Problem: root in a writable container. Fix: neither; `/tmp` is a volume of its own. The image
    # says `VOLUME /tmp`, so that this user may write there.
    user                   = "10001:10001"
    privileged             = false
    readonlyRootFilesystem = true
    linuxParameters        = { initProcessEnabled = true, capabilities = { drop = ["ALL"] } }
    mountPoints            = [{ sourceVolume = "tmp", containerPath = "/tmp", readOnly = false }]

    portMappings = [{ containerPort = var.container_port, hostPort = var.container_port, protocol = "tcp" }]

    # Problem: a hanging container stayed. Fix: ECS asks too, and restarts it. Python is in the image.
    healthCheck = {
      command     = ["CMD-SHELL", "python -c 'import urllib.request as r; r.urlopen(\"http://127.0.0.1:${var.container_port}/health\", timeout=3)'"]
      interval    = 15
      timeout     = 5
      retries     = 3
      startPeriod = 30
    }
    stopTimeout = 60

    # Problem: 4 processes x 15 connections in each of 6 tasks was more than the database accepts.
    # Fix: both numbers stand here, and autoscaling.tf does the sum.
    environment = [
      { name = "DB_NAME", value = var.database_name },
      { name = "DB_POOL_SIZE", value = tostring(var.database_pool_size) },
      { name = "DB_PORT", value = "5432" },
      { name = "DB_USER", value = var.database_user },
      { name = "IMAGES_BUCKET", value = aws_s3_bucket.images.bucket },
      { name = "LOG_LEVEL", value = "INFO" },
      { name = "PGSSLMODE", value = "require" },
      { name = "WEB_CONCURRENCY", value = tostring(var.web_processes) },
    ]

    # Problem: passwords in the environment are shown to everybody who may describe a task.
    # Fix: references; ECS fetches the values when it starts the task.
    secrets = [
      { name = "DB_HOST", valueFrom = local.database_host_arn },
      { name = "DB_PASSWORD", valueFrom = "${data.aws_secretsmanager_secret.database.arn}:password::" },
    ]

    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.api.name
        awslogs-region        = var.region
        awslogs-stream-prefix = "api"
        mode                  = "non-blocking"
        max-buffer-size       = "25m"
      }
    }
  }
}

resource "aws_ecs_service" "api" {
  name             = "${local.name}-api"
  cluster          = aws_ecs_cluster.main.id
  task_definition  = aws_ecs_task_definition.api.arn
  launch_type      = "FARGATE"
  platform_version = "LATEST"
  desired_count    = var.minimum_tasks

  # Problem: half of the tasks could go at once, a bad release kept replacing good tasks, and a
  # task was killed before it had started.
  # Fix: all stay until the new ones are healthy; a failing release is rolled back by ECS.
  deployment_maximum_percent         = 200
  deployment_minimum_healthy_percent = 100
  health_check_grace_period_seconds  = 60
  wait_for_steady_state              = true
  availability_zone_rebalancing      = "ENABLED"

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  # Problem: a shell in production for everybody with ECS rights.
  enable_execute_command  = false
  enable_ecs_managed_tags = true
  propagate_tags          = "SERVICE"

  # Problem: tasks had public addresses. Fix: private subnets in three zones.
  network_configuration {
    subnets          = local.private_subnet_ids
    security_groups  = [aws_security_group.api.id]
    assign_public_ip = false
  }

  load_balancer {
    target_group_arn = aws_lb_target_group.api.arn
    container_name   = "api"
    container_port   = var.container_port
  }

  depends_on = [aws_iam_role_policy.execution, aws_lb_listener.https]

  # The number of tasks belongs to autoscaling.tf; an apply must not set it back.
  lifecycle {
    ignore_changes = [desired_count]
  }
}
