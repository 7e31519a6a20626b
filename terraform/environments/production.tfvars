environment = "production"
owner       = "team-classifier"
cost_centre = "CC-4711"
domain      = "classifier.example.com"

alarm_addresses = ["classifier-oncall@example.com"]

# The pipeline adds what it built: -var image_digest=sha256:...
