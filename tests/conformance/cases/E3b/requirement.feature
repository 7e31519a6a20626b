Feature: the same as a regular expression for the whole value

  Scenario: asked
    When we examine every planned "aws_s3_bucket"
    Then every "acl" must not match "vate"
