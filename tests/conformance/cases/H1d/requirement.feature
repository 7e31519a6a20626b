Feature: a resource with a wildcard inside

  Scenario: asked
    When we examine every planned "aws_iam_policy"
    Then every "policy.Statement[*].Resource[*]" must not contain "*"
