variable "project" {
  default = "classifier"
}

variable "environment" {
  default = "production"
}

variable "region" {
  default = "eu-west-1"
}

variable "account_id" {
  default = "123456789012"
}

variable "vpc_name" {
  default = "classifier"
}

variable "desired_count" {
  default = 6
}

variable "db_name" {
  default = "classifier"
}

variable "db_username" {
  default = "postgres"
}

variable "db_password" {
  default = "Classifier2023!"
}

variable "db_host" {
  description = "From the output db_endpoint, after the first apply"
}

variable "api_token" {
  default = "change-me"
}

variable "images_bucket" {
  default = "classifier-production-images"
}
