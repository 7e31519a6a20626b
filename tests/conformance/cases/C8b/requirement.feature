Feature: an exemption for an address with capitals

  Scenario: asked
    When we examine every planned "aws_s3_bucket"
    Then every "acl" must be "private"
