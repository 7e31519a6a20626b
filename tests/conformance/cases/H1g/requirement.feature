Feature: a policy that apply decides

  Scenario: asked
    When we examine every planned "aws_iam_policy"
    Then every "policy.Statement[*].Action[*]" must not contain "*"
