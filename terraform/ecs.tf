resource "aws_ecr_repository" "api" {
  name = "${local.name}-api"

  # Problem: a tag could be moved to another image after the test. Fix: it cannot. CON-04.1
  image_tag_mutability = "IMMUTABLE"

  # Problem: `destroy` deleted every release, so that nothing was left to go back to.
  # Fix: a repository with images in it stays. DUR-04.1
  force_delete = false

  # Problem: known vulnerabilities were shipped. Fix: each image is searched for them. CON-05.1
  image_scanning_configuration {
    scan_on_push = true
  }

  # The key of a repository cannot be changed; another one would replace the repository, with all
  # images in it. The default encryption (AES-256, AWS's key) stays.
}

# Problem: every image that was ever built is still there, and is paid for.
# Fix: the last thirty releases stay. CST-04.2
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
  # Fix: Container Insights counts them. OBS-01.1
  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}

resource "aws_ecs_task_definition" "api" {
  family = "${local.name}-api"

  # Problem: an apply deregistered the revision before, and the circuit breaker had none to go back to.
  # Fix: each revision stays registered; ECS keeps a million of them. DEP-08.1
  skip_destroy = true

  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"

  # Problem: 4 vCPU and 16 GB for four web processes, most of the bill.
  # Fix: what two of them need (CST-01.1, CST-14.1), so that a month, and a change of it, stays within
  # the budget (CST-11.1, CST-12.1).
  cpu    = var.task_cpu
  memory = var.task_memory

  # Problem: one role for ECS and for the application, which could read what ECS fetches.
  # Fix: a role for each. IDN-02.1
  execution_role_arn = aws_iam_role.execution.arn
  task_role_arn      = aws_iam_role.task.arn

  # Problem: the dearer processors. Fix: Graviton costs a fifth less. CST-09.1
  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = "ARM64"
  }

  volume {
    name = "tmp"
  }

  container_definitions = jsonencode([{
    name      = "api"
    essential = true

    # Problem: `latest` means that a restart can be a deployment. Fix: the digest that was tested.
    # CON-01.1
    image = "${local.registry}/${aws_ecr_repository.api.name}@${var.image_digest}"

    # Problem: a break-in was root. Fix: a user without a name or a right. CON-02.1
    user = "10001:10001"

    # Problem: a break-in kept the capabilities of Linux. Fix: none are left. CON-02.3
    privileged      = false
    linuxParameters = { initProcessEnabled = true, capabilities = { drop = ["ALL"] } }

    # Problem: a break-in could change the program. Fix: nothing is written but in `/tmp`, a volume of
    # its own. The image says `VOLUME /tmp`, so that this user may write there. CON-02.2
    readonlyRootFilesystem = true
    mountPoints            = [{ sourceVolume = "tmp", containerPath = "/tmp", readOnly = false }]

    portMappings = [{ containerPort = var.container_port, hostPort = var.container_port, protocol = "tcp" }]

    # Problem: a hanging container stayed. Fix: ECS asks too, and restarts it. CON-03.1
    # Python is in the image.
    healthCheck = {
      command     = ["CMD-SHELL", "python -c 'import urllib.request as r; r.urlopen(\"http://127.0.0.1:${var.container_port}/health\", timeout=3)'"]
      interval    = 15
      timeout     = 5
      retries     = 3
      startPeriod = 30
    }
    stopTimeout = 60

    # Problem: 4 processes x 15 connections in each of 6 tasks was more than the database accepts.
    # Fix: both numbers stand here, and autoscaling.tf does the sum (CAP-01.1). And the application
    # logs what somebody reads (CST-07.1).
    # Problem: `require` encrypts, and believes whoever answers. Fix: the server's certificate is checked,
    # by name too; the image has AWS's bundle of certificates for RDS at this path.
    environment = [
      { name = "DB_NAME", value = var.database_name },
      { name = "DB_POOL_SIZE", value = tostring(var.database_pool_size) },
      { name = "DB_PORT", value = "5432" },
      { name = "DB_USER", value = var.database_user },
      { name = "IMAGES_BUCKET", value = aws_s3_bucket.images.bucket },
      { name = "LOG_LEVEL", value = "INFO" },
      { name = "PGSSLMODE", value = "verify-full" },
      { name = "PGSSLROOTCERT", value = "/etc/ssl/certs/rds-global-bundle.pem" },
      { name = "WEB_CONCURRENCY", value = tostring(var.web_processes) },
    ]

    # Problem: passwords in the environment are shown to everybody who may describe a task.
    # Fix: references; ECS fetches the values when it starts the task. SEC-01.1, SEC-03.1. The host
    # comes from the database itself. CHG-08.1
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
  }])
}

locals {
  registry = "${local.account_id}.dkr.ecr.${var.region}.amazonaws.com"
}

resource "aws_ecs_service" "api" {
  name             = "${local.name}-api"
  cluster          = aws_ecs_cluster.main.id
  task_definition  = aws_ecs_task_definition.api.arn
  launch_type      = "FARGATE"
  platform_version = "LATEST"
  desired_count    = var.minimum_tasks

  # Problem: all tasks could go before the new ones were well. Fix: all stay until then. DEP-04.1
  deployment_maximum_percent         = 200
  deployment_minimum_healthy_percent = 100

  # Problem: after a zone was away its tasks stayed in the others. Fix: they return. AVA-01.3
  availability_zone_rebalancing = "ENABLED"

  # Problem: a task was killed before it had started. Fix: a minute to start. DEP-03.1
  health_check_grace_period_seconds = 60

  # Problem: the pipeline was green while the new tasks died. Fix: an apply waits. DEP-06.1
  wait_for_steady_state = true

  # Problem: a bad release replaced good tasks for ever. Fix: ECS rolls it back. DEP-01.1
  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  # Problem: a shell in production for everybody with rights in ECS, and nothing kept what they did.
  # Fix: no shell. IDN-04.1
  enable_execute_command = false

  # Problem: the largest part of the bill had no owner. Fix: tasks carry the tags of their service.
  # CST-06.3
  propagate_tags          = "SERVICE"
  enable_ecs_managed_tags = true

  # Problem: tasks had public addresses. Fix: none (EXP-03.1), in private subnets (EXP-10.2) of three
  # zones (AVA-01.2).
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

  # Problem: tasks started before the database and the parameter with its host were made. With nothing to
  # read they died, and the circuit breaker of a first deployment has nothing to go back to.
  # Fix: ARNs are built from names, which tells Terraform nothing; so the order is stated here. DEP-07.1
  depends_on = [
    aws_db_instance.main,
    aws_iam_role_policy.execution,
    aws_lb_listener.https,
    aws_ssm_parameter.database_host,
    aws_vpc_security_group_egress_rule.api_database,
    aws_vpc_security_group_egress_rule.api_https,
    aws_vpc_security_group_ingress_rule.api_alb,
  ]

  # The number of tasks belongs to autoscaling.tf; an apply must not set it back.
  lifecycle {
    ignore_changes = [desired_count]
  }
}
