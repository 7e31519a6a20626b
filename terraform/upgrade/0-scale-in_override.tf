# Stage 0 of the upgrade, beside the files of the service as it was inherited: plan and apply it there, first
# as it is and with `-var desired_count=1`, then with 0-small-pool_override.tf beside it as well. Copy backend.tf
# and environments/ there too, and move the state into its bucket:
#
#   terraform init -migrate-state -backend-config=environments/production.s3.tfbackend
#
# Problem: six tasks can open 60 connections each, and every deployment doubles the tasks. The database
# accepts 78: whatever is deployed beside them repeats the outage.
# Fix: scale in before anything is deployed, and let no task start beside an old one. One task opens 60, and
# 14 are in reserve. The service is slow until stage 1: begin in a quiet hour. Nothing is replaced.
# Way back: apply without this file, with the number of tasks as it was.
resource "aws_ecs_service" "api" {
  deployment_maximum_percent         = 100
  deployment_minimum_healthy_percent = 0
}
