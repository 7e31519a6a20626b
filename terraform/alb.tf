data "aws_acm_certificate" "main" {
  domain      = var.domain
  statuses    = ["ISSUED"]
  types       = ["AMAZON_ISSUED"]
  most_recent = true
}

resource "aws_lb" "main" {
  name               = local.name
  internal           = false
  load_balancer_type = "application"
  security_groups    = [aws_security_group.alb.id]
  subnets            = local.public_subnet_ids # in every zone: AVA-03.1

  # Problem: one click could delete the only address of the service.
  # Fix: nothing deletes it while this stands. CHG-02.1
  enable_deletion_protection = true

  # Problem: requests with malformed headers reached the application, and could be smuggled past
  # the load balancer. Fix: it drops them (EXP-08.2), and refuses what is ambiguous (EXP-08.5).
  drop_invalid_header_fields = true
  desync_mitigation_mode     = "strictest"

  enable_cross_zone_load_balancing = true
  idle_timeout                     = 60

  # Problem: no request was written down, so nobody could tell who was affected.
  # Fix: every request goes to the bucket for logs. OBS-03.1
  access_logs {
    bucket  = aws_s3_bucket.logs.bucket
    prefix  = "load-balancer"
    enabled = true
  }

  # The rules of its group are there before it gets the group, or nobody comes through for a moment.
  depends_on = [
    aws_s3_bucket_policy.logs,
    aws_vpc_security_group_egress_rule.alb_api,
    aws_vpc_security_group_ingress_rule.alb_http,
    aws_vpc_security_group_ingress_rule.alb_https,
  ]
}

resource "aws_lb_target_group" "api" {
  name        = "${local.name}-api"
  port        = var.container_port
  protocol    = "HTTP"
  target_type = "ip"
  vpc_id      = data.aws_vpc.main.id

  # Problem: a task that leaves held each deployment up for five minutes, the default.
  # Fix: 30 seconds; the longest request is much shorter. DEP-05.1
  deregistration_delay = 30

  # Problem: the check asked for `/`, took 404 for healthy, and found a dead task after 20 minutes.
  # Fix: ask the endpoint that the container has for it (DEP-02.1), believe only 200 (DEP-02.2), and
  # take a task out after 45 seconds (DEP-02.3).
  health_check {
    path                = "/health"
    matcher             = "200"
    protocol            = "HTTP"
    interval            = 15
    timeout             = 5
    healthy_threshold   = 2
    unhealthy_threshold = 3
  }
}

# Problem: everything went over plain HTTP, passwords and images too.
# Fix: TLS (EXP-04.1), in versions 1.2 and 1.3 only (ENC-07.1).
resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.main.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = data.aws_acm_certificate.main.arn

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.api.arn
  }
}

# Problem: callers know the old port. Fix: it only says where to go instead. EXP-04.1
resource "aws_lb_listener" "http" {
  load_balancer_arn = aws_lb.main.arn
  port              = 80
  protocol          = "HTTP"

  default_action {
    type = "redirect"

    redirect {
      port        = "443"
      protocol    = "HTTPS"
      status_code = "HTTP_301"
    }
  }
}
