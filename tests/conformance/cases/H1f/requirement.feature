Feature: the second statement of a policy

  Scenario: asked
    When we examine every planned "aws_iam_policy"
    Then every "policy.Statement[*].Action[*]" must not contain "*"
