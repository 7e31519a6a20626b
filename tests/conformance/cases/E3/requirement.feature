Feature: a pattern that stands inside the value, forbidden

  Scenario: asked
    When we examine every planned "aws_s3_bucket"
    Then every "acl" must not contain "vate"
