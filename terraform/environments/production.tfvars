environment = "production"
owner       = "team-classifier"
cost_centre = "CC-4711"
domain      = "classifier.example.com"

# The inherited disk; RDS makes no volume smaller.
database_storage_gib = 400

alarm_addresses = ["classifier-oncall@example.com"]

# The pipeline adds what it built: -var image_digest=sha256:...
