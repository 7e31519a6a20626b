Feature: a misspelt resource type

  Scenario: asked
    When we examine every planned "aws_s3_bukcet"
    Then every "bucket" must be set
