terraform {
  # Problem: the state was a file on one laptop: no lock, no history, passwords in clear text.
  # Fix: an encrypted, versioned bucket with locking. Bucket and region come per environment from
  # `terraform init -backend-config=environments/production.s3.tfbackend`.
  backend "s3" {
    key          = "classifier/terraform.tfstate"
    encrypt      = true
    use_lockfile = true
  }
}
