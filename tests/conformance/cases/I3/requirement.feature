Feature: a misspelt placeholder

  Scenario Outline: asked
    When we examine every planned "<knid>"
    Then every "acl" must be "private"

    Examples:
      | kind |
      | aws_s3_bucket |
