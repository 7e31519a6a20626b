Feature: an exemption for one address also covers a longer one

  Scenario: asked
    When we examine every planned "aws_s3_bucket"
    Then every "acl" must be "private"
