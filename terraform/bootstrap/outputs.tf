output "bootstrap_state_bucket" {
  description = "Where the state of this configuration moves to"
  value       = aws_s3_bucket.state["bootstrap"].id
}

output "github_variables" {
  description = "Repository variables that the workflows read; none of them is a secret"
  value = merge(
    { AWS_PLAN_KEY = aws_kms_alias.plans.arn },
    { for name, role in aws_iam_role.job : "AWS_${upper(replace(name, "-", "_"))}_ROLE" => role.arn }
  )
}
