# Problem: an output held the connection string with the password, and every apply printed it.
# Fix: outputs say where things are; who needs the password reads it in Secrets Manager. SEC-03.2
output "url" {
  description = "Where the API answers"
  value       = "https://${var.domain}"
}

output "load_balancer" {
  description = "What the domain's DNS record points to"
  value       = aws_lb.main.dns_name
}

output "repository" {
  description = "Where the pipeline pushes images"
  value       = aws_ecr_repository.api.repository_url
}

output "images_bucket" {
  description = "Name of the bucket for images"
  value       = aws_s3_bucket.images.id
}

output "connection_budget" {
  description = "Database connections: what a deployment can open, and what there is for it"
  value = {
    demand = local.connection_demand
    budget = local.connection_budget
  }
}
