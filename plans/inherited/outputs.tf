output "url" {
  value = "http://${aws_lb.main.dns_name}"
}

output "db_endpoint" {
  value = aws_db_instance.main.address
}

output "database_url" {
  value = "postgres://${var.db_username}:${var.db_password}@${aws_db_instance.main.address}:5432/${var.db_name}"
}

output "images_bucket" {
  value = aws_s3_bucket.images.id
}
