variable "service" {
  description = "Name of the service; the first part of all names, and the tag Service"
  type        = string
  default     = "classifier"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,15}$", var.service))
    error_message = "The service's name has 3 to 16 lowercase letters, digits and hyphens, and starts with a letter."
  }
}

variable "environments" {
  description = "Environments of the service in this account; each is a GitHub environment too"
  type        = set(string)
  default     = ["production", "staging"]

  validation {
    condition     = length(var.environments) > 0 && alltrue([for each in var.environments : contains(["production", "staging"], each)])
    error_message = "An environment is staging or production, and there is at least one."
  }
}

variable "repository" {
  description = "The GitHub repository whose workflows may sign in, as OWNER/NAME"
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$", var.repository))
    error_message = "The repository is OWNER/NAME, without wildcards."
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

variable "owner" {
  description = "Who is called about the pipeline; the tag Owner"
  type        = string

  validation {
    condition     = length(trimspace(var.owner)) > 0
    error_message = "Somebody owns it: the owner is not empty."
  }
}

variable "cost_centre" {
  description = "Who pays for the pipeline; the tag CostCentre"
  type        = string

  validation {
    condition     = can(regex("^[A-Z]{2}-[0-9]{4}$", var.cost_centre))
    error_message = "A cost centre looks like CC-1234."
  }
}

variable "activate_cost_tags" {
  description = "Whether the tags that budgets filter by are activated for cost allocation; AWS has to have seen them for a day"
  type        = bool
  default     = false

  validation {
    condition     = var.activate_cost_tags != null
    error_message = "Say true or false."
  }
}
