environment = "staging"
owner       = "team-classifier"
cost_centre = "CC-4712"
domain      = "classifier-staging.example.com"

alarm_addresses = ["classifier-team@example.com"]

# Less to pay for: a smaller database with a small disk, and images for two months only. Its own limits are
# in staging.limits.toml: judge its plans with a copy of policies/ in which that file is limits.toml.
# Logs stay for a year, as in production: at this traffic that costs less than a waiver.
database_instance_class = "db.t4g.small"
database_storage_gib    = 20
maximum_tasks           = 3
image_retention_days    = 60
monthly_budget_usd      = 200

# The pipeline adds what it built: -var image_digest=sha256:...
