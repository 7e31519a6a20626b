Feature: the same, written as a document whose known part is open

  Scenario: asked
    When we examine every planned "aws_iam_policy"
    Then every "policy.Statement[*].Action[*]" must not contain "*"
