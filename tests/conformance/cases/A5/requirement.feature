Feature: a condition word that means nothing

  Scenario: asked
    When we examine every planned "aws_s3_bucket"
    Then every "acl" should be "private"
