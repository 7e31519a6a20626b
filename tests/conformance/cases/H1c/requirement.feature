Feature: every action of a service

  Scenario: asked
    When we examine every planned "aws_iam_policy"
    Then every "policy.Statement[*].Action[*]" must not contain "*"
