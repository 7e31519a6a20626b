environment = "staging"
owner       = "team-classifier"
cost_centre = "CC-4712"
domain      = "classifier-staging.example.com"

alarm_addresses = ["classifier-team@example.com"]

# Less to pay for: a smaller database, and nothing is kept longer than a month or two. CST-14.3 holds it to
# its own need: judge it with a copy of policies/ in which limits.toml states database_memory_gib = 2.
database_instance_class = "db.t4g.small"
maximum_tasks           = 3
image_retention_days    = 60
log_retention_days      = 30
monthly_budget_usd      = 200

# The pipeline adds what it built: -var image_digest=sha256:...
