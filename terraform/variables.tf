# Problem: nothing said what a value may be, so a slip of the pen was an apply.
# Fix: each variable has a description, a type, and a condition that refuses what cannot be. CHG-07.1
variable "service" {
  description = "Name of the service; the first part of all names, and the tag Service"
  type        = string
  default     = "classifier"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,15}$", var.service))
    error_message = "The service's name has 3 to 16 lowercase letters, digits and hyphens, and starts with a letter."
  }
}

variable "environment" {
  description = "Which environment this is; the second part of all names, and the tag Environment"
  type        = string

  validation {
    condition     = contains(["staging", "production"], var.environment)
    error_message = "The environment is staging or production."
  }
}

variable "owner" {
  description = "Who is called when it breaks; the tag Owner"
  type        = string

  validation {
    condition     = length(trimspace(var.owner)) > 0
    error_message = "Somebody owns it: the owner is not empty."
  }
}

variable "cost_centre" {
  description = "Who pays; the tag CostCentre"
  type        = string

  validation {
    condition     = can(regex("^[A-Z]{2}-[0-9]{4}$", var.cost_centre))
    error_message = "A cost centre looks like CC-1234."
  }
}

variable "region" {
  description = "AWS region of everything"
  type        = string
  default     = "eu-west-1"

  validation {
    condition     = contains(["eu-west-1", "eu-central-1"], var.region)
    error_message = "The service runs in eu-west-1 or eu-central-1."
  }
}

variable "vpc_name" {
  description = "Tag Name of the VPC, which exists already"
  type        = string
  default     = "classifier"

  validation {
    condition     = length(trimspace(var.vpc_name)) > 0
    error_message = "The VPC is found by its name: the name is not empty."
  }
}

variable "domain" {
  description = "Host name of the API, with a certificate in ACM"
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9-]+(\\.[a-z0-9-]+)+$", var.domain))
    error_message = "The domain is a host name, without https:// and without a path."
  }
}

variable "image_digest" {
  description = "Digest of the image to run, as the pipeline printed it after the build"
  type        = string

  validation {
    condition     = can(regex("^sha256:[0-9a-f]{64}$", var.image_digest))
    error_message = "An image is named by its digest: sha256: and 64 hexadecimal digits, never by a tag."
  }
}

variable "container_port" {
  description = "Port that the container listens on"
  type        = number
  default     = 8000

  validation {
    condition     = var.container_port > 1024 && var.container_port < 65536
    error_message = "A container that is not root listens on a port from 1025 to 65535."
  }
}

variable "task_cpu" {
  description = "Processor of one task, in units of 1/1024 vCPU"
  type        = number
  default     = 512

  validation {
    condition     = contains([256, 512, 1024], var.task_cpu)
    error_message = "A task gets 256, 512 or 1024 units; more load is for more tasks."
  }
}

variable "task_memory" {
  description = "Memory of one task, in MB"
  type        = number
  default     = 1024

  validation {
    condition = contains({
      256  = [512, 1024, 2048]
      512  = [1024, 2048, 3072, 4096]
      1024 = [2048, 3072, 4096]
    }[var.task_cpu], var.task_memory)
    error_message = "Fargate offers no such pair: 256 units with 512, 1024 or 2048 MB, 512 with 1024 to 4096, 1024 with 2048 to 4096, by the gigabyte."
  }
}

variable "minimum_tasks" {
  description = "Tasks that always run"
  type        = number
  default     = 2

  validation {
    condition     = var.minimum_tasks >= 2
    error_message = "One task is an outage waiting to happen: at least 2."
  }
}

variable "maximum_tasks" {
  description = "Tasks that run under full load. The database's connections limit it, see autoscaling.tf"
  type        = number
  default     = 4

  validation {
    condition     = var.maximum_tasks >= var.minimum_tasks
    error_message = "The maximum is not below the minimum."
  }
}

variable "web_processes" {
  description = "Web processes in one task (WEB_CONCURRENCY)"
  type        = number
  default     = 2

  validation {
    condition     = var.web_processes >= 1 && var.web_processes <= 4
    error_message = "A task has 1 to 4 web processes."
  }
}

variable "database_pool_size" {
  description = "Connections that one web process may open, overflow included (DB_POOL_SIZE)"
  type        = number
  default     = 5

  validation {
    condition     = var.database_pool_size >= 1 && var.database_pool_size <= 10
    error_message = "A process opens 1 to 10 connections."
  }
}

variable "database_instance_class" {
  description = "Class of the database"
  type        = string
  default     = "db.t4g.medium"

  validation {
    condition     = can(regex("^db\\.(t4g|m7g|r7g)\\.(small|medium|large|xlarge)$", var.database_instance_class))
    error_message = "The database runs on a Graviton class: t4g, m7g or r7g, from small to xlarge."
  }
}

# Problem: 400 GB were written into the code, and every environment paid for them.
# Fix: each says what it needs; a fresh one starts small.
variable "database_storage_gib" {
  description = "Disk of the database at first, in GiB; it grows to twice as much by itself"
  type        = number
  default     = 50

  validation {
    condition     = var.database_storage_gib >= 20 && var.database_storage_gib <= 1000 && floor(var.database_storage_gib) == var.database_storage_gib
    error_message = "gp3 starts at 20 GiB; more than 1000 is a slip."
  }
}

variable "database_name" {
  description = "Name of the database"
  type        = string
  default     = "classifier"

  validation {
    condition     = can(regex("^[a-z][a-z0-9_]{0,62}$", var.database_name))
    error_message = "A database's name has lowercase letters, digits and underscores, and starts with a letter."
  }
}

variable "database_admin" {
  description = "Master user; its password is made and kept by RDS"
  type        = string
  default     = "postgres"

  validation {
    condition     = can(regex("^[a-z][a-z0-9_]{0,15}$", var.database_admin)) && var.database_admin != "admin"
    error_message = "The master user has up to 16 lowercase letters, digits and underscores; RDS keeps `admin` for itself."
  }
}

variable "database_user" {
  description = "User of the application; its password is in the secret SERVICE-ENVIRONMENT/database"
  type        = string
  default     = "classifier_app"

  validation {
    condition     = can(regex("^[a-z][a-z0-9_]{0,62}$", var.database_user)) && var.database_user != var.database_admin
    error_message = "The application has a user of its own: lowercase letters, digits and underscores, and not the master user."
  }
}

variable "image_retention_days" {
  description = "How long uploaded images are kept"
  type        = number
  default     = 365

  validation {
    condition     = var.image_retention_days >= 31 && var.image_retention_days <= 1095
    error_message = "Images are kept for 31 to 1095 days."
  }
}

variable "log_retention_days" {
  description = "How long logs are kept"
  type        = number
  default     = 365

  validation {
    condition     = contains([30, 60, 90, 180, 365, 400], var.log_retention_days)
    error_message = "Logs are kept for 30, 60, 90, 180, 365 or 400 days."
  }
}

variable "requests_per_address" {
  description = "Requests that one address may send in five minutes"
  type        = number
  default     = 2000

  validation {
    condition     = var.requests_per_address >= 100
    error_message = "The limit is at least 100 requests in five minutes."
  }
}

variable "alarm_addresses" {
  description = "E-mail addresses that get alarms"
  type        = set(string)

  validation {
    condition     = length(var.alarm_addresses) > 0 && alltrue([for each in var.alarm_addresses : can(regex("^[^@ ]+@[^@ ]+$", each))])
    error_message = "At least one e-mail address gets the alarms."
  }
}

variable "monthly_budget_usd" {
  description = "What the service may cost in a month, in US dollars"
  type        = number
  default     = 400

  validation {
    condition     = var.monthly_budget_usd > 0
    error_message = "The budget is more than nothing."
  }
}
