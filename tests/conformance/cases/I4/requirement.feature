Feature: a misspelt tag

  @adviory
  Scenario: asked
    When we examine every planned "aws_s3_bucket"
    Then every "bucket" must be set
